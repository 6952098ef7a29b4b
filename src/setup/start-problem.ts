import { existsSync } from 'node:fs';
import path from 'node:path';

import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import type { CompanionLaunch } from '../django/open-companion.ts';
import { collectMissing } from '../django/start-companion.ts';
import type { MissingEnvironment } from '../django/protocol.ts';
import { findSampleFile } from '../project/find-sample-file.ts';
import type { Project } from '../project/types.ts';

const SETTINGS_CODES: ReadonlySet<string> = new Set(['SETTINGS_FAILED', 'APPS_FAILED', 'MANAGE_PY_FAILED']);

/**
 * Why Django could not start. Settings raise for one missing variable at a time (in a third of the projects read, with an empty
 * environment), so the others are collected before the user is told.
 */
export const startProblem = async (error: unknown, launch: CompanionLaunch, project: Project): Promise<unknown> => {
  if (!isDevsetupError(error) || !SETTINGS_CODES.has(error.code) || launch.signal?.aborted === true) return error;
  // Where the variables cannot be collected, the first error is still the one to tell.
  const missing = await collectMissing(launch).catch(() => undefined);
  if (missing === undefined || missing.variables.length === 0) return error;
  const names = missing.variables.map((variable) => variable.name);
  const sample = await findSampleFile([project.backend.directory, project.root], names);
  return environmentMissing(missing, project, sample, error);
};

const environmentMissing = (
  missing: MissingEnvironment,
  project: Project,
  sample: string | null,
  cause: DevsetupError,
): DevsetupError => {
  const lines = missing.variables.map(({ name, place }) =>
    place === null ? `  ${name}` : `  ${name}  (${path.relative(project.root, place.file)}:${place.line})`,
  );
  const shown = sample === null ? null : path.relative(project.root, sample);
  const envFile = path.join(sample === null ? project.backend.directory : path.dirname(sample), '.env');
  const file = path.relative(project.root, envFile);
  const rest =
    missing.remaining === null ? [] : [`with these set, there is still: ${missing.remaining.message.split('\n')[0]}`];
  return new DevsetupError({
    code: 'ENVIRONMENT_MISSING',
    message: [`The settings need environment variables that are not set:`, ...lines, ...rest].join('\n'),
    hint: describeRemedy(file, shown, existsSync(envFile)),
    cause,
  });
};

/** A file that is there is added to: copying the sample over it would lose what it holds. */
const describeRemedy = (file: string, sample: string | null, exists: boolean): string => {
  if (sample === null) return `Set them, for example in ${file}.`;
  return exists ? `Add them to ${file}; ${sample} shows how.` : `Copy ${sample} to ${file} and fill them in.`;
};
