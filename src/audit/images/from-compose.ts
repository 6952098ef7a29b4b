import { readEnvVariables } from '../../config/read-env-lines.ts';
import type { Span } from '../../core/placed-text.ts';
import type { Holes } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { entriesOf, fieldOf, textAt } from '../../workflows/read/fields.ts';
import { readDocuments } from '../model/yaml-documents.ts';
import { checkoutPaths, pathBelow } from './checkout-paths.ts';
import { DEFAULT_FILES, findComposeFile, readComposeCommand, servicesOf } from './compose-commands.ts';
import type { JobFiles } from './job-files.ts';
import type { Mention } from './mention.ts';
import type { Part } from './part.ts';

export interface ComposeSurroundings {
  readonly holes: Holes;
  readonly readFile: (path: string) => string | undefined;
  readonly jobFiles: JobFiles;
  /** What the command's environment has, as far as it is known. */
  readonly find: (name: string) => string | undefined;
}

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

/** The one that is named, else that beside the first file. */
const envFileOf = (named: string | null, first: string, call: ShellCall): string | null =>
  named === null
    ? pathBelow(first.slice(0, Math.max(0, first.lastIndexOf('/'))), '.env')
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
  const command = readComposeCommand(program, parts);
  const use = command === null ? undefined : command.isStack ? 'deploy' : USES[command.verb.value];
  if (command === null || use === undefined) return [];
  const { verb, flags } = command;
  const found = (command.files ?? DEFAULT_FILES).flatMap((file) => findComposeFile(file, call, around) ?? []);
  // Of the usual names, the first one counts.
  const files = (command.files === null ? found.slice(0, 1) : found).filter(({ isChanged }) => !isChanged);
  const services = servicesOf(command, around.holes);
  const envFile = command.isStack ? null : envFileOf(command.envFile, files[0]?.file ?? '', call);
  const ofFile = readEnvVariables((envFile === null ? undefined : around.readFile(envFile)) ?? '');
  const isNeverBuilding = command.isStack || flags.has('--no-build');
  const images = files.flatMap(({ file, text, isSent }) =>
    imagesIn(file, text, around.holes).map((image) => ({
      file,
      image,
      isSent: (isSent || isNeverBuilding) && !flags.has('--build'),
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

interface ComposeImage {
  readonly service: string;
  /** As it is written: `app:${TAG:-latest}`. */
  readonly image: string;
  readonly hasBuild: boolean;
  readonly span: Span;
}

/** The images that a compose file's services name. One that cannot be read names none. */
const readComposeImages = (file: string, text: string): readonly ComposeImage[] => {
  const [root = null] = readDocuments(file, text);
  return [...entriesOf(fieldOf(root, 'services')).values()].flatMap(({ key, value }) => {
    const image = textAt(value, 'image');
    if (image === null) return [];
    return [{ service: key, image: image.value, hasBuild: fieldOf(value, 'build') !== null, span: image.span }];
  });
};

const REFERENCE = /\$(?:\$|\{([A-Za-z_]\w*)(?:(:?[-?+])([^{}]*))?\}|([A-Za-z_]\w*))/g;

/**
 * Fills in `${NAME}`, `$NAME`, `${NAME:-default}`. What has no value here may still have one where compose is run, in a file `.env`:
 * it is a hole, with a default the choice of both.
 */
const fillInVariables = (text: string, find: (name: string) => string | undefined, holes: Holes): string =>
  text.replaceAll(REFERENCE, (written, braced?: string, operator?: string, word = '', plain?: string) => {
    if (written === '$$') return '$';
    const name = braced ?? plain ?? '';
    const value = find(name);
    if (value !== undefined && value !== '') return value;
    const unknown = holes.of({ kind: 'unknown', name: `$${name}` });
    if (operator?.endsWith('-') !== true) return unknown;
    return holes.of({ kind: 'choice', name: `$${name}`, options: [unknown, fillInVariables(word, find, holes)] });
  });
