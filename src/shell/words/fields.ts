import { slicePlaced, type PlacedText, type Span } from '../../core/placed-text.ts';
import type { Origin, ShellWord } from '../shell-run.ts';
import { joinBounded } from './join-bounded.ts';

/** What one part of a word expands to. */
export interface Piece {
  readonly placed: PlacedText;
  /** Blanks in it divide words: an expansion outside of quotes. */
  readonly splits: boolean;
  /** It makes a word even if it is empty: quotes. */
  readonly isQuoted: boolean;
  readonly origins: readonly Origin[];
  /** A word ends here: between the elements of `"$@"`. */
  readonly endsField?: boolean;
}

interface Field {
  readonly parts: PlacedText[];
  readonly origins: Origin[];
  isStarted: boolean;
}

/** A variable of many words can be named many times. */
const MOST_WORDS = 20_000;

/** The words that the parts of a written one become; of more than `MOST_WORDS` the first ones. */
export const splitFields = (pieces: readonly Piece[], span: Span): readonly ShellWord[] => {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1 && !(only.splits && /\s/.test(only.placed.text))) {
    return only.isQuoted || only.placed.text !== '' ? [wordOf([only.placed], span, only.origins)] : [];
  }
  const words: ShellWord[] = [];
  let field: Field = { parts: [], origins: [], isStarted: false };
  const finish = (): void => {
    if (field.isStarted) words.push(wordOf(field.parts, span, field.origins));
    field = { parts: [], origins: [], isStarted: false };
  };
  for (const piece of pieces) {
    if (words.length >= MOST_WORDS) break;
    const { placed } = piece;
    if (!piece.splits || !/\s/.test(placed.text)) {
      if (piece.isQuoted || placed.text !== '') field.isStarted = true;
      field.parts.push(placed);
      field.origins.push(...piece.origins);
    } else {
      for (const found of placed.text.matchAll(/\s+|\S+/g)) {
        if (/^\s/.test(found[0])) {
          finish();
          continue;
        }
        field.parts.push(slicePlaced(placed, found.index, found.index + found[0].length));
        field.origins.push(...piece.origins);
        field.isStarted = true;
      }
    }
    if (piece.endsField === true) finish();
  }
  finish();
  return words;
};

export const wordOf = (parts: readonly PlacedText[], span: Span, origins: readonly Origin[]): ShellWord => {
  const placed = joinBounded(parts).placed;
  return { value: placed.text, placed, span, origins: distinct(origins) };
};

const MOST_ORIGINS = 12;

const distinct = (origins: readonly Origin[]): readonly Origin[] =>
  origins.length < 2
    ? origins
    : [...new Map(origins.map((origin) => [`${origin.name} ${origin.span?.line ?? ''}`, origin])).values()].slice(
        0,
        MOST_ORIGINS,
      );
