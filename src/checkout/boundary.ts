import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** True for the folder itself and everything below it. */
export const isInside = (folder: string, file: string): boolean => {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
};

/** The folder that nothing of this checkout may lead out of: the git work tree around the root, else the root itself. */
export const boundaryOf = (root: string): string => {
  const real = realpathSync(root);
  return workTreeAround(real) ?? real;
};

/** Folders that commands work on and that have no `.git`: an unpacked archive deserves no more trust than a clone. */
const rootsWithoutGit = new Set<string>();

/** From now on, links in this folder that lead out of it are refused, as those of a git work tree are. */
export const declareRoot = (root: string): void => {
  const real = realpathSync(root);
  if (workTreeAround(real) === undefined) rootsWithoutGit.add(real);
};

/** Which places a file may really be at. */
export interface Bounds {
  /** The checkout it must be in, links or not. */
  readonly within?: string | undefined;
  /** The folder of what names it: a file in a git work tree names files of that work tree only. */
  readonly from?: string | undefined;
  /** What users link to a place of their own: virtual environments, `.env`. Their text is never shown. */
  readonly anywhere?: boolean | undefined;
}

/**
 * The real path of a file.
 *
 * Without bounds, only links count: a link inside a git work tree, or inside a project without one (`declareRoot`), must not lead out of it, whereas a path that the user typed may
 * name any place, and a checkout may itself be reached through a link.
 *
 * @returns null: it leads outside the checkout
 * @throws as realpath, e.g. ENOENT
 */
export const resolveInCheckout = (file: string, { within, from, anywhere }: Bounds = {}): string | null => {
  const real = realpathSync(file);
  if (anywhere === true) return real;
  if (within !== undefined) return isInside(boundaryOf(within), real) ? real : null;
  const tree = from === undefined ? undefined : workTreeAround(realpathSync(from));
  if (tree !== undefined) return isInside(tree, real) ? real : null;
  return real === path.resolve(file) || !escapes(path.resolve(file)) ? real : null;
};

/** More links in one path than any system follows. */
const MOST_LINKS = 40;

/** Follows the path one name at a time, since only the folder that a link lies in says which work tree the link belongs to. */
const escapes = (file: string): boolean => {
  const names = path.relative(path.parse(file).root, file).split(path.sep);
  let place = path.parse(file).root;
  for (let links = 0; names.length > 0;) {
    const next = path.join(place, names.shift() ?? '');
    if (!lstatSync(next).isSymbolicLink()) {
      place = next;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return true;
    const target = path.resolve(place, readlinkSync(next));
    const tree = workTreeAround(place) ?? declaredAround(place);
    if (tree !== undefined && !isInside(tree, target)) return true;
    place = path.parse(target).root;
    names.unshift(...path.relative(place, target).split(path.sep));
  }
  return false;
};

/** The widest of them: what is next to a project in the same checkout belongs to it. */
const declaredAround = (folder: string): string | undefined =>
  [...rootsWithoutGit].filter((root) => isInside(root, folder)).toSorted((a, b) => a.length - b.length)[0];

/** `.git` in the home directory or at the root of the file system does not turn everything below it into a checkout. */
const workTreeAround = (folder: string): string | undefined => {
  const home = homedir();
  for (let place = folder; ; place = path.dirname(place)) {
    const isTop = place === path.dirname(place);
    if (!isTop && place !== home && lstatSync(path.join(place, '.git'), { throwIfNoEntry: false }) !== undefined)
      return place;
    if (isTop) return undefined;
  }
};
