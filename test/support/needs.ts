import { chownSync } from 'node:fs';

import { findOnPath } from './find-on-path.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Why the test is skipped on this machine. */
    skipped?: string;
    /** It cannot be had on every machine: skipping it is no failure with CI=true. */
    isOptional?: boolean;
  }
}

export interface Needs {
  readonly skip?: true;
  readonly meta?: { readonly skipped: string; readonly isOptional: boolean };
}

/**
 * Options of a test or `describe` that this machine may be unable to run: without what it needs it is skipped, and the end of the run lists it
 * with this reason (`test/support/skipped-tests.ts`).
 */
export const needs = (isAvailable: boolean, reasonWithout: string, isOptional = false): Needs =>
  isAvailable ? {} : { skip: true, meta: { skipped: reasonWithout, isOptional } };

export const isRoot = process.getuid?.() === 0;

/** A user without rights. */
export const NOBODY = 65_534;

/** Runs `work` as a user who owns the folder and is not root: root may read everything. */
export const withoutRights = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  if (!isRoot) return work();
  chownSync(folder, NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
};

/** Only root can start a program as another user, or give a file away. */
export const needsRoot: Needs = needs(isRoot, 'only root can act as another user');

export const needsPostgresClient: Needs = needs(findOnPath('psql') !== undefined, 'psql is not installed');

export const needsLinux: Needs = needs(process.platform === 'linux', 'only Linux has /proc', true);
