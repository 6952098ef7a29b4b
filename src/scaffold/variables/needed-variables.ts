import path from 'node:path';

import { readEnvVariables } from '../../config/read-env-lines.ts';
import { scanSettings } from '../../checks/environment/settings/scan-settings.ts';
import type { FoundManagePy } from '../../project/find-manage-py.ts';
import { findText, shown } from '../../project/files.ts';
import { findSampleFile } from '../../project/find-sample-file.ts';
import { findReadEnvFiles } from '../../project/find-unread-env-files.ts';
import { lookAtVariables } from '../workflows/look-at-variables.ts';
import { envFolders } from '../../config/load-environment.ts';

/** What the settings cannot be loaded without, and where a new container could take it from. */
export interface NeededVariables {
  readonly names: readonly string[];
  /** Of these the settings only ask that they are secret and random: `SECRET_KEY = os.environ["APP_KEY"]`. */
  readonly random: ReadonlySet<string>;
  readonly sample: SampleEnvFile | null;
  /** Set in env files that the project reads already. */
  readonly set: ReadonlySet<string>;
}

export interface SampleEnvFile {
  /** Relative to the root, with `/`. */
  readonly file: string;
  /** The env file next to it. */
  readonly target: string;
  /** With a value. */
  readonly names: ReadonlySet<string>;
}

export interface NeededPlaces {
  readonly root: string;
  readonly backend: FoundManagePy;
  /** `envFiles` of the configuration. */
  readonly envFiles: readonly string[] | null;
}

const RANDOM =
  /^(?:(?:DJANGO|APP|SITE|WEB|BACKEND|PROJECT)_)?(?:SECRET(?:_KEY)?|SIGNING_KEY|JWT_(?:SECRET|SIGNING)(?:_KEY)?)$/;

/** Reads the settings as text; nothing of the project is run. */
export const findNeededVariables = async ({ root, backend, envFiles }: NeededPlaces): Promise<NeededVariables> => {
  const { required } = await lookAtVariables(root, backend);
  const names = required.map(({ name }) => name);
  const places = { root, backendDirectory: backend.directory, configured: envFiles };
  const texts = await Promise.all((await findReadEnvFiles(places)).map(findText));
  return {
    names,
    random: new Set(names.filter(await randomOnes(backend))),
    sample: await findSample(root, envFolders(root, backend.directory), names),
    set: new Set(texts.flatMap((text) => [...readEnvVariables(text ?? '').keys()])),
  };
};

const randomOnes = async (backend: FoundManagePy): Promise<(name: string) => boolean> => {
  const scan = await scanSettings({ ...backend, module: null });
  const texts = await Promise.all((scan?.files ?? []).map(async (file) => (await findText(file)) ?? ''));
  return (name) =>
    RANDOM.test(name) || texts.some((text) => new RegExp(`^SECRET_KEY\\s*=[^\\n]*["']${name}["']`, 'm').test(text));
};

const slashes = (file: string): string => file.split(path.sep).join('/');

const findSample = async (
  root: string,
  directories: readonly string[],
  names: readonly string[],
): Promise<SampleEnvFile | null> => {
  const file = names.length === 0 ? null : await findSampleFile(directories, names);
  if (file === null) return null;
  const variables = readEnvVariables((await findText(file)) ?? '');
  return {
    file: slashes(shown(root, file)),
    target: slashes(shown(root, path.join(path.dirname(file), '.env'))),
    // Anything else, `change-me` as well, lets Django start.
    names: new Set(
      [...variables.values()].filter(({ value }) => !/^(?:<.*>)?$/.test(value.trim())).map(({ name }) => name),
    ),
  };
};
