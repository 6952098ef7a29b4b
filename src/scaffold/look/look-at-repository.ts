import path from 'node:path';

import type { Config } from '../../config/config.ts';
import { isDevsetupError } from '../../core/errors.ts';
import { findFrontends } from '../../project/find-frontends.ts';
import { describeChoice, type FoundManagePy } from '../../project/find-manage-py.ts';
import { shown } from '../../project/files.ts';
import { findRootPackageManager } from '../../project/find-package-manager.ts';
import { findRequirements } from '../../project/find-requirements.ts';
import type { Frontend } from '../../project/types.ts';
import { findDatabase } from './find-database.ts';
import { findNodeVersion } from './find-node-version.ts';
import { findPythonVersion } from './find-python-version.ts';
import type { Finding } from './finding.ts';
import { findYarnNotes } from './yarn-notes.ts';
import { findEnvFilesSetting, lookAtSettings, type SettingsFindings } from './look-at-settings.ts';

export interface LookOptions {
  readonly root: string;
  readonly config: Config;
  /** The folder of manage.py; null: there is none. */
  readonly backend: FoundManagePy | null;
}

/** What the checkout says about the template's options, by option. */
export interface RepositoryFindings {
  readonly options: Readonly<Record<string, Finding>>;
  readonly settings: SettingsFindings;
  /** What `envFiles` of the configuration has to list; []: nothing. */
  readonly envFiles: readonly string[];
  readonly frontends: readonly Frontend[];
  /** What the user should know. */
  readonly notes: readonly string[];
}

/** Looks at the files of the checkout; runs nothing of it. */
export const lookAtRepository = async ({ root, config, backend }: LookOptions): Promise<RepositoryFindings> => {
  const backendDirectory = backend?.directory ?? root;
  const [requirements, frontends] = await Promise.all([
    orNull(findRequirements({ root, config, backendDirectory })),
    orNull(findFrontends({ root, config, backendDirectory })),
  ]);
  const nodeDirectories = [...new Set([root, ...(frontends ?? []).map(({ directory }) => directory)])];
  const [python, node, database, packageManager, settings, yarnNotes, envFiles] = await Promise.all([
    findPythonVersion({ root, backendDirectory, requirements }),
    findNodeVersion(root, nodeDirectories),
    findDatabase({ root, backendDirectory }),
    chooseTool(root, frontends ?? []),
    lookAtSettings(backend, { root, urlVariable: config.database.urlVariable }),
    findYarnNotes(root),
    findEnvFilesSetting(root, backend),
  ]);
  const choice = backend === null ? null : describeChoice(root, backend);
  const frontend = (frontends ?? []).find(({ directory }) => directory !== root);
  const findings: Readonly<Record<string, Finding | undefined>> = {
    pythonVersion: python,
    nodeVersion: node,
    postgresVersion: database.version,
    databaseService: database.service,
    databaseName: database.name,
    appService: database.service?.value === 'app' ? { value: 'workspace', source: 'app is the database' } : undefined,
    backendFolder:
      backend === null ? undefined : { value: folder(root, backendDirectory), source: sourceOf(root, backend) },
    frontendFolder: frontend === undefined ? undefined : { value: frontend.name, source: 'package.json' },
    packageManager,
  };
  return {
    options: Object.fromEntries(Object.entries(findings).flatMap(([name, value]) => (value ? [[name, value]] : []))),
    settings,
    envFiles,
    frontends: frontends ?? [],
    notes: [
      ...(choice === null ? [] : [choice]),
      ...(database.special === undefined ? [] : [specialNote(database.special)]),
      ...yarnNotes,
    ],
  };
};

const sourceOf = (root: string, { choice }: FoundManagePy): string =>
  choice === undefined
    ? 'manage.py'
    : `${choice.reason}; not used: ${choice.others.map((file) => shown(root, file)).join(', ')}`;

const specialNote = ({ value, source }: Finding): string =>
  `${source} runs ${value}; the template's database is PostgreSQL alone. If migrations need its extensions, put that image into .devcontainer/docker-compose.yml: it stays there.`;

/** The package manager of the root, or where the root has no package.json the one of all frontends. */
const chooseTool = async (root: string, frontends: readonly Frontend[]): Promise<Finding | undefined> => {
  const found = await findRootPackageManager(root);
  if (found !== undefined) {
    const { tool, lockFile } = found;
    return { value: tool, source: lockFile === null ? 'package.json' : path.basename(lockFile) };
  }
  const tools = new Set(frontends.map(({ tool }) => tool));
  const [first] = frontends;
  return first === undefined || tools.size > 1 ? undefined : { value: first.tool, source: first.name };
};

/** With `/`, as in configuration. */
export const folder = (root: string, directory: string): string =>
  path.relative(root, directory).split(path.sep).join('/') || '.';

/** What configuration names wrongly is told by the command that needs it. */
const orNull = async <T>(search: Promise<T>): Promise<T | null> => {
  try {
    return await search;
  } catch (error) {
    if (isDevsetupError(error)) return null;
    throw error;
  }
};
