/** Edits (insert, delete, replace, swap neighbours) that turn one text into the other: optimal string alignment. */
export const editDistance = (a: string, b: string): number => {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i || j));
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? at(i - 2, j - 2) + 1 : Infinity;
      (rows[i] as number[])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped);
    }
  }
  return at(a.length, b.length);
};

const simplify = (name: string): string => name.toLowerCase().replaceAll(/[-_.\s]/g, '');

/** The candidate somebody most likely meant: the same but for case and separators, or a third of its letters wrong at the most. */
export const closestName = (name: string, candidates: readonly string[]): string | undefined => {
  const wanted = simplify(name);
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(wanted, simplify(candidate)) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(simplify(candidate).length / 3)))
    .toSorted((a, b) => a.distance - b.distance);
  return wanted === '' ? undefined : ranked[0]?.candidate;
};
