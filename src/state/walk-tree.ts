import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { BYTE_CODE, markPath, type Mark } from './path-marks.ts';

export interface TreeOptions {
  /** Absolute paths that are not entered or marked. */
  readonly ignored: ReadonlySet<string>;
  /** Above this a tree is not worth walking: the result is undefined. */
  readonly mostEntries: number;
}

export interface Tree {
  readonly marks: ReadonlyMap<string, Mark>;
  /** Folders that were not entered, and links: what lies behind these is not marked. */
  readonly unseen: ReadonlySet<string>;
}

/**
 * Folders in which tools keep what they made themselves. What a project does read there is compared because it was read, not
 * because it lies in the checkout.
 */
const SKIPPED: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  BYTE_CODE,
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.tox',
  '.nox',
  '.next',
  '.nuxt',
  '.svelte-kit',
  '.turbo',
  '.parcel-cache',
]);
const VIRTUAL_ENVIRONMENT = 'pyvenv.cfg';

/** Marks everything below a folder: one `lstat` for each entry, no content. Links are not followed. */
export const walkTree = (root: string, { ignored, mostEntries }: TreeOptions): Tree | undefined => {
  const marks = new Map<string, Mark>();
  const unseen = new Set<string>();
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = entriesOf(folder);
    if (entries === undefined || (folder !== root && entries.some(({ name }) => name === VIRTUAL_ENVIRONMENT))) {
      unseen.add(folder);
      marks.delete(folder);
      continue;
    }
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (ignored.has(path) || (SKIPPED.has(entry.name) && entry.isDirectory())) {
        unseen.add(path);
        continue;
      }
      marks.set(path, markPath(path));
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isSymbolicLink()) unseen.add(path);
    }
    if (marks.size > mostEntries) return undefined;
  }
  return { marks, unseen };
};

const entriesOf = (folder: string) => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // May not be read, or is just being removed: what the project reads in it is compared by itself.
    return undefined;
  }
};

/** Whether a path lies in the tree and was marked with it, found or not. */
export const isSeen = ({ unseen }: Tree, root: string, path: string): boolean => {
  if (!path.startsWith(`${root}/`) || /\/(\.{0,2})(\/|$)/.test(path)) return false;
  for (let at = path; at.length > root.length; at = at.slice(0, at.lastIndexOf('/'))) {
    if (unseen.has(at)) return false;
  }
  return true;
};
