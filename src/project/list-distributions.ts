import path from 'node:path';
import { listNames } from './files.ts';

/** As PEP 503 writes it: `Django_Environ` and `django.environ` are `django-environ`. */
export const normalizeName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** The normalised names of what is installed in a virtual environment, by its files; [] where none are found. */
export const listDistributions = async (venv: string): Promise<readonly string[]> => {
  const library = path.join(venv, 'lib');
  const folders = (await listNames(library)).map((name) => path.join(library, name, 'site-packages'));
  const names = (await Promise.all(folders.map(listNames))).flat();
  const found = names.flatMap((name) => /^(.+?)-[^-]+\.dist-info$/.exec(name)?.[1] ?? []);
  return [...new Set(found.map(normalizeName))].toSorted();
};

/** Those of these normalised names that a text mentions. */
export const mentionedNames = (names: readonly string[], text: string): readonly string[] =>
  names.filter((name) => new RegExp(`(?<![\\w.-])${name.split('-').join('[-_.]+')}(?![\\w-])`, 'i').test(text));
