import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { manifestArguments } from '../../../src/dependencies/manifest-arguments.ts';
import { makeTree, type Tree } from '../project/make-tree.ts';
import { requirementsOf } from '../project/requirements-of.ts';

const NONE = { groups: [], extras: [] };

const argumentsIn = async (text: string, tree: Tree = {}, wanted = NONE): Promise<readonly string[]> => {
  const root = await makeTree({ ...tree, 'pyproject.toml': text });
  const all = await manifestArguments([path.join(root, 'pyproject.toml')], wanted);
  return all.map((each) => each.replace(root, 'ROOT'));
};

const project = (...lines: readonly string[]): string =>
  ['[project]', 'name = "my-site"', 'version = "1"', 'dependencies = ["django"]', ...lines].join('\n');
const built = (backend: string): string => `[build-system]\nrequires = []\nbuild-backend = "${backend}"`;

describe('a pyproject.toml without a lock file', () => {
  test.each([
    ['setuptools with a table', project(built('setuptools.build_meta'), '[tool.setuptools]\npackages = ["site"]'), {}],
    ['setuptools with src', project(built('setuptools.build_meta')), { 'src/my_site/__init__.py': '' }],
    ['hatchling with a package of its name', project(built('hatchling.build')), { 'my_site/__init__.py': '' }],
    ['flit with a module of its name', project(built('flit_core.buildapi')), { 'my_site.py': '' }],
    ['PDM’s backend with a table', project(built('pdm.backend'), '[tool.pdm.build]\nincludes = ["a"]'), {}],
  ])('is installed itself if it can be built: %s', async (_what, text, tree) => {
    expect(await argumentsIn(text, tree as Tree)).toEqual(['-e', 'ROOT']);
  });

  test.each([
    ['no build backend', project()],
    ['setuptools, which would find several packages', project(built('setuptools.build_meta'))],
    ['hatchling, which would find nothing', project(built('hatchling.build'))],
  ])('gives its dependencies if it cannot be built: %s', async (_what, text) => {
    expect(await argumentsIn(text, { 'config/__init__.py': '', 'apps/__init__.py': '' })).toEqual(['django']);
  });

  test('brings the groups and extras that are asked for, with those they include', async () => {
    const text = project(
      '[project.optional-dependencies]',
      'all = ["my-site[pdf]", "celery"]',
      'pdf = ["weasyprint"]',
      '[dependency-groups]',
      'test = ["pytest", { include-group = "lint" }]',
      'lint = ["ruff"]',
    );
    expect(await argumentsIn(text, {}, { groups: ['test'] as never, extras: ['all'] as never })).toEqual([
      'django',
      'weasyprint',
      'celery',
      'pytest',
      'ruff',
    ]);
  });

  test('brings the group and the extra `dev` unless the configuration names others', async () => {
    const text = project(
      '[project.optional-dependencies]\ndev = ["debug-toolbar"]\n[dependency-groups]\ndev = ["pytest"]',
    );
    expect(await argumentsIn(text)).toEqual(['django', 'debug-toolbar', 'pytest']);
    const buildable = `${text}\n${built('setuptools.build_meta')}`;
    expect(await argumentsIn(buildable, { 'src/x.py': '' })).toEqual(['-e', 'ROOT[dev]', 'pytest']);
  });

  test('brings the group with Django where there is no `[project]`', async () => {
    const text = '[dependency-groups]\nmain = ["Django==5.2"]\ndev = ["pytest"]\ndocs = ["sphinx"]';
    expect(await argumentsIn(text)).toEqual(['Django==5.2', 'pytest']);
  });

  test.each([
    ['[tool.uv]', 'uv', '[tool.uv]\npackage = false'],
    ['uv’s own backend', 'uv', built('uv_build')],
    ['[tool.poetry] with standard dependencies', 'poetry', '[tool.poetry]\npackage-mode = false'],
    ['[tool.pdm]', 'pdm', '[tool.pdm]\ndistribution = false'],
    ['no table of a tool', 'pip', ''],
  ])('is installed by the tool whose table it has: %s', async (_what, tool, lines) => {
    const tree = { 'api/pyproject.toml': project(lines) };
    expect((await requirementsOf(tree, 'api')).found?.tool).toBe(tool);
    expect((await requirementsOf(tree, 'api', { installer: 'pip' })).found?.tool).toBe('pip');
  });
});
