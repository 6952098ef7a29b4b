// `npm run readme`: brings docs/findings/README.md up to what dist says.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { pageTitle, renderFindingIndex } from './finding-index.mjs';

const folder = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'docs', 'findings');
const { documentedChecks } = await import('../dist/doctor/list-checks.js');

const titleOf = (code) => {
  const file = path.join(folder, `${code}.md`);
  return (existsSync(file) ? pageTitle(readFileSync(file, 'utf8')) : undefined) ?? '';
};
writeFileSync(path.join(folder, 'README.md'), renderFindingIndex(documentedChecks(), titleOf));
