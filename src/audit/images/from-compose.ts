import type { Holes } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { checkoutPaths, joinPath } from './checkout-paths.ts';
import type { JobFiles } from './job-files.ts';
import { readEnvVariables } from '../../config/read-env-lines.ts';
import { fillInVariables } from './compose-variables.ts';
import type { Mention } from './mention.ts';
import { COMPOSE_COMMAND, COMPOSE_GLOBAL, STACK } from './option-tables.ts';
import type { Part } from './part.ts';
import { readComposeImages, type ComposeImage } from './read-compose.ts';
import { readOptions, valuesOf } from './read-options.ts';

export interface ComposeSurroundings {
  readonly holes: Holes;
  readonly readFile: (path: string) => string | undefined;
  readonly jobFiles: JobFiles;
  /** What the command's environment has, as far as it is known. */
  readonly find: (name: string) => string | undefined;
}

const DEFAULT_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** A command of compose without its program; null: it is none. */
export const composeWords = (program: string, parts: readonly Part[]): readonly Part[] | null => {
  if (/^(?:docker|podman)-compose$/.test(program)) return parts;
  const isCompose = /^(?:docker|podman|nerdctl)$/.test(program) && parts[0]?.value === 'compose';
  return isCompose ? parts.slice(1) : null;
};

const USES: Readonly<Record<string, Mention['use']>> = {
  pull: 'pull',
  up: 'run',
  run: 'run',
  create: 'run',
  build: 'build',
  push: 'push',
};

/** Services that run what a project writes itself, as they are usually called. */
export const APP_SERVICE =
  /(?:^|[-_.])(?:web|app|api|backend|back|frontend|front|client|server|site|ui|django|worker|workers|celery|beat|bot|gunicorn|asgi|wsgi|migrate|migrations?|service|scheduler)\d*(?:$|[-_.])/i;

/** Whether the command takes this service's image from somewhere; one that is built on the spot is not taken. */
const isTaken = (verb: string, image: ComposeImage, services: readonly string[], isSent: boolean): boolean => {
  if (services.length > 0 && !services.includes(image.service)) return false;
  if (verb === 'build' || verb === 'push') return image.hasBuild;
  // With both, `pull` takes what somebody has pushed under that name, as does `up` where there is nothing to build from.
  return !image.hasBuild || ((verb === 'pull' || isSent) && image.image.includes('/'));
};

interface ComposeCommand {
  readonly verb: Part;
  readonly use: Mention['use'];
  readonly isBuilding: boolean;
  readonly isNeverBuilding: boolean;
  /** Those it names; [] is all. */
  readonly services: readonly string[];
  readonly files: readonly { readonly file: string; readonly text: string; readonly isSent: boolean }[];
  /** null: it reads none. */
  readonly envFile: string | null;
}

/** `docker stack deploy -c FILE name` */
const readStack = (
  program: string,
  parts: readonly Part[],
  call: ShellCall,
  around: ComposeSurroundings,
): ComposeCommand | null => {
  const [group, verb, ...rest] = parts;
  if (!/^(?:docker|podman)$/.test(program) || group?.value !== 'stack' || verb?.value !== 'deploy') return null;
  const named = valuesOf(readOptions(rest, STACK), '-c', '--compose-file').map(({ value }) => value);
  const files = named.flatMap((file) => fileOf(file, call, around) ?? []);
  return { verb, use: 'deploy', services: [], isBuilding: false, isNeverBuilding: true, files, envFile: null };
};

/** The file of the checkout that a command means by this path; null: there is none, or it is changed before. */
const fileOf = (
  file: string,
  call: ShellCall,
  { readFile, jobFiles }: ComposeSurroundings,
): ComposeCommand['files'][number] | null => {
  const isRemote = call.layers.some(({ kind }) => kind === 'remote');
  const copied = jobFiles.copiedFrom(file);
  const paths = checkoutPaths(call, copied ?? file);
  // On a server: what was sent there by the same name.
  const sent = isRemote
    ? jobFiles.sent.find((one) => paths.some((path) => one === path || one.endsWith(`/${path}`)))
    : undefined;
  for (const path of sent === undefined ? paths : [sent]) {
    const text = readFile(path);
    if (text === undefined) continue;
    // An edited copy differs from its source: the checkout does not tell what it holds.
    const isChanged = jobFiles.isChanged(path) || jobFiles.isChanged(file);
    return isChanged ? null : { file: path, text, isSent: sent !== undefined };
  }
  return null;
};

const readCommand = (words: readonly Part[], call: ShellCall, around: ComposeSurroundings): ComposeCommand | null => {
  const global = readOptions(words, COMPOSE_GLOBAL, true);
  const [verb, ...rest] = global.positionals;
  const use = USES[verb?.value ?? ''];
  if (use === undefined || verb === undefined) return null;
  const command = readOptions(rest, COMPOSE_COMMAND, verb.value === 'run');
  const services = command.positionals.map(({ value }) => value).slice(0, verb.value === 'run' ? 1 : undefined);
  const directory = valuesOf(global, '--project-directory').at(-1)?.value;
  const inProject = (file: string): string =>
    directory === undefined || file.startsWith('/') ? file : `${directory}/${file}`;
  const named = valuesOf(global, '-f', '--file').map(({ value }) => inProject(value));
  const files = (named.length > 0 ? named : DEFAULT_FILES.map(inProject)).flatMap(
    (file) => fileOf(file, call, around) ?? [],
  );
  const ofFirst = files[0]?.file ?? '';
  return {
    verb,
    use,
    services,
    isBuilding: command.flags.has('--build'),
    isNeverBuilding: command.flags.has('--no-build'),
    files: named.length > 0 ? files : files.slice(0, 1),
    envFile: envFileOf(valuesOf(global, '--env-file').at(-1)?.value, ofFirst, call),
  };
};

/** The one that is named, else that beside the first file. */
const envFileOf = (named: string | undefined, first: string, call: ShellCall): string | null =>
  named === undefined
    ? joinPath(first.slice(0, Math.max(0, first.lastIndexOf('/'))), '.env')
    : (checkoutPaths(call, named)[0] ?? null);

/** Many jobs of an audit use one file. */
const parsed = new WeakMap<Holes, Map<string, readonly ComposeImage[]>>();

const imagesIn = (file: string, text: string, holes: Holes): readonly ComposeImage[] => {
  const known = parsed.get(holes) ?? new Map<string, readonly ComposeImage[]>();
  parsed.set(holes, known);
  const images = known.get(file) ?? (text.includes('image') ? readComposeImages(file, text) : []);
  known.set(file, images);
  return images;
};

/** The images of compose files that are in the checkout, at the command that takes, builds or pushes them. */
export const readComposeCall = (
  program: string,
  parts: readonly Part[],
  call: ShellCall,
  around: ComposeSurroundings,
): readonly Mention[] => {
  const words = composeWords(program, parts);
  const command = words === null ? readStack(program, parts, call, around) : readCommand(words, call, around);
  if (command === null) return [];
  const { verb, use, services, files, envFile } = command;
  const ofFile = readEnvVariables((envFile === null ? undefined : around.readFile(envFile)) ?? '');
  const images = files.flatMap(({ file, text, isSent }) =>
    imagesIn(file, text, around.holes).map((image) => ({
      file,
      image,
      isSent: (isSent || command.isNeverBuilding) && !command.isBuilding,
    })),
  );
  return images.flatMap(({ file, image, isSent }): readonly Mention[] => {
    if (!isTaken(verb.value, image, services, isSent)) return [];
    const find = (name: string): string | undefined => around.find(name) ?? ofFile.get(name)?.value;
    const value = fillInVariables(image.image, find, around.holes);
    const saidIn = { text: `image: ${image.image}`, span: image.span };
    const build = { context: `${file}#${image.service}`, file: null, target: null, platform: null, args: [] };
    const isMade = use === 'build' || use === 'push';
    return [
      {
        use,
        part: { ...verb, value },
        saidIn,
        isApp: APP_SERVICE.test(image.service),
        ...(isMade ? { build } : {}),
      },
    ];
  });
};
