import path from 'node:path';

import { findFirstFile, findText } from '../../../project/files.ts';
import { parseFromImport } from './find-readers.ts';
import { readModule, type PlacedStatement } from './read-module.ts';

export interface SettingsFile {
  /** Absolute. */
  readonly file: string;
  readonly statements: readonly PlacedStatement[];
  /** It is loaded whenever the settings are: no condition stands before its import. */
  readonly always: boolean;
}

const MOST_FILES = 200;
const MOST_CHARACTERS = 300_000;

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
  const visit = async (file: string, always: boolean): Promise<void> => {
    const known = found.get(file);
    if ((known !== undefined && (known.always || !always)) || found.size >= MOST_FILES) return;
    const text = known === undefined ? await findText(file) : '';
    if (text === undefined || text.length > MOST_CHARACTERS) return;
    const statements = known?.statements ?? readModule(text);
    found.set(file, { file, statements, always });
    for (const statement of statements) {
      for (const imported of importsOf(statement, file, directory)) {
        for (const next of await filesOf(imported.directory, imported.module)) {
          await visit(next, always && statement.always && statement.tail.length === 0);
        }
      }
    }
  };
  if ((await fileOf(directory, module)) === undefined) return [];
  for (const file of await filesOf(directory, module)) await visit(file, true);
  return [...found.values()];
};
