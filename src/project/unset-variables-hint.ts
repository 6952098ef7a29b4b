import { envRemedy } from './env-remedy.ts';
import { findText } from './files.ts';
import { findSampleFile } from './find-sample-file.ts';
import type { Project } from './types.ts';
import { envFolders } from '../config/load-environment.ts';

type Places = Pick<Project, 'root'> & { readonly backend: Pick<Project['backend'], 'directory'> };

/**
 * For a failure that may come from a variable which the settings looked up and which is not set: those that the failure names, or else
 * those that the sample env file lists. Null: there are none.
 */
export const unsetVariablesHint = async (
  project: Places,
  unset: readonly string[],
  failure: string,
  configured: readonly string[] | null,
): Promise<string | null> => {
  const named = unset.filter((name) => new RegExp(`(?<!\\w)${name}(?!\\w)`).test(failure));
  const names = named.length > 0 ? named : await listedInSample(project, unset);
  if (names.length === 0) return null;
  const verb = names.length === 1 ? 'is' : 'are';
  return `The settings look up ${names.join(', ')}, which ${verb} not set. ${await envRemedy(project, names, configured)}`;
};

const listedInSample = async ({ root, backend }: Places, unset: readonly string[]): Promise<readonly string[]> => {
  const sample = await findSampleFile(envFolders(root, backend.directory), unset);
  const text = sample === null ? '' : ((await findText(sample)) ?? '');
  // One that is commented out is meant to be left alone.
  return unset.filter((name) => new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`, 'm').test(text));
};
