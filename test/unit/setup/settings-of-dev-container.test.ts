import process from 'node:process';

import { describe, expect, test } from 'vitest';

import { openDiagnosis } from '../../../src/doctor/open-diagnosis.ts';
import type { Host } from '../../../src/setup/host.ts';
import { openWorkspace } from '../../../src/setup/open-workspace.ts';
import { makeTree, type Tree } from '../project/make-tree.ts';

const NAME = 'DJANGO_SETTINGS_MODULE';
const UNNAMED = 'from django.core.management import execute_from_command_line\n';
const TREE = {
  '.devcontainer/devcontainer.json': `{\n  "remoteEnv": { "${NAME}": "shop.settings.dev" }\n}`,
  'manage.py': UNNAMED,
};

const hostIn = (root: string): Host =>
  ({ cwd: root, env: { PATH: process.env['PATH'] }, home: root, platform: 'linux' }) as Partial<Host> as Host;

describe('settings that nothing but the dev container names', () => {
  test('are used by a run and by the doctor, which say so', async () => {
    const host = hostIn(await makeTree(TREE));
    for (const { environment } of [await openWorkspace({ host }), await openDiagnosis({ host })]) {
      expect(environment.get(NAME)).toBe('shop.settings.dev');
      expect(environment.asRecord()).toMatchObject({ [NAME]: 'shop.settings.dev' });
      expect(environment.warnings).toEqual([
        'DJANGO_SETTINGS_MODULE is not set, and manage.py names no settings: devsetup uses shop.settings.dev, as .devcontainer/devcontainer.json:2 (remoteEnv) does. Your own commands need it too: `export DJANGO_SETTINGS_MODULE=shop.settings.dev`',
      ]);
    }
  });

  test.each<[string, Tree]>([
    ['an env file sets others', { ...TREE, '.env': `${NAME}=shop.settings.local\n` }],
    [
      'manage.py names its own',
      { ...TREE, 'manage.py': `os.environ.setdefault("${NAME}", "shop.settings")\n${UNNAMED}` },
    ],
    ['the dev container names none', { 'manage.py': UNNAMED }],
  ])('are not used where %s', async (_, tree) => {
    const { environment } = await openWorkspace({ host: hostIn(await makeTree(tree)) });
    expect(environment.get(NAME)).not.toBe('shop.settings.dev');
    expect(environment.warnings).toEqual([]);
  });

  test('are never used by a pipeline', async () => {
    const { environment } = await openWorkspace({ host: hostIn(await makeTree(TREE)), isPipeline: true });
    expect([environment.get(NAME), environment.warnings]).toEqual([undefined, []]);
  });
});
