import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { findText } from './files.ts';

/** `.env.example`, `.env.sample`, `env.example`, `.env.dist`, `.env.template`, `example.env`, … and never `.env` itself. */
const SAMPLE =
  /^\.?env[._-](?:example|sample|dist|template|default|defaults|local\.example|dev\.example|development|dev)$|^\.?(?:example|sample|template)[._-]env$|^\.env[._-].*(?:example|sample)$/i;

export const isSampleFile = (name: string): boolean => SAMPLE.test(name);

/** The sample env file that lists most of these variables, or null. Folders are looked at in this order. */
export const findSampleFile = async (
  directories: readonly string[],
  names: readonly string[],
): Promise<string | null> => {
  let best: { readonly file: string; readonly count: number } | null = null;
  for (const directory of new Set(directories)) {
    for (const name of (await readdir(directory)).filter(isSampleFile)) {
      const file = path.join(directory, name);
      const lines = ((await findText(file)) ?? '').split('\n');
      const listed = new Set(lines.map((line) => /^\s*#?\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1]));
      const count = names.filter((variable) => listed.has(variable)).length;
      // A sample that cannot be read lists nothing.
      if (count > (best?.count ?? 0)) best = { file, count };
    }
  }
  return best?.file ?? null;
};
