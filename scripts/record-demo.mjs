// `npm run record-demo`: records a real session of `npx django-devsetup demo` on a pseudo-terminal (the test of the newcomer does
// it, so that what is recorded is what is tested) and draws docs/images/demo-*.svg of it. `--draw` draws the stored recording.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { shownPart, SIZE, TITLE } from './demo-recording.mjs';
import { renderScreen, THEME_NAMES } from './render-screen.mjs';

const root = path.resolve(import.meta.dirname, '..');

if (!process.argv.includes('--draw')) {
  const { status } = spawnSync(
    'npx',
    ['vitest', 'run', '--project', 'integration', 'test/integration/newcomer', '-t', 'shows what the README shows'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, DEVSETUP_RECORD: 'demo', DEVSETUP_TEST_ALL: '1' } },
  );
  if (status !== 0) process.exit(status ?? 1);
}

const styled = JSON.parse(readFileSync(path.join(root, 'scripts/demo-recording.json'), 'utf8'));
mkdirSync(path.join(root, 'docs/images'), { recursive: true });
for (const theme of THEME_NAMES)
  writeFileSync(
    path.join(root, `docs/images/demo-${theme}.svg`),
    renderScreen(shownPart(styled), { columns: SIZE.columns, title: TITLE, theme }),
  );
