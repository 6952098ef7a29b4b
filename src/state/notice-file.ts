import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { withFileLock } from './file-lock.ts';
import { parseNotices, printable, renderNotices, type Notice } from './notice.ts';
import { isRunning } from './process-identity.ts';
import type { StateStore } from './state-store.ts';
import { writeAtomically } from './write-atomically.ts';

/** A shell reads them all: so many checkouts with something to say nobody has. */
const MOST = 50;
const PATIENCE_MILLISECONDS = 1000;

/** One for all checkouts of a user, so that a shell profile can name it before there is a checkout. */
export const noticeFile = (store: Pick<StateStore, 'directory'>): string => join(dirname(store.directory), 'notices');

/** Puts this notice in place of the one its checkout had. */
export const postNotice = async (file: string, notice: Notice): Promise<void> => {
  const root = realPath(notice.root);
  await change(file, notice.pid, (notices) => [{ ...notice, root }, ...without(notices, root)]);
};

/** Nothing is to be said of this checkout any more; the notice of another run that goes on stays. */
export const removeNotice = async (file: string, { root, pid }: Pick<Notice, 'root' | 'pid'>): Promise<void> => {
  if (!existsSync(file)) return;
  const real = realPath(root);
  await change(file, pid, (notices) => notices.filter((notice) => !isOf(notice, real) || goesOn(notice, pid)));
};

const without = (notices: readonly Notice[], root: string): readonly Notice[] =>
  notices.filter((notice) => !isOf(notice, root));

/** As it was written: with what a terminal must not see taken out. */
const isOf = (notice: Notice, root: string): boolean => notice.root === printable(root);

const goesOn = (notice: Notice, pid: number): boolean =>
  notice.status === 'running' && notice.pid !== pid && isRunning(notice);

/** A notice is worth no failure and no delay of a run: what cannot be written is not said. */
const change = async (
  file: string,
  pid: number,
  edit: (notices: readonly Notice[]) => readonly Notice[],
): Promise<void> => {
  const write = (): void => {
    const before = read(file);
    const after = edit(before)
      .filter(({ root }) => root.includes('?') || existsSync(root))
      .slice(0, MOST);
    if (after.length === 0) rmSync(file, { force: true });
    else writeAtomically(file, renderNotices(after));
  };
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const { signal } = new AbortController();
    const limit = { milliseconds: PATIENCE_MILLISECONDS, error: () => new Error('the notices are locked') };
    await withFileLock(`${file}.lock`, { pid, signal, limit, onWaiting: () => undefined }, async () => write()).catch(
      write,
    );
  } catch {
    // As documented.
  }
};

const read = (file: string): readonly Notice[] => {
  try {
    return parseNotices(readFileSync(file, 'utf8'));
  } catch {
    // None yet, or one that cannot be read: what this run has to say counts.
    return [];
  }
};

const realPath = (root: string): string => {
  try {
    return realpathSync(root);
  } catch {
    // A root that is gone has no other name than the one given.
    return root;
  }
};
