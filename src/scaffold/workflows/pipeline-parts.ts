import path from 'node:path';

import type { Config } from '../../config/config.ts';
import { filterAsync, isFile } from '../../project/files.ts';
import type { FoundManagePy } from '../../project/find-manage-py.ts';
import { findPackageManager } from '../../project/find-package-manager.ts';
import { findRequirements } from '../../project/find-requirements.ts';
import { findPackageJson } from '../../project/read-package-json.ts';
import type { NodeTool } from '../../project/types.ts';
import { findDatabase } from '../look/find-database.ts';
import { folder } from '../look/look-at-repository.ts';
import type { NodeInstall } from './blocks/node-steps.ts';
import type { PythonInstall } from './blocks/python-steps.ts';
import { describeFrontend, type FrontendPart } from './describe-frontend.ts';
import { findDockerfile, type FoundDockerfile } from './find-dockerfile.ts';
import { lookAtVariables, type PipelineVariables } from './look-at-variables.ts';
import { NO_FRONTEND, type WorkflowValues } from './workflow-options.ts';

/** Everything the workflows are made of. */
export interface PipelineParts {
  readonly values: WorkflowValues;
  /** The package.json of the root, which brings devsetup. */
  readonly root: NodeInstall;
  readonly backend: { readonly dockerfile: FoundDockerfile; readonly install: PythonInstall | null };
  /** null: there is none. */
  readonly frontend: FrontendPart | null;
  readonly postgresImage: string;
  readonly variables: PipelineVariables;
  readonly urlVariable: string;
  readonly engine: string;
  /** Further secrets of the migrate job, by name. */
  readonly secrets: readonly string[];
}

interface PartsOptions {
  readonly root: string;
  readonly config: Config;
  readonly backend: FoundManagePy;
  readonly engine: string;
  readonly values: WorkflowValues;
}

/** Looks up what follows from the options that were chosen; changes nothing. */
export const findPipelineParts = async (options: PartsOptions): Promise<PipelineParts> => {
  const { root, config, backend, engine, values } = options;
  const { frontendFolder, backendFolder, packageManager } = values;
  const [requirements, database, variables, frontend, dockerfile, ofRoot] = await Promise.all([
    findRequirements({ root, config, backendDirectory: backend.directory }),
    findDatabase({ root, backendDirectory: backend.directory }),
    lookAtVariables(root, backend),
    frontendFolder === NO_FRONTEND ? null : describeFrontend(root, frontendFolder),
    findDockerfile(root, backendFolder, true),
    describeRoot(root, packageManager as NodeTool),
  ]);
  const inputs = await filterAsync(requirements?.inputs ?? [], isFile);
  return {
    values,
    root: ofRoot,
    backend: {
      dockerfile: await named(root, dockerfile, values.backendDockerfile, values.backendContext),
      install: requirements && {
        tool: requirements.tool,
        inputs: inputs.map((file) => folder(root, file)),
      },
    },
    frontend: frontend && {
      ...frontend,
      dockerfile: await named(root, frontend.dockerfile, values.frontendDockerfile, values.frontendContext),
    },
    // An image that is more than PostgreSQL has what the migrations need.
    postgresImage: database.special?.value ?? `postgres:${values.postgresVersion}`,
    variables,
    urlVariable: config.database.urlVariable,
    engine,
    secrets: namesOf(values.secrets),
  };
};

const namesOf = (list: string): readonly string[] => [...new Set(list.split(',').filter((name) => name !== ''))];

/** The Dockerfile and the folder that were named, in place of what was found. */
const named = async (
  root: string,
  found: FoundDockerfile,
  file: string,
  context: string,
): Promise<FoundDockerfile> => ({
  file: file === '' ? found.file : file,
  context: context === '' ? found.context : context,
  exists: file === '' ? found.exists : await isFile(path.join(root, file)),
});

/** What installing devsetup writes, where the root has no lock file yet. */
const LOCK_FILES: Readonly<Record<NodeTool, string>> = {
  npm: 'package-lock.json',
  pnpm: 'pnpm-lock.yaml',
  yarn: 'yarn.lock',
  bun: 'bun.lock',
};

const describeRoot = async (root: string, tool: NodeTool): Promise<NodeInstall> => {
  const manifest = await findPackageJson(root);
  const found = manifest === undefined ? null : await findPackageManager(root, manifest, tool);
  const lockFile = found?.lockFile ?? null;
  return {
    tool,
    toolVersion: found?.toolVersion ?? null,
    lockFile: lockFile === null ? LOCK_FILES[tool] : path.basename(lockFile),
  };
};
