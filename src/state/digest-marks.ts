import { createHash } from 'node:crypto';

import { latest, type Mark } from './path-marks.ts';

export interface MarkDigest {
  add(path: string, mark: Mark): void;
  /** SHA-256 (hex) over the paths and marks in their order. */
  end(): string;
}

/** Of a path that is only `written` it counts whether it is there, and as what. */
export const startDigest = (written: ReadonlySet<string>): MarkDigest => {
  const hash = createHash('sha256');
  let lines = '';
  return {
    add: (path, { text }) => {
      lines += `${path}\0${written.has(path) ? (text.split(' ', 1)[0] ?? '') : text}\n`;
      if (lines.length < BLOCK) return;
      hash.update(lines);
      lines = '';
    },
    end: () => hash.update(lines).digest('hex'),
  };
};

/** Characters at a time: each call costs more than its bytes. */
const BLOCK = 65_536;

export const digestMarks = (marks: ReadonlyMap<string, Mark>, written: ReadonlySet<string>): string => {
  const digest = startDigest(written);
  for (const [path, mark] of marks) digest.add(path, mark);
  return digest.end();
};

/** The path that was changed last, and when; `written` ones are excluded. */
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
