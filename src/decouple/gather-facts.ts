import path from 'node:path';

import { loadConfig } from '../config/load-config.ts';
import type { Config } from '../config/config.ts';
import type { Checkout } from '../project/open-checkout.ts';
import { findManagePy, type FindManagePyOptions, type FoundManagePy } from '../project/find-manage-py.ts';
import { isDevsetupError } from '../core/errors.ts';
import { otherDatabase } from '../scaffold/workflows/look-at-variables.ts';
import { lookAtRepository } from '../scaffold/look/look-at-repository.ts';
import { findPipelineParts } from '../scaffold/workflows/pipeline-parts.ts';
import { NO_FRONTEND, WORKFLOW_OPTIONS, type WorkflowValues } from '../scaffold/workflows/workflow-options.ts';
import type { DecoupleFacts, MigrateWith } from './decoupling.ts';
import { findMentions } from './find-mentions.ts';

export interface GatherOptions {
  readonly checkout: Checkout;
  readonly root: string;
  readonly cwd: string;
  /** `--config`, absolute. */
  readonly configFile: string | undefined;
  readonly with: MigrateWith;
  readonly secret: string | null;
}

export interface Gathered {
  readonly config: Config;
  readonly facts: DecoupleFacts;
}

const ALWAYS_KNOWN = ['dev', 'uat', 'prod'];

/** What the checkout says about Python, Node and the database. Nothing of it is run. */
export const gatherFacts = async ({
  root,
  cwd,
  configFile,
  with: how,
  secret,
  checkout,
}: GatherOptions): Promise<Gathered> => {
  const config = await loadConfig({ root, ...(configFile === undefined ? {} : { file: configFile }) });
  const found = await findDjango({ root, config, cwd });
  const backend = found ?? { managePy: path.join(root, 'manage.py'), directory: root };
  const findings = await lookAtRepository({ root, config, backend: found });
  const values: WorkflowValues = {
    ...defaultsOf(),
    ...Object.fromEntries(Object.entries(findings.options).map(([name, { value }]) => [name, value])),
    frontendFolder: NO_FRONTEND,
    // A package.json that is new gets what comes with Node; the frontend's tool is its own.
    ...(checkout.readFile('package.json') === undefined &&
    (config.frontends ?? []).every((one) => one.packageManager === null)
      ? { packageManager: 'npm' as const }
      : {}),
  };
  const isOtherEngine = findings.settings.database === 'other';
  const parts = await findPipelineParts({ root, config, backend, engine: findings.settings.engine, values });
  return {
    config,
    facts: {
      with: how,
      hasDjango: found !== null,
      secret,
      variables: isOtherEngine
        ? { ...parts.variables, database: parts.variables.database ?? (await otherDatabase(backend)) }
        : parts.variables,
      urlVariable: parts.urlVariable,
      mentionsUrl: mentionsUrl(checkout, parts.urlVariable),
      engine: parts.engine,
      isOtherEngine,
      python: { version: values.pythonVersion, install: parts.backend.install },
      backendFolder: values.backendFolder,
      node: { ...parts.root, nodeVersion: values.nodeVersion },
      mentionsOf: (script) => findMentions(script, checkout.listFiles(), checkout.readFile),
      environments: [...new Set([...ALWAYS_KNOWN, ...Object.keys(config.environments)])],
    },
  };
};

/** null: the checkout has no manage.py, and its configuration names none. What wires jobs and images needs none. */
const findDjango = async (options: FindManagePyOptions): Promise<FoundManagePy | null> => {
  try {
    return await findManagePy(options);
  } catch (error) {
    if (isDevsetupError(error) && error.code === 'MANAGE_PY_MISSING' && options.config.backend.managePy === null)
      return null;
    throw error;
  }
};

/** In quotes, or by the functions that read `DATABASE_URL` unless they are told another name. */
const mentionsUrl = ({ listFiles, readFile }: Checkout, name: string): boolean => {
  const reads = new RegExp(`["']${name}["']|\\bdj_database_url\\.config\\(|\\b(?:env\\.(?:dj_)?db|db_url)\\(`);
  return listFiles().some(
    (file) => file.endsWith('.py') && reads.test((readFile(file) ?? '').replaceAll(/^[ \t]*#.*$/gm, '')),
  );
};

const defaultsOf = (): WorkflowValues =>
  Object.fromEntries(
    Object.entries(WORKFLOW_OPTIONS).map(([name, option]) => [name, option.default]),
  ) as WorkflowValues;
