import path from 'node:path';

import { minVersion, satisfies, validRange } from 'semver';

import type { Place } from '../core/check.ts';
import { isInside, shown } from './files.ts';

/** What a file of the project says about the version of an interpreter. */
export interface VersionWish {
  /** Relative to the root, with the key where it is not the whole file, e.g. `frontend/package.json (engines)`. */
  readonly source: string;
  /** Relative to the root. */
  readonly file: string;
  /** As it is written. */
  readonly text: string;
}

export const placeOf = ({ file }: VersionWish): Place => ({ file, line: null, column: null });

export const evidenceOf = (wishes: readonly VersionWish[]): readonly string[] =>
  wishes.map(({ source, text }) => `${source}: ${text}`);

/** The lines of a version file that say something: `.nvmrc` and `.tool-versions` may hold comments. */
export const meaningfulLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');

/** The versions that asdf's or mise's `.tool-versions` names for a tool, the preferred one first. */
export const toolVersions = (text: string, names: readonly string[]): readonly string[] =>
  meaningfulLines(text)
    .map((line) => line.split(/\s+/))
    .filter(([tool]) => tool !== undefined && names.includes(tool))
    .flatMap(([, ...versions]) => versions);

/** Relative to the root where it lies inside, else absolute. */
export const shownPath = (root: string, file: string): string => (isInside(root, file) ? shown(root, file) : file);

export const inFolder = (root: string, directory: string, name: string): string =>
  shown(root, path.join(directory, name));

/** Lines of Node with long-term support, for a range that names no lower bound. */
const SUPPORTED = [24, 22, 20, 18];

/** The line of Node to install for a range; null: what semver cannot read. */
export const wantedMajor = (range: string): number | null => {
  if (validRange(range) === null) return null;
  const lowest = minVersion(range)?.major ?? 0;
  return lowest > 0 ? lowest : (SUPPORTED.find((major) => satisfies(`${major}.0.0`, range)) ?? null);
};
