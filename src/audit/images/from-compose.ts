import type { Holes } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { fillInVariables, readEnvLines } from './compose-variables.ts';
import type { Mention } from './mention.ts';
import { COMPOSE_COMMAND, COMPOSE_GLOBAL } from './option-tables.ts';
import type { Part } from './part.ts';
import { readComposeImages, type ComposeImage } from './read-compose.ts';
import { readOptions, valuesOf } from './read-options.ts';

export interface ComposeSurroundings {
  readonly holes: Holes;
  readonly readFile: (path: string) => string | undefined;
  /** What the command's environment has, as far as it is known. */
  readonly variables: ReadonlyMap<string, string>;
}

const DEFAULT_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** A command of compose without its program; null: it is none. */
export const composeWords = (program: string, parts: readonly Part[]): readonly Part[] | null => {
  if (/^(?:docker|podman)-compose$/.test(program)) return parts;
  const isCompose = /^(?:docker|podman|nerdctl)$/.test(program) && parts[0]?.value === 'compose';
  return isCompose ? parts.slice(1) : null;
};

const joinPath = (directory: string | null, file: string): string => {
  const parts: string[] = [];
  for (const part of `${file.startsWith('/') ? '' : (directory ?? '')}/${file}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
};

const USES: Readonly<Record<string, Mention['use']>> = {
  pull: 'pull',
  up: 'run',
  run: 'run',
  create: 'run',
  build: 'build',
  push: 'push',
};

/** Whether the command takes this service's image from somewhere; one that is built on the spot is not taken. */
const isTaken = (verb: string, image: ComposeImage, services: readonly string[]): boolean => {
  if (services.length > 0 && !services.includes(image.service)) return false;
  return verb === 'build' || verb === 'push' ? image.hasBuild : !image.hasBuild;
};

/** The images of compose files that are in the checkout, at the command that takes, builds or pushes them. */
export const readComposeCall = (
  program: string,
  parts: readonly Part[],
  call: ShellCall,
  { holes, readFile, variables }: ComposeSurroundings,
): readonly Mention[] => {
  const words = composeWords(program, parts);
  if (words === null) return [];
  const global = readOptions(words, COMPOSE_GLOBAL, true);
  const [verb, ...rest] = global.positionals;
  const use = USES[verb?.value ?? ''];
  if (use === undefined || verb === undefined) return [];
  const command = readOptions(rest, COMPOSE_COMMAND, verb.value === 'run');
  const services = command.positionals.map(({ value }) => value).slice(0, verb.value === 'run' ? 1 : undefined);
  const directory = valuesOf(global, '--project-directory').at(-1)?.value ?? call.directory;
  const named = valuesOf(global, '-f', '--file').map(({ value }) => joinPath(directory, value));
  const files = named.length > 0 ? named : DEFAULT_FILES.map((file) => joinPath(directory, file));
  const found = files.flatMap((file) => {
    const text = readFile(file);
    return text === undefined ? [] : [{ file, text }];
  });
  const ofFile = readEnvLines(
    readFile(joinPath(directory, valuesOf(global, '--env-file').at(-1)?.value ?? '.env')) ?? '',
  );
  return (named.length > 0 ? found : found.slice(0, 1)).flatMap(({ file, text }) =>
    readComposeImages(file, text).flatMap((image): readonly Mention[] => {
      if (!isTaken(verb.value, image, services)) return [];
      const value = fillInVariables(image.image, (name) => variables.get(name) ?? ofFile.get(name), holes);
      const saidIn = { text: `image: ${image.image}`, span: image.span };
      const build = { context: `${file}#${image.service}`, file: null, target: null, platform: null, args: [] };
      return [{ use, part: { ...verb, value }, saidIn, ...(image.hasBuild ? { build } : {}) }];
    }),
  );
};
