import path from 'node:path';

import { findText, isFile, listNames } from './files.ts';
import { isSampleFile } from './find-sample-file.ts';

const ENV_FILE = /^\.?env(?:[._-].+)?$|\.env$/i;
/** Not for this machine. */
const ELSEWHERE = /prod|stag|live|deploy|test|ci$/i;
/** A folder of env files, each variant in a folder of its own. */
const ENV_FOLDER = '.envs';

/**
 * Env files of the project which devsetup does not read by itself (`.env.docker`, `.envs/.local/.django`) and which together hold
 * all of these variables; [] where there are none.
 */
export const findUnreadEnvFiles = async (
  directories: readonly string[],
  names: readonly string[],
): Promise<readonly string[]> => {
  const candidates = (await Promise.all([...new Set(directories)].map(listEnvFiles))).flat();
  const found: string[] = [];
  let wanted = [...names];
  for (const file of candidates) {
    const held = listVariables((await findText(file)) ?? '');
    if (!wanted.some((name) => held.has(name))) continue;
    found.push(file);
    wanted = wanted.filter((name) => !held.has(name));
  }
  return wanted.length === 0 ? found : [];
};

const listEnvFiles = async (directory: string): Promise<readonly string[]> => {
  const beside = (await listNames(directory)).filter((name) => ENV_FILE.test(name) && !isSampleFile(name));
  const folder = path.join(directory, ENV_FOLDER);
  const variants = await listNames(folder);
  const below = await Promise.all(
    variants.map(async (variant) =>
      (await listNames(path.join(folder, variant))).map((name) => path.join(ENV_FOLDER, variant, name)),
    ),
  );
  const files = [...beside, ...variants.map((name) => path.join(ENV_FOLDER, name)), ...below.flat()]
    .filter((name) => name !== '.env' && name !== '.env.local' && !ELSEWHERE.test(name))
    .map((name) => path.join(directory, name));
  return (await Promise.all(files.map(async (file) => ((await isFile(file)) ? [file] : [])))).flat();
};

/** Names with a value. */
const listVariables = (text: string): ReadonlySet<string | undefined> =>
  new Set([...text.matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*[^\s#]/gm)].map(([, name]) => name));
