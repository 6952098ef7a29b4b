import { existsSync, readdirSync, type Dirent } from 'node:fs';

import { startDigest } from './digest-marks.ts';
import { BYTE_CODE, markFile, markPath, type Mark } from './path-marks.ts';

export interface TreeOptions {
  /** Absolute paths that are not entered or marked. */
  readonly ignored: ReadonlySet<string>;
  /** Above this a tree is not worth walking: the result is undefined. */
  readonly mostEntries: number;
}

export interface Tree {
  readonly marks: ReadonlyMap<string, Mark>;
  /** Folders that were not entered, and links: their contents are not marked. */
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

/** Marks everything below a folder: one `lstat` for each entry, no content. Links are not followed. undefined: too large. */
export const walkTree = (root: string, options: TreeOptions): Tree | undefined => {
  const marks = new Map<string, Mark>();
  const unseen = visitTree(root, options, (path, mark) => void marks.set(path, mark));
  return unseen === undefined ? undefined : { marks, unseen };
};

/** `digestMarks` of the tree, without keeping it: half the time and none of the memory, for what is done on every run. */
export const digestTree = (root: string, options: TreeOptions, written: ReadonlySet<string>): string | undefined => {
  const digest = startDigest(written);
  return visitTree(root, options, digest.add) === undefined ? undefined : digest.end();
};

/** Calls `visit` for each entry, always in the same order. Answers what was not seen; undefined: too large. */
const visitTree = (
  root: string,
  { ignored, mostEntries }: TreeOptions,
  visit: (path: string, mark: Mark) => void,
): ReadonlySet<string> | undefined => {
  const unseen = new Set<string>();
  const folders = [root];
  let count = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(folder, unseen)) {
      const path = `${folder}/${entry.name}`;
      if (ignored.has(path) || (entry.isDirectory() && isSkipped(entry.name, path))) {
        unseen.add(path);
      } else if (entry.isFile()) {
        visit(path, markFile(path));
      } else {
        visit(path, markPath(path));
        if (entry.isDirectory()) folders.push(path);
        else if (entry.isSymbolicLink()) unseen.add(path);
      }
      count += 1;
    }
    if (count > mostEntries) return undefined;
  }
  return unseen;
};

const isSkipped = (name: string, path: string): boolean =>
  SKIPPED.has(name) || existsSync(`${path}/${VIRTUAL_ENVIRONMENT}`);

const entriesOf = (folder: string, unseen: Set<string>): readonly Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch {
    // May not be read, or is just being removed: what the project reads in it is compared by itself.
    unseen.add(folder);
    return [];
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
