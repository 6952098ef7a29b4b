import { existsSync } from 'node:fs';
import path from 'node:path';

import { envFolders } from '../config/load-environment.ts';
import { readEnvVariables } from '../config/read-env-lines.ts';
import { shellWord } from '../core/shell-word.ts';
import { findText } from './files.ts';
import { findSampleFile } from './find-sample-file.ts';
import {
  envFilesSetting,
  findReadEnvFiles,
  findUnreadEnvFiles,
  withThoseOfItsService,
} from './find-unread-env-files.ts';
import { givenByCompose } from './given-by-compose.ts';
import type { Project } from './types.ts';

type Places = Pick<Project, 'root'> & { readonly backend: Pick<Project['backend'], 'directory'> };

/**
 * The next thing to do about environment variables that are not set: which file they belong in, and the sample that lists them.
 * `configured` is `envFiles` of the configuration.
 */
export const envRemedy = async (
  project: Places,
  names: readonly string[],
  configured: readonly string[] | null,
): Promise<string> => {
  const directories = envFolders(project.root, project.backend.directory);
  const sample = await findSampleFile(directories, names);
  const places = { root: project.root, backendDirectory: project.backend.directory, configured };
  const read = (await findReadEnvFiles(places)).at(-1);
  const usual = path.join(sample === null ? project.backend.directory : path.dirname(sample), '.env');
  const envFile = sample === null || configured !== null ? (read ?? usual) : usual;
  const file = path.relative(project.root, envFile);
  const unread = await findUnreadEnvFiles(places, names);
  const rest = names.filter((name) => !unread.some((found) => found.names.includes(name)));
  const given = await givenByCompose(places, rest, file);
  if (unread.length > 0 && (sample === null || rest.length === 0)) {
    const files = await withThoseOfItsService(
      places,
      unread.map((found) => found.file),
    );
    // With `envFiles` no other file is read: the one that the rest goes into has to be in the list.
    const listed = await envFilesSetting(places, rest.length === 0 ? files : [...files, envFile]);
    const setting = listed.map((found) => JSON.stringify(found)).join(', ');
    const held = unread.map(
      (found) =>
        `${found.names.join(', ')} ${found.names.length === 1 ? 'is' : 'are'} in ${path.relative(project.root, found.file)}`,
    );
    const which =
      rest.length === 0 && unread.length === 1
        ? `${names.length === 1 ? 'It is' : 'They are'} in ${path.relative(project.root, unread[0]?.file ?? '')}`
        : held.join('; ');
    const others = rest.length === 0 ? '' : ` Set ${rest.join(', ')} as well, for example in ${file}.${given}`;
    return `${which}. devsetup does not read ${unread.length === 1 ? 'this file' : 'these files'} ${configured === null ? 'by itself' : 'because `envFiles` names others'}: ${configured === null ? 'add' : 'write'} "envFiles": [${setting}] ${configured === null ? 'to' : 'into'} the configuration.${others}`;
  }
  const them = names.length === 1 ? 'it' : 'them';
  if (sample === null) return `Set ${them}, for example in ${file}.${given}`;
  const shown = path.relative(project.root, sample);
  // A file that is there is added to: copying the sample over it would lose what it holds.
  return existsSync(envFile)
    ? `Add ${them} to ${file}; ${shown} shows how.`
    : copied(shown, file, await withoutValue(sample, names));
};

const copied = (sample: string, file: string, open: readonly string[]): string => {
  const command = `\`cp ${shellWord(sample)} ${shellWord(file)}\``;
  return open.length === 0
    ? `Copy ${sample}, which has a value for each of them: ${command}`
    : `Copy ${sample} (${command}), then give ${open.join(', ')} a value in ${file}.`;
};

/** Anything else, `change-me` as well, lets Django start. */
const OPEN = /^(?:<.*>)?$/;

const withoutValue = async (sample: string, names: readonly string[]): Promise<readonly string[]> => {
  const values = readEnvVariables((await findText(sample)) ?? '');
  return names.filter((name) => OPEN.test(values.get(name)?.value.trim() ?? ''));
};
