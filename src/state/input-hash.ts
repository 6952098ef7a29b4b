import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';

/**
 * SHA-256 (hex) over what decides the result of an installation: the files, by name and content, and further facts such as the
 * version of the interpreter. Names count relative to the folder all files share, so that a moved checkout keeps its hash; a file
 * that is missing is part of the hash, too. The order counts, as it does for requirement files.
 *
 * @param files absolute paths.
 */
export const hashInputs = async (files: readonly string[], extra: readonly string[]): Promise<string> => {
  const hash = createHash('sha256');
  // With its length before it, no part can pass for a piece of another.
  const add = (part: string | Buffer): void => {
    hash.update(`${Buffer.byteLength(part)}:`).update(part);
  };
  const base = commonDirectory(files);
  const contents = await Promise.all(files.map(readIfThere));
  files.forEach((file, index) => {
    const content = contents[index];
    add(relative(base, file));
    add(content === undefined ? 'missing' : 'present');
    add(content ?? '');
  });
  for (const text of extra) add(text);
  return hash.digest('hex');
};

const commonDirectory = (files: readonly string[]): string => {
  const [first = [], ...others] = files.map((file) => dirname(file).split(sep));
  const end = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return (end === -1 ? first : first.slice(0, end)).join(sep) || sep;
};

const readIfThere = async (file: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
};
