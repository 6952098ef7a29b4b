import { intersects, validRange } from 'semver';

import { readNodeWishes, type NodeWish } from '../../checks/toolchain/node-wishes.ts';
import type { Finding } from './finding.ts';

/** Lines with long-term support that devsetup runs on, the preferred one first. */
const PREFERRED = [22, 24, 20];
const OLDEST = 20;

export const findNodeVersion = async (root: string, directories: readonly string[]): Promise<Finding | undefined> =>
  chooseNode(await readNodeWishes(root, directories));

/** The line that suits all of them; devsetup itself needs 20. */
export const chooseNode = (wishes: readonly NodeWish[]): Finding | undefined => {
  const [first] = wishes;
  if (first === undefined) return undefined;
  const pins = wishes.filter((wish) => wish.kind === 'pin');
  const { source } = pins[0] ?? first;
  const candidates = [...pins.flatMap(({ majors }) => majors), ...PREFERRED].filter((major) => major >= OLDEST);
  const major = candidates.find((candidate) => wishes.every((wish) => suits(candidate, wish)));
  if (major !== undefined) return { value: String(major), source };
  const nearest = candidates.find((candidate) => pins.some(({ majors }) => majors.includes(candidate))) ?? OLDEST;
  return { value: String(nearest), source: `as near to ${source} as devsetup runs on` };
};

/** The image of a line holds its newest version. */
const suits = (major: number, wish: NodeWish): boolean => {
  if (wish.kind === 'pin') return wish.majors.includes(major);
  return validRange(wish.text) === null || intersects(wish.text, `>=${major}.19.0 <${major + 1}.0.0-0`);
};
