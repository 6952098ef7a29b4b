import path from 'node:path';

import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import { asRecord, asTexts } from '../core/shape.ts';
import type { MissingEnvironment } from '../django/protocol.ts';
import { envRemedy } from '../project/env-remedy.ts';
import type { Project } from '../project/types.ts';
import { explainFileVariables } from './explain-file-variables.ts';
import type { Workspace } from './open-workspace.ts';

const SETTINGS_CODES: ReadonlySet<string> = new Set(['SETTINGS_FAILED', 'APPS_FAILED', 'MANAGE_PY_FAILED']);

/**
 * Why Django could not start. Settings raise for one missing variable at a time (in a third of the projects read, with an empty
 * environment), so the others are collected before the user is told.
 */
export const startProblem = async (
  failure: unknown,
  { project, environment }: Pick<Workspace, 'project' | 'environment'>,
  collect: () => Promise<MissingEnvironment>,
): Promise<unknown> => {
  if (!isDevsetupError(failure) || !SETTINGS_CODES.has(failure.code)) return failure;
  // Where the variables cannot be collected, the first failure is still the one to tell.
  const missing = await collect().catch(() => undefined);
  if (missing === undefined || missing.variables.length === 0) return failure;
  const names = missing.variables.map((variable) => variable.name);
  const { root } = project;
  const { hints, rest } = explainFileVariables(names, { root, environment, opened: openedFiles(failure) });
  const remedy = rest.length === 0 ? [] : [await envRemedy(project, rest)];
  return environmentMissing(missing, project, [...hints, ...remedy].join(' '), failure);
};

/** Env files that the project had opened before it failed. */
const openedFiles = ({ cause }: DevsetupError): readonly string[] =>
  asTexts(asRecord(asRecord(cause)['data'])['envFiles']);

const environmentMissing = (
  missing: MissingEnvironment,
  project: Project,
  hint: string,
  cause: DevsetupError,
): DevsetupError => {
  const lines = missing.variables.map(({ name, place }) =>
    place === null ? `  ${name}` : `  ${name}  (${path.relative(project.root, place.file)}:${place.line})`,
  );
  const rest =
    missing.remaining === null ? [] : [`with these set, there is still: ${missing.remaining.message.split('\n')[0]}`];
  return new DevsetupError({
    code: 'ENVIRONMENT_MISSING',
    message: [`The settings need environment variables that are not set:`, ...lines, ...rest].join('\n'),
    hint,
    cause,
  });
};
