import type { Problem } from '../../core/check.ts';
import { shellWord } from '../../core/shell-word.ts';

export const OWNERSHIP_FINDINGS = { 'files-of-another-user': 'warning', 'files-not-writable': 'warning' } as const;

type Code = keyof typeof OWNERSHIP_FINDINGS;

/** A file or folder that a setup writes to. */
export interface OwnedPath {
  /** Relative to the root: what `chown` or `chmod` is told, which may be the folder that it was found in. */
  readonly path: string;
  readonly owner: number;
  readonly isWritable: boolean;
}

/** What this user cannot write to; other people's files that can be written to are in order. */
export const judgeOwnership = (paths: readonly OwnedPath[], uid: number): readonly Problem<Code>[] => {
  const locked = paths.filter(({ isWritable }) => !isWritable);
  const others = locked.filter(({ owner }) => owner !== uid);
  const own = locked.filter(({ owner }) => owner === uid);
  return [
    ...(others.length === 0 ? [] : [ofAnother(topmost(others))]),
    ...(own.length === 0 ? [] : [notWritable(topmost(own))]),
  ];
};

const ofAnother = (paths: readonly OwnedPath[]): Problem<Code> => ({
  code: 'files-of-another-user',
  message: `${names(paths)} ${belong(paths)} to ${ownerName(paths[0])}, and you may not write there.`,
  evidence: paths.map((one) => `${one.path}: owned by ${ownerName(one)}`),
  remedy: {
    text: 'Take them over.',
    command: `sudo chown -R "$(id -u):$(id -g)" ${paths.map((one) => shellWord(one.path)).join(' ')}`,
  },
});

const notWritable = (paths: readonly OwnedPath[]): Problem<Code> => ({
  code: 'files-not-writable',
  message: `${names(paths)} cannot be written to, although you own ${paths.length === 1 ? 'it' : 'them'}.`,
  evidence: paths.map((one) => `${one.path}: owned by you`),
  remedy: {
    text: 'Allow yourself to write.',
    command: `chmod -R u+w ${paths.map((one) => shellWord(one.path)).join(' ')}`,
  },
});

/** Each once, without those that lie in another one of them. */
const topmost = (paths: readonly OwnedPath[]): readonly OwnedPath[] => {
  const once = [...new Map(paths.map((one) => [one.path, one])).values()];
  const isAbove = (other: OwnedPath, one: OwnedPath): boolean =>
    other !== one && (other.path === '.' || one.path.startsWith(`${other.path}/`));
  return once.filter((one) => !once.some((other) => isAbove(other, one)));
};

const names = (paths: readonly OwnedPath[]): string =>
  paths.map((one) => (one.path === '.' ? 'The checkout' : one.path)).join(', ');

const belong = (paths: readonly OwnedPath[]): string => (paths.length === 1 ? 'belongs' : 'belong');

const ownerName = (one: OwnedPath | undefined): string => (one?.owner === 0 ? 'root' : `user ${one?.owner}`);
