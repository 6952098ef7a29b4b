import { existsSync } from 'node:fs';
import path from 'node:path';
import { findTextOf, listNames } from './files.ts';

/** One distribution in a virtual environment, by the files its installer left. */
export interface Distribution {
  /** Normalised. */
  readonly name: string;
  readonly version: string;
  /** Its `dist-info`, absolute. */
  readonly information: string;
}

/** As PEP 503 writes it: `Django_Environ` and `django.environ` are `django-environ`. */
export const normalizeName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** What is installed in a virtual environment, by name; [] where nothing is found. */
export const listDistributions = async (venv: string): Promise<readonly Distribution[]> => {
  const library = path.join(venv, 'lib');
  const folders = (await listNames(library)).map((name) => path.join(library, name, 'site-packages'));
  const found = await Promise.all(folders.map(async (folder) => distributionsIn(folder, await listNames(folder))));
  return found.flat().toSorted((one, other) => (one.name < other.name ? -1 : 1));
};

const distributionsIn = (folder: string, names: readonly string[]): readonly Distribution[] =>
  names.flatMap((entry) => {
    const [, name, version] = /^(.+?)-([^-]+)\.dist-info$/.exec(entry) ?? [];
    return name === undefined || version === undefined
      ? []
      : [{ name: normalizeName(name), version, information: path.join(folder, entry) }];
  });

/** The packages and modules a distribution consists of: the first parts of the paths in its RECORD, beside its `dist-info`. */
export const readPlaces = async ({ information }: Distribution): Promise<readonly string[]> => {
  const record = (await findTextOf(path.join(information, 'RECORD'), { anywhere: true })) ?? '';
  const tops = record.split('\n').map((line) => /^"?([^",/]+)/.exec(line)?.[1] ?? '');
  const places = new Set(tops.filter((top) => top !== '' && top !== '..' && !top.endsWith('.dist-info')));
  // Byte code, and what an installer leaves out after all, is no sign of anything.
  return [...places].filter((place) => place !== '__pycache__' && existsSync(besides(information, place))).toSorted();
};

/** Those of its places that are gone. */
export const findGonePlaces = ({ information }: Distribution, places: readonly string[]): readonly string[] =>
  places.filter((place) => !existsSync(besides(information, place)));

const besides = (information: string, place: string): string => path.join(path.dirname(information), place);

/** Those of these normalised names that a text mentions. */
export const mentionedNames = (names: readonly string[], text: string): readonly string[] =>
  names.filter((name) => new RegExp(`(?<![\\w.-])${name.split('-').join('[-_.]+')}(?![\\w-])`, 'i').test(text));
