import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { loadEnvironment } from '../../../src/config/load-environment.ts';
import { findProject } from '../../../src/project/find-project.ts';
import type { Project } from '../../../src/project/types.ts';
import { makeTree, within, type Tree } from './make-tree.ts';
import { python } from './python-of.ts';

const find = async (tree: Tree): Promise<{ root: string; project: Project }> => {
  const root = await makeTree({
    ...python('.', 12),
    ...tree,
  });
  const config = await loadConfig({ root });
  const environment = loadEnvironment({ root, processEnv: { PATH: path.join(root, 'bin') } });
  return { root, project: await findProject({ root, config, environment, imageVenvs: [] }) };
};

describe('a checkout', () => {
  it('is found with no configuration', async () => {
    const { root, project } = await find({
      'backend/manage.py': 'django',
      'backend/requirements.txt': 'django',
      'frontend/package.json': '{"dependencies": {"vue": "3"}}',
      'frontend/pnpm-lock.yaml': '',
    });
    const { backend, frontends } = project;
    expect(within(root, [backend.managePy, backend.directory])).toEqual(['backend/manage.py', 'backend']);
    expect(backend.python).toMatchObject({ venv: path.join(root, 'backend/.venv'), source: 'to be created' });
    expect(backend.requirements?.tool).toBe('pip');
    expect(frontends.map(({ name, tool }) => [name, tool])).toEqual([['frontend', 'pnpm']]);
  });

  it('is what configuration says', async () => {
    const { root, project } = await find({
      'a/manage.py': 'django',
      'b/manage.py': 'django',
      'web/package.json': '{"dependencies": {"vue": "3"}}',
      'devsetup.config.jsonc':
        '{ "backend": { "managePy": "b/manage.py", "venv": "v", "installer": "none" }, "frontends": false }',
    });
    expect(within(root, [project.backend.managePy, project.backend.python.interpreter])).toEqual([
      'b/manage.py',
      'v/bin/python',
    ]);
    expect(project.backend.requirements).toBeNull();
    expect(project.frontends).toEqual([]);
  });
});
