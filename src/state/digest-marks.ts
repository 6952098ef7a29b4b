import { createHash } from 'node:crypto';

import { latest, type Mark } from './path-marks.ts';

/** SHA-256 (hex) over paths and marks, in any order. Of a path that is only `written` it counts whether it is there, and as what. */
export const digestMarks = (marks: ReadonlyMap<string, Mark>, written: ReadonlySet<string>): string => {
  const lines = [...marks].map(([path, mark]) => `${path}\0${comparable(path, mark, written)}\n`).toSorted();
  return createHash('sha256').update(lines.join('')).digest('hex');
};

/** The path that was changed last, and when; `written` ones left out. */
export const findNewest = (
  marks: ReadonlyMap<string, Mark>,
  written: ReadonlySet<string>,
): { readonly path: string | null; readonly changedAt: bigint } => {
  let found: { path: string | null; changedAt: bigint } = { path: null, changedAt: 0n };
  for (const [path, { changedAt }] of marks) {
    if (!written.has(path) && latest(changedAt, found.changedAt) !== found.changedAt) found = { path, changedAt };
  }
  return found;
};

/** A path whose mark differs, or that only one of both has; null: they are the same. */
export const findDifference = (
  before: ReadonlyMap<string, Mark>,
  after: ReadonlyMap<string, Mark>,
  written: ReadonlySet<string>,
): string | null => {
  const differs = ([path, mark]: readonly [string, Mark], other: ReadonlyMap<string, Mark>): boolean =>
    !written.has(path) && other.get(path)?.text !== mark.text;
  const found =
    [...after].find((entry) => differs(entry, before)) ?? [...before].find((entry) => differs(entry, after));
  return found?.[0] ?? null;
};

const comparable = (path: string, { text }: Mark, written: ReadonlySet<string>): string =>
  written.has(path) ? (text.split(' ', 1)[0] ?? '') : text;
