import { nameAlone, type Found, type Hit } from './known-problem.ts';

interface Version {
  readonly release: readonly number[];
  /** `rc1`, `.post2`; the epoch is ignored. */
  readonly rest: string;
}

const parse = (written: string): Version => {
  const [, release = '0', rest = ''] = /^v?(?:\d+!)?(\d+(?:\.\d+)*)(.*)$/.exec(written.trim()) ?? [];
  return { release: release.split('.').map(Number), rest: rest.replaceAll(/[._-]/g, '') };
};

const compare = (one: readonly number[], other: readonly number[]): number => {
  const length = Math.max(one.length, other.length);
  const at = Array.from({ length }, (_, index) => index).find((index) => (one[index] ?? 0) !== (other[index] ?? 0));
  return at === undefined ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
};

/** Whether a version is one that a specifier of PEP 440 takes; of a pre-release its release counts, but for `==`. */
export const takes = (specifier: string, written: string): boolean => {
  const version = parse(written);
  return specifier.split(',').every((clause) => {
    const [, operator = '', text = ''] = /^\s*(===?|~=|!=|[<>]=?)\s*(.+?)\s*$/.exec(clause) ?? [];
    if (operator === '') return true;
    const isSeries = text.endsWith('.*');
    const wanted = parse(text.replace(/\.\*$/, ''));
    const difference = compare(version.release, wanted.release);
    const isOfSeries = (length: number): boolean =>
      compare(version.release.slice(0, length), wanted.release.slice(0, length)) === 0;
    const isSame = isSeries ? isOfSeries(wanted.release.length) : difference === 0 && version.rest === wanted.rest;
    switch (operator) {
      case '!=':
        return !isSame;
      case '<':
        return difference < 0;
      case '<=':
        return difference <= 0;
      case '>':
        return difference > 0;
      case '>=':
        return difference >= 0;
      case '~=':
        return difference >= 0 && isOfSeries(wanted.release.length - 1);
      default:
        return isSame;
    }
  });
};

/**
 * pip ends each search without a result with the versions that it has ignored because of their Python, of all packages so far. They are the reason only
 * if the requirement that failed takes one of them; a name without a version takes each, and says nothing.
 */
export const ignoredVersion = (text: string): Hit | undefined => {
  const listed = /Ignored the following versions that require a different python version: ([^\n]+)/.exec(text)?.[1];
  const failed = /No matching distribution found for ([^\n]+)/.exec(text);
  if (listed === undefined || failed === null) return undefined;
  const requirement = (failed[1] ?? '').replace(/ \(from [^\n]*$/, '').trim();
  const specifier = requirement.replace(/^[\w.-]+\s*(?:\[[^\]]*\])?/, '').replace(/;.*$/, '');
  if (specifier.trim() === '') return undefined;
  const fitting = listed.split('; ').flatMap((entry) => {
    const [, version, range] = /^(\S+) Requires-Python (.+)$/.exec(entry.trim()) ?? [];
    return version !== undefined && range !== undefined && takes(specifier, version) ? [range] : [];
  });
  const what = fitting.at(-1);
  return what === undefined ? undefined : { what, of: requirement, at: failed.index + failed[0].length };
};

/** What Poetry says of each package that it cannot install: how many files of it the index has for anything. Before 2.0 it counts none. */
const candidatesIn = (text: string): readonly (Hit & { readonly count: number | undefined })[] =>
  [...text.matchAll(/Unable to find installation candidates for ([^\n]+)((?:(?!Unable to find)[^])*)/g)].map(
    ({ 0: all, 1: what, 2: more = '', index }) => {
      const count = /(\d+) candidate\(s\) were identified/.exec(more)?.[1];
      return { what: what?.trim(), count: count === undefined ? undefined : Number(count), at: index + all.length };
    },
  );

/** The index has files, and none fits. */
export const noneFits = (text: string): Hit | undefined => candidatesIn(text).find(({ count }) => count !== 0);

/** The index has no file at all of any package that fails. */
export const nothingInIndex = (text: string): Hit | undefined => {
  const [first, ...others] = candidatesIn(text);
  return [first, ...others].every((each) => each?.count === 0) ? first : undefined;
};

/** Of a name without a version pip does not say whether there is none, or none for this Python. */
export const otherPythons = ({
  what,
  tool,
  output,
  typed,
}: Pick<Found, 'what' | 'tool' | 'output' | 'typed'>): string =>
  tool === 'pip' && output.includes('Ignored the following versions that require a different python version')
    ? ` Or all its versions need another Python: \`${typed ?? 'python3 -m pip'} index versions ${nameAlone(what)} --ignore-requires-python\` shows them.`
    : '';
