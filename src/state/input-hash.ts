import { createHash } from 'node:crypto';
import { dirname, relative, sep } from 'node:path';
import { readBytes } from '../checkout/read-bytes.ts';

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
  const contents = files.map(readIfThere);
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

/** A hash reveals none of what was hashed, so files outside the checkout may count. */
const readIfThere = (file: string): Buffer | undefined => {
  const found = readBytes(file, { anywhere: true, mostBytes: Number.POSITIVE_INFINITY });
  if (found.kind === 'unreadable') throw new Error(`${file}: ${found.reason}`);
  return found.kind === 'bytes' ? found.bytes : undefined;
};
