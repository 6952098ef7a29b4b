import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { ELSEWHERE } from './compose-services.ts';
import { findText } from './files.ts';

const KIND = /^(?:example|sample|template|dist)$/i;
/** Read as they are by some projects, and samples for others. */
const ALONE = /^\.?env[._-](?:defaults?|development|dev)$/i;
const CODE = /^(?:py|js|ts|json|ya?ml|toml|sh|md|html|txt|j2)$/i;

const partsOf = (name: string): readonly string[] => name.split(/[._-]+/).filter((part) => part !== '');

/** `.env.example`, `env.sample`, `.env.example.aws`, `.env.sample.prod`, `example.env`, … and never `.env` itself. */
export const isSampleFile = (name: string): boolean => {
  const parts = partsOf(name);
  const isEnv = parts.some((part) => part.toLowerCase() === 'env') && !CODE.test(parts.at(-1) ?? '');
  return ALONE.test(name) || (isEnv && parts.some((part) => KIND.test(part)));
};

/** The likeliest for this machine first: that of another place last, that for nothing in particular or for development before the others. */
const rank = (name: string): number => {
  if (isForElsewhere(name)) return 3;
  const further = partsOf(name).filter((part) => !/^env$/i.test(part) && !KIND.test(part));
  if (further.length === 0) return 0;
  return further.every((part) => /^(?:local|dev|development|defaults?)$/i.test(part)) ? 1 : 2;
};

/** Of names of one folder. */
export const sampleFilesOf = (names: readonly string[]): readonly string[] =>
  names.filter(isSampleFile).toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b));

/** The sample env file that lists most of these variables, or null. Folders are in order; one for another place only if there is no other. */
export const findSampleFile = async (
  directories: readonly string[],
  names: readonly string[],
): Promise<string | null> => {
  const found = await Promise.all(
    [...new Set(directories)].map(async (directory) =>
      sampleFilesOf(await readdir(directory)).map((name) => path.join(directory, name)),
    ),
  );
  const counted = await Promise.all(
    found
      .flat()
      .map(async (file) => ({ file, isElsewhere: Number(isForElsewhere(file)), count: await countIn(file, names) })),
  );
  const [best] = counted
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => a.isElsewhere - b.isElsewhere || b.count - a.count);
  return best?.file ?? null;
};

const isForElsewhere = (file: string): boolean => ELSEWHERE.test(path.basename(file));

/** How many of the variables it lists. One that cannot be read lists nothing. */
const countIn = async (file: string, names: readonly string[]): Promise<number> => {
  const lines = ((await findText(file)) ?? '').split('\n');
  const listed = new Set(lines.map((line) => /^\s*#?\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1]));
  return names.filter((variable) => listed.has(variable)).length;
};
