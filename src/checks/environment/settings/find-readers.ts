import { behindEnviron, findOwnReaders, type OwnReader } from './own-readers.ts';
import type { PlacedStatement } from './read-module.ts';
import { parseArguments } from './parse-arguments.ts';
import type { Token } from './tokenize-python.ts';

export type Library = 'environ' | 'environs' | 'decouple';

/** By which names the settings reach the environment, over all of their modules: one makes `env`, the others import it. */
export interface Readers {
  /** `os`, as it was imported. */
  readonly os: ReadonlySet<string>;
  /** `environ` of `from os import environ`. */
  readonly environ: ReadonlySet<string>;
  readonly getenv: ReadonlySet<string>;
  /** Objects of django-environ's or environs' `Env`. */
  readonly env: ReadonlySet<string>;
  /** decouple's `config`. */
  readonly config: ReadonlySet<string>;
  /** Functions of the settings themselves. */
  readonly own: ReadonlyMap<string, OwnReader>;
  /** Variables with a default in the scheme of an `Env(DEBUG=(bool, False))`. */
  readonly defaults: ReadonlySet<string>;
  /** The names or defaults of `env` depend on more than what is written where it is asked: a prefix, a scheme built elsewhere. */
  readonly isOpen: boolean;
  readonly libraries: ReadonlySet<Library>;
}

/** `from x import a as b` as module and [a, b]; undefined for other statements. */
export const parseFromImport = (
  tokens: readonly Token[],
): { readonly module: string; readonly names: readonly (readonly [name: string, as: string])[] } | undefined => {
  const at = tokens.findIndex(({ kind, text }) => kind === 'name' && text === 'import');
  if (tokens[0]?.text !== 'from' || at < 2) return undefined;
  const module = tokens
    .slice(1, at)
    .map(({ text }) => text)
    .join('');
  const words = tokens.slice(at + 1).filter(({ text }) => !'()'.includes(text));
  const parts: string[][] = [[]];
  for (const { text } of words) {
    if (text === ',') parts.push([]);
    else parts.at(-1)?.push(text);
  }
  const names = parts.flatMap(([name = '', , as]) => (name === '' ? [] : [[name, as ?? name] as const]));
  return { module, names };
};

const ENV_CLASSES = new Set(['Env', 'FileAwareEnv']);

export const findReaders = (modules: readonly (readonly PlacedStatement[])[]): Readers => {
  const os = new Set(['os']);
  const environ = new Set<string>();
  const getenv = new Set<string>();
  const env = new Set<string>();
  const config = new Set<string>();
  const defaults = new Set<string>();
  const libraries = new Set<Library>();
  let isOpen = false;
  const noteImport = (module: string, name: string, as: string): void => {
    if (module === 'os' && name === 'environ') environ.add(as);
    if (module === 'os' && name === 'getenv') getenv.add(as);
    if (module === 'environ' || module === 'environs') libraries.add(module);
    if (module === 'environs' && name === 'env') env.add(as);
    if (module === 'decouple') libraries.add('decouple');
    if (module === 'decouple' && name === 'config') config.add(as);
  };
  const statements = modules.flat();
  for (const { tokens } of statements) {
    const imported = parseFromImport(tokens);
    for (const [name, as] of imported?.names ?? []) noteImport(imported?.module ?? '', name, as);
    if (tokens[0]?.text === 'import' && tokens[1]?.text === 'os' && tokens[2]?.text === 'as')
      os.add(tokens[3]?.text ?? '');
    if (tokens[0]?.text === 'import')
      for (const { text } of tokens)
        if (text === 'environ' || text === 'environs' || text === 'decouple') libraries.add(text);
  }
  for (const { tokens, always } of statements)
    if (always && isGetenv(tokens, { os, environ })) getenv.add(tokens[0]?.text ?? '');
  const ownReaders = (): Readers['own'] =>
    findOwnReaders(modules, { os, environ, functions: new Set([...getenv, ...env, ...config]) });
  if (libraries.size === 0) return { os, environ, getenv, env, config, own: ownReaders(), defaults, isOpen, libraries };
  for (const { tokens } of statements) {
    for (const [at, token] of tokens.entries()) {
      if (!ENV_CLASSES.has(token.text) || token.kind !== 'name' || tokens[at + 1]?.text !== '(') continue;
      const qualified = tokens[at - 1]?.text === '.';
      const target = tokens[at - (qualified ? 3 : 1)]?.text === '=' ? tokens[0] : undefined;
      if (target?.kind === 'name') env.add(target.text);
      const given = parseArguments(tokens, at + 1);
      // A scheme that comes from elsewhere, or a class of the project's own.
      if (given.isOpen) isOpen = true;
      for (const [name, value] of Object.entries(given.keywords)) if (value[0]?.text === '(') defaults.add(name);
    }
  }
  const isOfEnv = (tokens: readonly Token[], at: number): boolean =>
    tokens[at - 1]?.text === '.' && env.has(tokens[at - 2]?.text ?? '');
  isOpen ||= statements.some(({ tokens }) =>
    tokens.some(({ text }, at) => ['prefix', 'prefixed', 'scheme'].includes(text) && isOfEnv(tokens, at)),
  );
  return { os, environ, getenv, env, config, own: ownReaders(), defaults, isOpen, libraries };
};

/** `env = os.getenv`, `env = os.environ.get` */
const isGetenv = (tokens: readonly Token[], known: Pick<Readers, 'os' | 'environ'>): boolean => {
  if (tokens[0]?.kind !== 'name' || tokens[1]?.text !== '=') return false;
  const behind = behindEnviron(tokens, 2, known);
  const rest = tokens
    .slice(behind < 0 ? 2 : behind)
    .map(({ text }) => text)
    .join('');
  return behind < 0 ? known.os.has(tokens[2]?.text ?? '') && rest === `${tokens[2]?.text}.getenv` : rest === '.get';
};
