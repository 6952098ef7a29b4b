import { existsSync } from 'node:fs';
import path from 'node:path';

import { findSampleFile } from './find-sample-file.ts';
import type { Project } from './types.ts';

/** The next thing to do about environment variables that are not set: which file they belong in, and the sample that lists them. */
export const envRemedy = async (project: Project, names: readonly string[]): Promise<string> => {
  const sample = await findSampleFile([project.backend.directory, project.root], names);
  const envFile = path.join(sample === null ? project.backend.directory : path.dirname(sample), '.env');
  const file = path.relative(project.root, envFile);
  if (sample === null) return `Set them, for example in ${file}.`;
  const shown = path.relative(project.root, sample);
  // A file that is there is added to: copying the sample over it would lose what it holds.
  return existsSync(envFile)
    ? `Add them to ${file}; ${shown} shows how.`
    : `Copy ${shown} to ${file} and fill them in.`;
};
