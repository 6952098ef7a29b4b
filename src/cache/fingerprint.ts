import { digestMarks } from '../state/digest-marks.ts';
import { markEntries, markNames, markPath, type Mark } from '../state/path-marks.ts';
import { digestTree, isSeen, walkTree, type Tree, type TreeOptions } from '../state/walk-tree.ts';
import type { Observed } from './cached-run.ts';

export interface Checkout {
  /** Absolute, links resolved. */
  readonly root: string;
  /** What devsetup writes itself, absolute. */
  readonly ignored: readonly string[];
}

/** A walk of a second; larger checkouts are not cached. */
export const MOST_ENTRIES = 300_000;

const optionsOf = ({ ignored }: Checkout): TreeOptions => ({ ignored: new Set(ignored), mostEntries: MOST_ENTRIES });

/** undefined: too large. */
export const walkCheckout = (checkout: Checkout): Tree | undefined => walkTree(checkout.root, optionsOf(checkout));

/** undefined: too large. */
export const digestCheckout = (checkout: Checkout, written: readonly string[]): string | undefined =>
  digestTree(checkout.root, optionsOf(checkout), new Set(written));

/** What the checkout's own tree does not show; a link in it leads elsewhere. */
export const outsideOf = (observed: Observed, tree: Tree, { root }: Checkout): Observed => {
  const outside = (paths: readonly string[]): readonly string[] => paths.filter((path) => !isSeen(tree, root, path));
  const { files, written, listed, scanned, trees } = observed;
  return {
    files: outside(files),
    // Of the checkout's own files, too, it has to be known which are only written.
    written,
    // What is listed may be shown by its entries, but not the root itself.
    listed: outside(listed).filter((path) => path !== root),
    scanned: outside(scanned).filter((path) => path !== root),
    trees: outside(trees).filter((path) => path !== root),
  };
};

/** The state of everything outside of the checkout that this start of Django depended on; undefined: too large. */
export const markObserved = (observed: Observed, checkout: Checkout): ReadonlyMap<string, Mark> | undefined => {
  const marks = new Map<string, Mark>();
  for (const path of observed.files) marks.set(path, markPath(path));
  for (const path of observed.listed) marks.set(`${path}/`, markNames(path));
  for (const path of observed.scanned) marks.set(`${path}/*`, markEntries(path));
  for (const path of observed.trees) {
    const tree = walkTree(path, optionsOf(checkout));
    if (tree === undefined) return undefined;
    for (const [inside, mark] of tree.marks) marks.set(inside, mark);
  }
  return marks;
};

export const digestObserved = (observed: Observed, checkout: Checkout): string | undefined => {
  const marks = markObserved(observed, checkout);
  return marks === undefined ? undefined : digestMarks(marks, new Set(observed.written));
};
