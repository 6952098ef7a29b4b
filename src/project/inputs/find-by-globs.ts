import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isWorkspaceMember } from '../workspace-globs.ts';

const ESCAPED = /[.+^$()|[\]\\]/g;

const segmentPattern = (segment: string): RegExp => {
  const source = segment
    .replaceAll(ESCAPED, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll(/\{([^{}]*)\}/g, (_, names: string) => `(?:${names.split(',').join('|')})`);
  return new RegExp(`^${source}$`);
};

/** Without links, so that no circle is followed; other people's code is not searched. */
const listEntries = async (directory: string) => {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []); // Absent: nothing matches.
  return entries.filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'));
};

const walk = async (base: string, segments: readonly string[]): Promise<readonly string[]> => {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [base];
  if (!/[*?{]/.test(segment)) return walk(path.join(base, segment), rest);
  const entries = await listEntries(base);
  if (segment === '**') {
    const folders = entries.filter((entry) => entry.isDirectory());
    const below = await Promise.all(folders.map(({ name }) => walk(path.join(base, name), segments)));
    return [...(await walk(base, rest)), ...below.flat()];
  }
  const pattern = segmentPattern(segment);
  const matching = entries.filter(({ name }) => pattern.test(name));
  return (await Promise.all(matching.map(({ name }) => walk(path.join(base, name), rest)))).flat();
};

/**
 * Paths below a folder that match patterns like `packages/*`, `apps/**`, `libs/{a,b}` and `!apps/old`, sorted. A pattern without
 * a wildcard is returned as it is: whether it exists is for the caller to ask.
 */
export const findByGlobs = async (directory: string, patterns: readonly string[]): Promise<readonly string[]> => {
  const included = patterns.filter((pattern) => !pattern.startsWith('!'));
  const excluded = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const segmentsOf = (pattern: string): readonly string[] =>
    pattern.split('/').filter((part) => part !== '' && part !== '.');
  const found = (await Promise.all(included.map((pattern) => walk(directory, segmentsOf(pattern))))).flat();
  const isExcluded = (file: string): boolean =>
    isWorkspaceMember(path.relative(directory, file).split(path.sep).join('/'), excluded);
  return [...new Set(found)].filter((file) => !isExcluded(file)).toSorted();
};
