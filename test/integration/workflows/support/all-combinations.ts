import { readFile } from 'node:fs/promises';
import path from 'node:path';

import type { PythonTool, NodeTool } from '../../../../src/project/types.ts';
import type { PipelineVariables } from '../../../../src/scaffold/workflows/look-at-variables.ts';
import type { PipelineParts } from '../../../../src/scaffold/workflows/pipeline-parts.ts';
import {
  renderWorkflows,
  TEMPLATE_NAMES,
  type RenderedFile,
  type WorkflowTemplates,
} from '../../../../src/scaffold/workflows/render-workflows.ts';
import {
  WORKFLOW_OPTIONS,
  type WorkflowOption,
  type WorkflowValues,
} from '../../../../src/scaffold/workflows/workflow-options.ts';
import { REPOSITORY } from '../../../e2e/support/installed-package.ts';

export interface Combination {
  readonly name: string;
  readonly parts: PipelineParts;
}

const VARIABLES: Readonly<Record<string, PipelineVariables>> = {
  url: { database: [{ name: 'DATABASE_URL', role: 'url' }], required: [] },
  parts: {
    database: [
      { name: 'DB_ENGINE', role: 'engine' },
      { name: 'DB_HOST', role: 'host' },
      { name: 'DB_PORT', role: 'port' },
      { name: 'DB_NAME', role: 'name' },
      { name: 'DB_USER', role: 'user' },
      { name: 'DB_PASSWORD', role: 'password' },
    ],
    required: [
      { name: 'SECRET_KEY', isSecret: true, sample: 'not-a-secret-in-tests' },
      { name: 'ALLOWED_HOSTS', isSecret: false, sample: 'localhost, 127.0.0.1' },
      { name: 'WORKERS', isSecret: false, sample: null },
    ],
  },
  unknown: { database: null, required: [] },
};
const LOCKS: Readonly<Record<NodeTool, string>> = {
  npm: 'package-lock.json',
  pnpm: 'pnpm-lock.yaml',
  yarn: 'yarn.lock',
  bun: 'bun.lock',
};
const PYTHON_LOCKS: Readonly<Record<PythonTool, readonly string[]>> = {
  pip: ['backend/requirements.txt', 'backend/base.txt'],
  uv: ['backend/uv.lock', 'backend/pyproject.toml'],
  poetry: ['poetry.lock'],
  pipenv: ['backend/Pipfile.lock'],
  pdm: ['pdm.lock'],
};

const DEFAULTS = Object.fromEntries(
  Object.entries(WORKFLOW_OPTIONS).map(([name, option]) => [name, option.default]),
) as WorkflowValues;

export const partsOf = (
  values: Partial<Record<WorkflowOption, string>> = {},
  other: Partial<Omit<PipelineParts, 'values'>> = {},
): PipelineParts => ({
  values: { ...DEFAULTS, backendFolder: 'backend', ...values },
  root: { tool: 'npm', toolVersion: null, lockFile: 'package-lock.json' },
  backend: {
    dockerfile: { file: 'backend/Dockerfile', context: 'backend', exists: true },
    install: { tool: 'pip', inputs: ['backend/requirements.txt'] },
  },
  frontend: null,
  postgresImage: 'postgres:17',
  variables: VARIABLES['url'] ?? { database: null, required: [] },
  urlVariable: 'DATABASE_URL',
  engine: 'django_tenants.postgresql_backend',
  secrets: [],
  ...other,
});

/** Every way of deploying × registry × frontend or none × what the settings read × package manager × Python tool. */
export const allCombinations = (): readonly Combination[] => (combinations ??= listCombinations());

let combinations: readonly Combination[] | undefined;

const listCombinations = (): readonly Combination[] =>
  ['ssh', 'script'].flatMap((deploy) =>
    ['ghcr.io', 'registry.example.com:5000/team'].flatMap((registry) =>
      Object.entries(VARIABLES).flatMap(([read, variables]) =>
        [true, false].flatMap((hasFrontend) =>
          (Object.keys(LOCKS) as NodeTool[]).flatMap((tool) =>
            (Object.keys(PYTHON_LOCKS) as PythonTool[]).map((python) => ({
              name: [deploy, registry.split('.')[0], read, hasFrontend ? 'frontend' : 'alone', tool, python].join('-'),
              parts: partsOf(
                { deploy, registry, packageManager: tool, backendTest: `pytest -m "not slow" # ${python}` },
                {
                  variables,
                  root: { tool, toolVersion: tool === 'yarn' ? '4' : null, lockFile: LOCKS[tool] },
                  backend: {
                    dockerfile: { file: 'Dockerfile', context: '.', exists: true },
                    install: python === 'pdm' ? null : { tool: python, inputs: PYTHON_LOCKS[python] },
                  },
                  frontend: hasFrontend
                    ? {
                        directory: 'apps/web',
                        tool,
                        toolVersion: null,
                        lockFile: python === 'pip' ? null : `apps/web/${LOCKS[tool]}`,
                        checks: python === 'uv' ? [] : ['lint', 'test', 'build'],
                        dockerfile: { file: 'apps/web/Dockerfile', context: 'apps/web', exists: true },
                      }
                    : null,
                },
              ),
            })),
          ),
        ),
      ),
    ),
  );

const readTemplates = async (): Promise<WorkflowTemplates> =>
  Object.fromEntries(
    await Promise.all(
      TEMPLATE_NAMES.map(async (name) => [
        name,
        await readFile(path.join(REPOSITORY, 'templates/workflows', name), 'utf8'),
      ]),
    ),
  ) as WorkflowTemplates;

let templates: Promise<WorkflowTemplates> | undefined;
const rendered = new WeakMap<PipelineParts, Promise<readonly RenderedFile[]>>();

const render = async (parts: PipelineParts): Promise<readonly RenderedFile[]> => {
  templates ??= readTemplates();
  return renderWorkflows(await templates, parts, {});
};

/** The files of one combination, rendered once. */
export const renderParts = (parts: PipelineParts): Promise<readonly RenderedFile[]> => {
  const files = rendered.get(parts) ?? render(parts);
  rendered.set(parts, files);
  return files;
};
