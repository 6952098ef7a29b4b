import { findText } from '../../../project/files.ts';
import { findDeciding } from './find-deciding.ts';
import { findLookups, type Lookup } from './find-lookups.ts';
import { findReaders, type Library } from './find-readers.ts';
import { findSettingsModule } from './find-settings-module.ts';
import { followImports } from './follow-imports.ts';
import { readModule } from './read-module.ts';

export interface SettingsLookup extends Lookup {
  /** Absolute. */
  readonly file: string;
}

/** What the text of the settings says about the environment. */
export interface SettingsScan {
  readonly module: string;
  /** Absolute. */
  readonly files: readonly string[];
  readonly lookups: readonly SettingsLookup[];
  /** Variables that the code sets itself, or asks about before it needs them. */
  readonly handled: ReadonlySet<string>;
  readonly libraries: ReadonlySet<Library>;
  /** Variables without whose value the settings take another way than the one on which they read a variable of the given names, or name a database. */
  readonly decidingFor: (names: ReadonlySet<string>) => readonly string[];
}

export interface ScanOptions {
  readonly managePy: string;
  readonly directory: string;
  /** What Django or DJANGO_SETTINGS_MODULE says; null: what manage.py names. */
  readonly module: string | null;
}

/** Reads the settings as text, without running any of it; null where it is not clear which module that is. */
export const scanSettings = async ({ managePy, directory, module }: ScanOptions): Promise<SettingsScan | null> => {
  const manageText = (await findText(managePy)) ?? '';
  const named = module ?? findSettingsModule(manageText);
  if (named === null) return null;
  const files = await followImports(directory, named);
  if (files.length === 0) return null;
  const manage = readModule(manageText);
  const readers = findReaders([manage, ...files.map(({ statements }) => statements)]);
  const handled = new Set(findLookups(manage, readers).handled);
  const lookups: SettingsLookup[] = [];
  for (const { file, statements, always } of files) {
    const found = findLookups(statements, readers);
    for (const name of found.handled) handled.add(name);
    for (const lookup of found.lookups) lookups.push({ ...lookup, file, always: always && lookup.always });
  }
  return {
    module: named,
    files: files.map(({ file }) => file),
    lookups,
    handled,
    libraries: readers.libraries,
    decidingFor: (names) => findDeciding(files, readers, names),
  };
};
