import path from 'node:path';

import { asRecord, isText } from '../core/shape.ts';
import { readComposeProject } from './compose/compose-project.ts';
import { findComposeFiles } from './compose-services.ts';
import { findText, isDirectory, listNames, shown } from './files.ts';
import { readEnvVariables } from '../config/read-env-lines.ts';
import { findSampleFile } from './find-sample-file.ts';
import { readJsonc } from './read-jsonc.ts';
import type { Project } from './types.ts';
import { envFolders } from '../config/load-environment.ts';

type Places = Pick<Project, 'root'> & { readonly backend: Pick<Project['backend'], 'directory'> };

export const SETTINGS_MODULE = 'DJANGO_SETTINGS_MODULE';

/** What to do where nothing says which settings to load: what the dev container, compose or a sample says, or the modules of the checkout. */
export const settingsModuleRemedy = async ({ root, backend }: Places): Promise<string> => {
  const given =
    (await givenByDevContainer(root)) ??
    (await givenBySample(root, backend.directory)) ??
    (await givenByCompose(root, backend.directory));
  const file = shown(root, path.join(backend.directory, '.env'));
  if (given !== undefined) return `Add \`${SETTINGS_MODULE}=${given.module}\` to ${file}, as ${given.source} sets it.`;
  const modules = await settingsModules(backend.directory);
  const [likely] = [...modules.filter((module) => /\b(?:local|dev|development)$/.test(module)), ...modules];
  if (likely === undefined) return `Add ${SETTINGS_MODULE} with the name of the settings module to ${file}.`;
  const others = modules.filter((module) => module !== likely);
  const more = others.length === 0 ? '' : ` The checkout also has ${others.slice(0, MOST_NAMED).join(', ')}.`;
  return `Add \`${SETTINGS_MODULE}=${likely}\` to ${file}.${more}`;
};

const MOST_NAMED = 5;

export interface GivenModule {
  readonly module: string;
  readonly file: string;
  /** The file, and where in it. */
  readonly source: string;
}

const isModule = (value: unknown): value is string => isText(value) && /^[A-Za-z_][\w.]*$/.test(value);

/** What the dev container gives to everything in it, with the file and where in it. */
export const variableOfDevContainer = async (
  root: string,
  variable: string,
): Promise<{ readonly value: unknown; readonly file: string; readonly source: string } | undefined> => {
  for (const name of ['.devcontainer/devcontainer.json', '.devcontainer.json']) {
    const text = await findText(path.join(root, name));
    if (text === undefined) continue;
    const properties = asRecord(readJsonc(text).value);
    for (const property of ['containerEnv', 'remoteEnv']) {
      const value = asRecord(properties[property])[variable];
      const line = text.slice(0, text.indexOf(`"${variable}"`)).split('\n').length;
      if (value !== undefined) return { value, file: path.join(root, name), source: `${name}:${line} (${property})` };
    }
  }
  return undefined;
};

export const givenByDevContainer = async (root: string): Promise<GivenModule | undefined> => {
  const given = await variableOfDevContainer(root, SETTINGS_MODULE);
  return given === undefined || !isModule(given.value) ? undefined : { ...given, module: given.value };
};

const givenBySample = async (root: string, directory: string): Promise<GivenModule | undefined> => {
  const sample = await findSampleFile(envFolders(root, directory), [SETTINGS_MODULE]);
  const module =
    sample === null ? undefined : readEnvVariables((await findText(sample)) ?? '').get(SETTINGS_MODULE)?.value;
  return sample === null || !isModule(module) ? undefined : { module, file: sample, source: shown(root, sample) };
};

const givenByCompose = async (root: string, backendDirectory: string): Promise<GivenModule | undefined> => {
  const files = await findComposeFiles({ root, backendDirectory });
  const { services } = await readComposeProject({ root, files });
  for (const { name, environment, place } of services) {
    const module = environment[SETTINGS_MODULE];
    if (isModule(module))
      return { module, file: path.join(root, place.file), source: `${place.file} (service ${name})` };
  }
  return undefined;
};

/** `x.settings`, and the modules of packages of that name, in the folders next to manage.py. */
const settingsModules = async (directory: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const folder of ['', ...(await listNames(directory))]) {
    if (folder.startsWith('.') || folder === 'node_modules') continue;
    for (const name of await listNames(path.join(directory, folder))) {
      const prefix = folder === '' ? '' : `${folder}.`;
      if (/^settings\w*\.py$/.test(name)) found.push(`${prefix}${name.slice(0, -3)}`);
      if (name !== 'settings' || !(await isDirectory(path.join(directory, folder, name)))) continue;
      const inner = await listNames(path.join(directory, folder, name));
      found.push(
        ...inner
          .filter((file) => /^[A-Za-z]\w*\.py$/.test(file))
          .map((file) => `${prefix}settings.${file.slice(0, -3)}`),
      );
    }
  }
  return found.toSorted();
};
