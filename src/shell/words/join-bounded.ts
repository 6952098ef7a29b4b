import { joinPlaced, slicePlaced, type PlacedText } from '../../core/placed-text.ts';

/** In characters: nobody means a longer text. A long variable that is named a thousand times makes one. */
const LONGEST = 500_000;

/** The parts one after the other, at most so many characters. */
export const joinBounded = (
  parts: readonly PlacedText[],
): { readonly placed: PlacedText; readonly isComplete: boolean } => {
  const [only] = parts;
  if (only !== undefined && parts.length === 1 && only.text.length <= LONGEST)
    return { placed: only, isComplete: true };
  let left = LONGEST;
  const end = parts.findIndex(({ text }) => (left -= text.length) < 0);
  if (end < 0) return { placed: joinPlaced(parts), isComplete: true };
  return { placed: slicePlaced(joinPlaced(parts.slice(0, end + 1)), 0, LONGEST), isComplete: false };
};
