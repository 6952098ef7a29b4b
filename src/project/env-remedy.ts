import { existsSync } from 'node:fs';
import path from 'node:path';

import { findSampleFile } from './find-sample-file.ts';
import { findUnreadEnvFiles } from './find-unread-env-files.ts';
import type { Project } from './types.ts';

type Places = Pick<Project, 'root'> & { readonly backend: Pick<Project['backend'], 'directory'> };

/** The next thing to do about environment variables that are not set: which file they belong in, and the sample that lists them. */
export const envRemedy = async (project: Places, names: readonly string[]): Promise<string> => {
  const directories = [project.backend.directory, project.root];
  const sample = await findSampleFile(directories, names);
  const envFile = path.join(sample === null ? project.backend.directory : path.dirname(sample), '.env');
  const file = path.relative(project.root, envFile);
  if (sample === null) {
    const unread = await findUnreadEnvFiles(directories, names);
    const listed = unread.map((found) => JSON.stringify(path.relative(project.root, found))).join(', ');
    return unread.length === 0
      ? `Set them, for example in ${file}.`
      : `They are in files that devsetup does not read by itself: add "envFiles": [${listed}] to the configuration.`;
  }
  const shown = path.relative(project.root, sample);
  // A file that is there is added to: copying the sample over it would lose what it holds.
  return existsSync(envFile)
    ? `Add them to ${file}; ${shown} shows how.`
    : `Copy ${shown} to ${file} and fill them in.`;
};
