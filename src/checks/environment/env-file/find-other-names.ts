import path from 'node:path';

import { findText, isDirectory, listNames } from '../../../project/files.ts';
import { readEnvVariables } from '../../../config/read-env-lines.ts';

const ENV_FILE = /^\.?env(?:[._-].+)?$|\.env$/i;
const SAMPLE = /example|sample|dist|template/i;
const ENV_FOLDERS = ['.envs', 'envs', 'env', '.env'];
/** decouple reads it too. */
const INI = 'settings.ini';

/**
 * Variables that any env file in these folders holds, whether devsetup reads it or not: the settings may load it themselves. Samples
 * do not count.
 */
export const findOtherNames = async (directories: readonly string[]): Promise<ReadonlySet<string>> => {
  const files = (await Promise.all([...new Set(directories)].map(listEnvFiles))).flat();
  const texts = await Promise.all(files.map(findText));
  return new Set(texts.flatMap((text) => [...readEnvVariables(text ?? '').keys()].map((name) => name.toUpperCase())));
};

const isEnvFile = (name: string): boolean => (ENV_FILE.test(name) && !SAMPLE.test(name)) || name === INI;

const listEnvFiles = async (directory: string): Promise<readonly string[]> => {
  const beside = (await listNames(directory)).filter(isEnvFile).map((name) => path.join(directory, name));
  const folders = ENV_FOLDERS.map((name) => path.join(directory, name));
  return [...beside, ...(await Promise.all(folders.map((folder) => listBelow(folder, 2)))).flat()];
};

/** A folder of env files, each variant perhaps in a folder of its own: `.envs/.local/.django`. Some are virtual environments. */
const listBelow = async (folder: string, depth: number): Promise<readonly string[]> => {
  const names = await listNames(folder);
  if (names.includes('pyvenv.cfg')) return [];
  const entries = names.filter((name) => !SAMPLE.test(name)).map((name) => path.join(folder, name));
  const below = await Promise.all(
    entries.map(async (entry) => {
      if (!(await isDirectory(entry))) return [entry];
      return depth > 1 ? listBelow(entry, depth - 1) : [];
    }),
  );
  return below.flat();
};
