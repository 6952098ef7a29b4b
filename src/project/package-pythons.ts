import path from 'node:path';

import { findText, shown } from './files.ts';
import type { VersionWish } from './version-wish.ts';

export interface PackagePython extends VersionWish {
  readonly kind: 'packages' | 'wheels';
}

/** Minor versions of Python 3 that one release of a package works on; null: no newest one is known. */
interface Release {
  readonly version: readonly number[];
  readonly oldest: number;
  readonly newest: number | null;
}

const release = (version: string, oldest: number, newest: number | null): Release => ({
  version: version.split('.').map(Number),
  oldest,
  newest,
});

/**
 * Django by series: the oldest Python is that of its metadata (docs.djangoproject.com, "What Python version can I use with Django?"), the newest
 * the last on which it starts: up to 3.2 it imports distutils, which Python 3.12 lacks, up to 4.1 cgi, which 3.13 lacks, and up to 5.1 templates
 * fail on 3.14 (ticket 35844). Seen by installing and importing each on 3.11 to 3.13.
 */
const DJANGO = [
  release('2.2', 5, 11),
  release('3.0', 6, 11),
  release('3.1', 6, 11),
  release('3.2', 6, 12),
  release('4.0', 8, 12),
  release('4.1', 8, 13),
  release('4.2', 8, 13),
  release('5.0', 10, 13),
  release('5.1', 10, 13),
  release('5.2', 10, null),
  release('6.0', 12, null),
];

/**
 * From this release on there are wheels for a Python; before, pip compiles psycopg2-binary. Of psycopg-binary there are only wheels: psycopg
 * reports that it has no implementation.
 */
const WHEELS: Readonly<Record<string, readonly Release[]>> = {
  'psycopg2-binary': [
    release('2.8', 4, 7),
    release('2.8.4', 4, 8),
    release('2.8.6', 4, 9),
    release('2.9', 6, 9),
    release('2.9.1', 6, 10),
    release('2.9.5', 6, 11),
    release('2.9.9', 7, 12),
    release('2.9.10', 8, 13),
    release('2.9.11', 9, 14),
  ],
  'psycopg-binary': [
    release('3.0', 6, 10),
    release('3.1.4', 7, 11),
    release('3.1.12', 7, 12),
    release('3.2.2', 8, 13),
    release('3.2.10', 8, 14),
  ],
};

const compare = (one: readonly number[], other: readonly number[]): number => {
  const length = Math.max(one.length, other.length);
  const index = Array.from({ length }, (_, at) => at).find((at) => (one[at] ?? 0) !== (other[at] ?? 0));
  return index === undefined ? 0 : (one[index] ?? 0) - (other[index] ?? 0);
};

/** The last of these that is not newer than a version: its series, or the release that last changed something. */
const releaseOf = (releases: readonly Release[], version: readonly number[]): Release | undefined =>
  releases.findLast((each) => compare(each.version, version) <= 0);

interface Asked {
  readonly name: string;
  /** As it is written, e.g. `==3.2.25` or `>=3.2,<4.0`. */
  readonly specifier: string;
}

const NAMES = 'django|psycopg2-binary|psycopg-binary|psycopg\\[[^\\]]*binary[^\\]]*\\]';

/** A line of a requirement file or list, an entry of uv's, poetry's or pdm's lock, one of Pipfile.lock. */
const PLACES = [
  new RegExp(`^[\\s"']*(${NAMES})(?:\\[[^\\]]*\\])?\\s*((?:[=<>!~]=?=?\\s*[\\d.*]+\\s*,?\\s*)+)`, 'gim'),
  new RegExp(`name = "(${NAMES})"\\r?\\nversion = "([\\d.]+)"`, 'gi'),
  new RegExp(`"(${NAMES})": \\{[^}]*?"version": "(==[\\d.]+)"`, 'gi'),
];

const asked = (text: string): readonly Asked[] =>
  PLACES.flatMap((place) =>
    [...text.matchAll(place)].map(([, name = '', specifier = '']) => ({
      name: name.toLowerCase().replace(/^psycopg\[.*/, 'psycopg-binary'),
      specifier: specifier
        .replaceAll(/\s/g, '')
        .replace(/,$/, '')
        .replace(/^(?=\d)/, '=='),
    })),
  );

const suits = (series: readonly number[], specifier: string): boolean =>
  specifier.split(',').every((clause) => {
    const [, operator = '', written = ''] = /^(===?|~=|!=|[<>]=?)(.+)$/.exec(clause) ?? [];
    const wanted = written
      .split('.')
      .filter((part) => part !== '*')
      .map(Number);
    // A series is compared by as much as it has: 4.2 suits `>=4.2.3`, and `<4.2` excludes all of it.
    const difference = compare(series, wanted.slice(0, series.length));
    switch (operator) {
      case '<':
        return difference < 0 || (difference === 0 && wanted.slice(series.length).some((part) => part > 0));
      case '<=':
        return difference <= 0;
      case '>':
      case '>=':
        return difference >= 0;
      case '~=':
        return wanted.length > 2 ? difference === 0 : difference >= 0 && series[0] === wanted[0];
      case '!=':
        return true;
      default:
        return difference === 0;
    }
  });

/** The minor versions on which what a specifier leads to works: the newest series that can be installed there is installed. */
const minorsOf = ({ name, specifier }: Asked): readonly number[] | null => {
  const exact = /^===?([\d.]+)$/.exec(specifier)?.[1]?.split('.').map(Number);
  const candidates = (): readonly Release[] => {
    if (name === 'django') return DJANGO.filter(({ version }) => suits(version, specifier));
    const one = exact === undefined ? undefined : releaseOf(WHEELS[name] ?? [], exact);
    return one === undefined ? [] : [one];
  };
  const found = candidates();
  if (found.length === 0) return null;
  return MINORS.filter((minor) => {
    const installed = found.findLast(({ oldest }) => oldest <= minor);
    return installed !== undefined && (installed.newest === null || minor <= installed.newest);
  });
};

/** Versions that are thought of. */
const MINORS = Array.from({ length: 30 }, (_, minor) => minor).slice(5);

/** `>=3.8,<3.12` of 8, 9, 10, 11. */
const rangeOf = (minors: readonly number[]): string => {
  const last = minors.at(-1);
  return `>=3.${minors[0]}${last === undefined || last === MINORS.at(-1) ? '' : `,<3.${last + 1}`}`;
};

/** Which Python the pinned Django and PostgreSQL driver work on. Where files ask for one package twice, nothing is said of it. */
export const readPackagePythons = async (root: string, files: readonly string[]): Promise<readonly PackagePython[]> => {
  const found = (
    await Promise.all(
      files.map(async (file) => {
        const isLock = file.endsWith('.lock');
        const isList = /\.(?:txt|in)$|pyproject\.toml$/.test(path.basename(file));
        if (!isLock && !isList) return [];
        return asked((await findText(file)) ?? '').map((each) => ({ ...each, isLock, file: shown(root, file) }));
      }),
    )
  ).flat();
  // What is locked is what gets installed.
  const isLocked = found.some(({ isLock }) => isLock);
  const counted = found.filter(({ isLock }) => isLock || !isLocked);
  return ['django', ...Object.keys(WHEELS)].flatMap((name): readonly PackagePython[] => {
    const [first, ...others] = counted.filter((each) => each.name === name);
    if (first === undefined || others.some(({ specifier }) => specifier !== first.specifier)) return [];
    const minors = minorsOf(first);
    if (minors === null || minors.length === 0) return [];
    const called = `${name === 'django' ? 'Django' : name} ${first.specifier.replace(/^==/, '')}`;
    const kind = name === 'psycopg2-binary' ? 'wheels' : 'packages';
    return [{ kind, source: `${first.file} (${called})`, file: first.file, text: rangeOf(minors) }];
  });
};
