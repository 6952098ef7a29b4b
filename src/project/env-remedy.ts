import { existsSync } from 'node:fs';
import path from 'node:path';

import { findSampleFile } from './find-sample-file.ts';
import { envFilesSetting, findUnreadEnvFiles } from './find-unread-env-files.ts';
import type { Project } from './types.ts';

type Places = Pick<Project, 'root'> & { readonly backend: Pick<Project['backend'], 'directory'> };

/** The next thing to do about environment variables that are not set: which file they belong in, and the sample that lists them. */
export const envRemedy = async (project: Places, names: readonly string[]): Promise<string> => {
  const directories = [project.backend.directory, project.root];
  const sample = await findSampleFile(directories, names);
  const envFile = path.join(sample === null ? project.backend.directory : path.dirname(sample), '.env');
  const file = path.relative(project.root, envFile);
  const places = { root: project.root, backendDirectory: project.backend.directory };
  const unread = await findUnreadEnvFiles(places, names);
  const rest = names.filter((name) => !unread.some((found) => found.names.includes(name)));
  if (unread.length > 0 && (sample === null || rest.length === 0)) {
    const setting = (await envFilesSetting(places, unread)).map((found) => JSON.stringify(found)).join(', ');
    const held = unread.map(
      (found) =>
        `${found.names.join(', ')} ${found.names.length === 1 ? 'is' : 'are'} in ${path.relative(project.root, found.file)}`,
    );
    const which =
      rest.length === 0 && unread.length === 1
        ? `They are in ${path.relative(project.root, unread[0]?.file ?? '')}`
        : held.join('; ');
    const others = rest.length === 0 ? '' : ` Set ${rest.join(', ')} as well, for example in ${file}.`;
    return `${which}. devsetup does not read ${unread.length === 1 ? 'this file' : 'these files'} by itself: add "envFiles": [${setting}] to the configuration.${others}`;
  }
  if (sample === null) return `Set them, for example in ${file}.`;
  const shown = path.relative(project.root, sample);
  // A file that is there is added to: copying the sample over it would lose what it holds.
  return existsSync(envFile)
    ? `Add them to ${file}; ${shown} shows how.`
    : `Copy ${shown} to ${file} and fill them in.`;
};
