import { hasHole, isHole, type Hole, type Holes } from '../../shell/holes.ts';

/** The secret that a hole is, or that one of its choices has; null: none. */
const secretIn = (hole: Hole | undefined, holes: Holes, depth: number): string | null => {
  if (hole === undefined || depth > 5) return null;
  if (hole.kind === 'secret') return hole.name;
  for (const option of hole.options ?? []) {
    const [found] = findSecrets(option, holes, depth + 1);
    if (found !== undefined) return found.name;
  }
  return null;
};

/** The secrets that a value has in it, with their places, in order. */
export const findSecrets = (
  value: string,
  holes: Holes,
  depth = 0,
): readonly { readonly name: string; readonly at: number }[] => {
  if (!hasHole(value)) return NO_SECRETS;
  const found: { name: string; at: number }[] = [];
  for (let at = 0; at < value.length; at++) {
    const character = value.charAt(at);
    if (!isHole(character)) continue;
    const name = secretIn(holes.get(character), holes, depth);
    if (name !== null) found.push({ name, at });
  }
  return found;
};

const NO_SECRETS: ReturnType<typeof findSecrets> = [];

export const hasSecret = (value: string, holes: Holes): boolean => findSecrets(value, holes).length > 0;
