// `npm run readme`: brings docs/findings/README.md and docs/rules/README.md up to what dist says.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { importSource } from './bundle.mjs';
import { pageTitle, renderFindingIndex } from './finding-index.mjs';
import { renderRuleIndex } from './rule-index.mjs';

const docs = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'docs');
const { documentedChecks } = await importSource('doctor/list-checks.ts');
const { listRules } = await importSource('audit/list-rules.ts');

const titleIn = (folder, name) => {
  const file = path.join(docs, folder, `${name}.md`);
  return (existsSync(file) ? pageTitle(readFileSync(file, 'utf8')) : undefined) ?? '';
};
writeFileSync(
  path.join(docs, 'findings', 'README.md'),
  renderFindingIndex(documentedChecks(), (code) => titleIn('findings', code)),
);
writeFileSync(
  path.join(docs, 'rules', 'README.md'),
  renderRuleIndex(listRules(), (rule) => titleIn('rules', rule.replace('/', '-'))),
);
