// `npm run readme`: brings the README's help, steps and configuration table up to what dist says.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { importSource } from './bundle.mjs';
import { renderReadme } from './readme-blocks.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { listConfigKeys } = await importSource('config/list-config-keys.ts');
const { BUILT_IN_STEPS } = await importSource('steps/index.ts');

const file = path.join(root, 'README.md');
const help = execFileSync(process.execPath, [path.join(root, 'dist/cli.js'), '--help'], { encoding: 'utf8' });
const readme = readFileSync(file, 'utf8');
const written = renderReadme(readme, { help, keys: listConfigKeys(), steps: BUILT_IN_STEPS });
if (written !== readme) writeFileSync(file, written);
