import path from 'node:path';

import { listNames } from './files.ts';

const MARKS = new Set(['example', 'sample', 'template', 'tmpl', 'tpl', 'dist', 'default', 'defaults']);

const wordsOf = (name: string): readonly string[] =>
  name
    .toLowerCase()
    .split(/[._-]+/)
    .filter((word) => word !== '');

/** `local_settings.py.example`, `local_settings.sample.py`, `example_local_settings.py`, … in the folder of the file it stands for. */
export const findSampleOf = async (file: string): Promise<string | undefined> => {
  const wanted = wordsOf(path.basename(file)).join('.');
  const extension = path.extname(file).slice(1);
  const found = (await listNames(path.dirname(file))).find((name) => {
    const words = wordsOf(name);
    const rest = words.filter((word) => !MARKS.has(word));
    // `local_settings.example` leaves the ending out.
    const isSame = rest.join('.') === wanted || [...rest, extension].join('.') === wanted;
    return isSame && rest.length < words.length;
  });
  return found === undefined ? undefined : path.join(path.dirname(file), found);
};
