import { expandChoices, hasHole, type Holes } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { checkoutPaths } from './checkout-paths.ts';
import type { JobFiles } from './job-files.ts';
import { COMPOSE_COMMAND, COMPOSE_GLOBAL, DOCKER_GLOBAL, STACK } from './option-tables.ts';
import type { Part } from './part.ts';
import { readOptions, valuesOf } from './read-options.ts';

/** What a command of compose, or `docker stack deploy`, says. */
export interface ComposeCommand {
  /** `up`, `pull`; of a swarm `deploy`. */
  readonly verb: Part;
  readonly isStack: boolean;
  /** What follows the verb: services; of `run` one service, and its command. [] is all services. */
  readonly named: readonly string[];
  /** null: those of the usual names. */
  readonly files: readonly string[] | null;
  readonly envFile: string | null;
  readonly profiles: readonly string[];
  /** Of the verb: `--build`. */
  readonly flags: ReadonlySet<string>;
}

/** The services that a command names: in `for s in web worker; do docker compose up -d "$s"; done` both. */
export const servicesOf = ({ verb, named }: ComposeCommand, holes: Holes): readonly string[] =>
  (verb.value === 'run' ? named.slice(0, 1) : named).flatMap((name) => expandChoices(name, holes));

export const DEFAULT_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** A command of compose or of a swarm; null: it is none. */
export const readComposeCommand = (program: string, parts: readonly Part[]): ComposeCommand | null => {
  if (/^(?:docker|podman)-compose$/.test(program)) return readWords(parts);
  if (!/^(?:docker|podman|nerdctl)$/.test(program)) return null;
  const [group, ...rest] =
    parts[0]?.value.startsWith('-') === true ? readOptions(parts, DOCKER_GLOBAL, true).positionals : parts;
  if (group?.value === 'compose') return readWords(rest);
  return group?.value === 'stack' ? readStack(rest) : null;
};

/** `docker stack deploy -c FILE name` */
const readStack = ([verb, ...rest]: readonly Part[]): ComposeCommand | null => {
  if (verb?.value !== 'deploy') return null;
  const options = readOptions(rest, STACK);
  const files = valuesOf(options, '-c', '--compose-file').map(({ value }) => value);
  return { verb, isStack: true, named: [], files, envFile: null, profiles: [], flags: options.flags };
};

const readWords = (words: readonly Part[]): ComposeCommand | null => {
  const global = readOptions(words, COMPOSE_GLOBAL, true);
  const [verb, ...rest] = global.positionals;
  if (verb === undefined) return null;
  const { positionals, flags } = readOptions(rest, COMPOSE_COMMAND, verb.value === 'run');
  const last = (name: string): string | null => valuesOf(global, name).at(-1)?.value ?? null;
  const folder = last('--project-directory');
  const inProject = (file: string): string => (folder === null || file.startsWith('/') ? file : `${folder}/${file}`);
  const files = valuesOf(global, '-f', '--file').map(({ value }) => inProject(value));
  return {
    verb,
    isStack: false,
    named: positionals.map(({ value }) => value),
    files: files.length > 0 ? files : folder === null ? null : DEFAULT_FILES.map(inProject),
    envFile: last('--env-file'),
    profiles: valuesOf(global, '--profile').map(({ value }) => value),
    flags,
  };
};

/** A file of the checkout that a command of compose means. */
export interface ComposeFile {
  readonly file: string;
  readonly text: string;
  /** It was sent to a server by itself. */
  readonly isSent: boolean;
  /** The job, or one before it, edits it: the checkout does not tell what it holds then. */
  readonly isChanged: boolean;
}

/** The file of the checkout that a command of compose means by a path; null: there is none. */
export const findComposeFile = (
  file: string,
  call: ShellCall,
  { readFile, jobFiles }: { readonly readFile: (path: string) => string | undefined; readonly jobFiles: JobFiles },
): ComposeFile | null => {
  const isRemote = call.layers.some(({ kind }) => kind === 'remote');
  const named = jobFiles.copiedFrom(file) ?? file;
  const put = isRemote
    ? jobFiles.sentTo(/^[/~]/.test(named) || hasHole(named.slice(0, 1)) ? named : `${call.elsewhere}/${named}`)
    : [];
  const paths = [...put, ...checkoutPaths(call, named)];
  // On a server: what was sent there by the same name.
  const sent = isRemote
    ? jobFiles.sent.find((one) => paths.some((path) => one === path || one.endsWith(`/${path}`)))
    : undefined;
  for (const path of sent === undefined ? paths : [sent]) {
    const text = readFile(path);
    if (text === undefined) continue;
    // An edited copy differs from its source.
    const isChanged = jobFiles.isChanged(path) || jobFiles.isChanged(file);
    return { file: path, text, isSent: sent !== undefined, isChanged };
  }
  return null;
};
