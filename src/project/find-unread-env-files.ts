import path from 'node:path';

import { envFolders } from '../config/load-environment.ts';
import { ELSEWHERE, findComposeFiles } from './compose-services.ts';
import { readComposeProject, type ComposeServiceModel } from './compose/compose-project.ts';
import { djangoService } from './compose/django-service.ts';
import { filterAsync, findText, isFile, isInside, listNames } from './files.ts';
import { isSampleFile } from './find-sample-file.ts';

const ENV_FILE = /^\.?env(?:[._-].+)?$|\.env$/i;
/** A folder of env files, each variant in a folder of its own. */
const ENV_FOLDER = '.envs';
/** What devsetup reads without configuration. */
const USUAL = ['.env', '.env.local'];

/** Where manage.py and the compose files are. */
export interface EnvPlaces {
  readonly root: string;
  readonly backendDirectory: string;
  /** `envFiles` of the configuration, absolute. */
  readonly configured?: readonly string[] | null;
}

export interface UnreadEnvFile {
  /** Absolute. */
  readonly file: string;
  /** Which of the variables it holds that no file before it does. */
  readonly names: readonly string[];
}

/**
 * Env files of the project which devsetup does not read by itself and which hold some of these variables: the `env_file` of the
 * compose service that runs Django, `.env.docker`, `.envs/.local/.django`. One file that holds all of them is enough.
 */
export const findUnreadEnvFiles = async (
  places: EnvPlaces,
  names: readonly string[],
): Promise<readonly UnreadEnvFile[]> => {
  const { root, backendDirectory } = places;
  const read = new Set(await findReadEnvFiles(places));
  const ofCompose = await findComposeEnvFiles(places);
  const listed = await Promise.all(envFolders(root, backendDirectory).map(listEnvFiles));
  const candidates = [...new Set([...ofCompose, ...listed.flat()])].filter((file) => !read.has(file));
  const variables = await Promise.all(candidates.map(async (file) => listVariables((await findText(file)) ?? '')));
  const held = candidates.map((file, at) => ({ file, names: names.filter((name) => variables[at]?.has(name)) }));
  const found = eachNameOnce(held);
  // What the containers of Django get belongs together.
  if (found.every(({ file }) => ofCompose.includes(file))) return found;
  const count = new Set(found.flatMap((each) => each.names)).size;
  const alone = held.find((each) => each.names.length === count);
  return alone === undefined ? found : [alone];
};

/** These files, and what the service of compose that one of them belongs to reads besides: the settings ask for that next. */
export const withThoseOfItsService = async (
  places: EnvPlaces,
  files: readonly string[],
): Promise<readonly string[]> => {
  const ofCompose = await findComposeEnvFiles(places);
  return files.some((file) => ofCompose.includes(file)) ? [...new Set([...ofCompose, ...files])] : files;
};

const eachNameOnce = (files: readonly UnreadEnvFile[]): readonly UnreadEnvFile[] => {
  const seen = new Set<string>();
  return files.flatMap(({ file, names }) => {
    const further = names.filter((name) => !seen.has(name));
    for (const name of further) seen.add(name);
    return further.length === 0 ? [] : [{ file, names: further }];
  });
};

/** Those that the configuration names, else the usual ones. */
export const findReadEnvFiles = async ({ root, backendDirectory, configured }: EnvPlaces): Promise<readonly string[]> =>
  configured ??
  filterAsync(
    envFolders(root, backendDirectory)
      .toReversed()
      .flatMap((directory) => USUAL.map((name) => path.join(directory, name))),
    isFile,
  );

/** What `envFiles` of the configuration has to list for these files to be read as well, relative to the root; later ones win. */
export const envFilesSetting = async (places: EnvPlaces, files: readonly string[]): Promise<readonly string[]> =>
  [...new Set([...files, ...(await findReadEnvFiles(places))])].map((file) =>
    path.relative(places.root, file).split(path.sep).join('/'),
  );

/** The service of compose that runs Django, and all those its containers know by name. */
export interface DjangoService {
  readonly service: ComposeServiceModel;
  readonly services: readonly ComposeServiceModel[];
}

/** As the files for development at each place describe it. */
export const findDjangoServices = async (places: EnvPlaces): Promise<readonly DjangoService[]> => {
  const files = (await findComposeFiles(places)).filter((file) => !ELSEWHERE.test(path.parse(file).name));
  const projects = await Promise.all(
    [...new Set(files.map((file) => path.dirname(file)))].map((directory) =>
      readComposeProject({ root: places.root, files: files.filter((file) => path.dirname(file) === directory) }),
    ),
  );
  return projects.flatMap(({ services }) => {
    const service = djangoService(services, places);
    return service === undefined ? [] : [{ service, services }];
  });
};

/** Those of the dev container say how a database is found from within it. */
const findComposeEnvFiles = async (places: EnvPlaces): Promise<readonly string[]> => {
  const named = (await findDjangoServices(places)).flatMap(({ service }) => service.envFiles);
  const own = named.filter(
    (file) =>
      isInside(places.root, file) &&
      !isOfDevContainer(places, file) &&
      !ELSEWHERE.test(path.relative(places.root, file)),
  );
  return filterAsync([...new Set(own)], isFile);
};

const isOfDevContainer = ({ root }: EnvPlaces, file: string): boolean =>
  isInside(path.join(root, '.devcontainer'), file);

const listEnvFiles = async (directory: string): Promise<readonly string[]> => {
  const beside = (await listNames(directory)).filter((name) => ENV_FILE.test(name) && !isSampleFile(name));
  const folder = path.join(directory, ENV_FOLDER);
  const variants = await listNames(folder);
  const below = await Promise.all(
    variants.map(async (variant) =>
      (await listNames(path.join(folder, variant))).map((name) => path.join(ENV_FOLDER, variant, name)),
    ),
  );
  const files = [...beside, ...variants.map((name) => path.join(ENV_FOLDER, name)), ...below.flat()]
    .filter((name) => !isSampleFile(path.basename(name)) && !ELSEWHERE.test(name))
    .map((name) => path.join(directory, name));
  return filterAsync(files, isFile);
};

/** Names with a value. */
const listVariables = (text: string): ReadonlySet<string | undefined> =>
  new Set([...text.matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*[^\s#]/gm)].map(([, name]) => name));
