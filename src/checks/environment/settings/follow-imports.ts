import path from 'node:path';

import { findFirstFile, findText } from '../../../project/files.ts';
import { parseFromImport } from './find-readers.ts';
import { readModule, type Condition, type PlacedStatement } from './read-module.ts';

export interface SettingsFile {
  /** Absolute. */
  readonly file: string;
  readonly statements: readonly PlacedStatement[];
  /** It is loaded whenever the settings are: no condition stands before its import. */
  readonly always: boolean;
  /** The conditions before its import; [] where it is always loaded. */
  readonly asks: readonly Condition[];
}

const MOST_FILES = 100;
/** Settings are spread by `import *`, however deep; what they import by name is help from elsewhere. */
const DEEPEST = 2;
const MOST_CHARACTERS = 300_000;
/** Neither reads the environment nor brings in what does. */
const OF_INTEREST = /environ|getenv|decouple|(?:\b|_)env(?:\b|_)|import \*/;

/** The file of a module below a folder; undefined: it is not the project's own. */
const fileOf = (directory: string, module: string): Promise<string | undefined> => {
  const base = path.join(directory, ...module.split('.'));
  return findFirstFile([`${base}.py`, path.join(base, '__init__.py')]);
};

/** Every file Python runs for the sake of a module: the packages it is in, and itself. */
const filesOf = async (directory: string, module: string): Promise<readonly string[]> => {
  const parts = module.split('.').filter((part) => part !== '');
  const names = parts.map((_, index) => parts.slice(0, index + 1).join('.'));
  return (await Promise.all(names.map((name) => fileOf(directory, name)))).filter((file) => file !== undefined);
};

type Way = Pick<SettingsFile, 'always' | 'asks'>;

interface Imported {
  /** Where the module is looked for. */
  readonly directory: string;
  readonly module: string;
}

const importsOf = ({ tokens }: PlacedStatement, file: string, directory: string): readonly Imported[] => {
  const from = parseFromImport(tokens);
  if (from !== undefined) {
    const [, dots = '', module = ''] = /^(\.*)(.*)$/.exec(from.module) ?? [];
    const base =
      dots === ''
        ? directory
        : path.resolve(path.dirname(file), ...Array.from({ length: dots.length - 1 }, () => '..'));
    // What is imported from a package may be a module in it.
    const names = from.names.map(([name]) => (module === '' ? name : `${module}.${name}`));
    return [...(module === '' ? [] : [module]), ...names].map((name) => ({ directory: base, module: name }));
  }
  if (tokens[0]?.text !== 'import') return [];
  const words = tokens.slice(1).map(({ text }) => text);
  const names = words
    .join(' ')
    .split(' , ')
    .map((name) => name.replace(/ as .*$/, '').replaceAll(' ', ''));
  return names.map((module) => ({ directory, module }));
};

/** The settings module and everything of the project that it imports, in the order Python would load it; [] if it is not there. */
export const followImports = async (directory: string, module: string): Promise<readonly SettingsFile[]> => {
  const found = new Map<string, SettingsFile>();
  const visit = async (file: string, { always, asks }: Way, depth: number): Promise<void> => {
    const known = found.get(file);
    if ((known !== undefined && (known.always || !always)) || found.size >= MOST_FILES) return;
    const text = known === undefined ? await findText(file) : '';
    if (text === undefined || text.length > MOST_CHARACTERS) return;
    if (known === undefined && depth > 0 && !OF_INTEREST.test(text)) return;
    const statements = known?.statements ?? readModule(text);
    found.set(file, { file, statements, always, asks });
    for (const statement of statements) {
      const next = statement.tokens.at(-1)?.text === '*' ? depth : depth + 1;
      if (next > DEEPEST) continue;
      for (const imported of importsOf(statement, file, directory)) {
        for (const other of await filesOf(imported.directory, imported.module)) {
          const isAlways = always && statement.always && statement.tail.length === 0;
          await visit(other, { always: isAlways, asks: [...asks, ...statement.asks] }, next);
        }
      }
    }
  };
  if ((await fileOf(directory, module)) === undefined) return [];
  for (const file of await filesOf(directory, module)) await visit(file, { always: true, asks: [] }, 0);
  return [...found.values()];
};
