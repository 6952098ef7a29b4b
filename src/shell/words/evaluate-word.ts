import type { HereDocBody, Word, WordPart } from 'unbash';

import { collect } from '../../core/collect.ts';
import {
  joinPlaced,
  placeInstead,
  slicePlaced,
  spanOf,
  type PlacedText,
  type Segment,
} from '../../core/placed-text.ts';
import { showHoles } from '../holes.ts';
import type { Origin, ShellWord } from '../shell-run.ts';
import { choiceOf } from '../machine/join-shells.ts';
import { spend } from '../machine/effort.ts';
import type { Machine, Place } from '../machine/machine.ts';
import { expandParameter } from './expand-parameter.ts';
import { splitFields, wordOf, type Piece } from './fields.ts';
import { lookUp } from './look-up.ts';
import { placeLiteral, replaceHoles, unpad } from './place-literal.ts';
import { substitute } from './substitute.ts';

/** In characters, and in elements of a list. A script can double a value in each line; nobody means what comes of it. */
const LONGEST_VALUE = 20_000;
const MOST_ELEMENTS = 200;

/** The words a shell makes of a written one. */
export const evaluateWord = (word: Word, place: Place, machine: Machine): readonly ShellWord[] => {
  const span = spanOf(place.code.placed, word.pos, word.end);
  const words = splitFields(piecesOf(word, place, machine), span);
  return spend(machine, Math.floor(words.length / WORDS), () => span) ? words : [];
};

/** Words that are made for a step. */
const WORDS = 50;

/** As one word, where a shell does not split: an assignment, a redirection, a here-string. */
export const evaluateOne = (word: Word, place: Place, machine: Machine): ShellWord => {
  const pieces = piecesOf(word, place, machine);
  return wordOf(
    pieces.map(({ placed }) => placed),
    spanOf(place.code.placed, word.pos, word.end),
    collect(pieces, ({ origins }) => origins),
  );
};

const piecesOf = (word: Word, place: Place, machine: Machine): readonly Piece[] => {
  if (word.parts !== undefined) return collect(word.parts, (part) => evaluatePart(part, place, machine, false));
  return [literal(place, word.pos, word.end, word.value)];
};

/** What a here-document says: `<<EOF` is expanded, `<<'EOF'` is not, `<<-` loses the tabs lines begin with. */
export const evaluateBody = (
  body: HereDocBody,
  isQuoted: boolean,
  stripsTabs: boolean,
  place: Place,
  machine: Machine,
): ShellWord => {
  const { placed } = place.code;
  const span = spanOf(placed, body.pos, body.end);
  const parts = isQuoted ? undefined : body.parts;
  const pieces =
    parts === undefined
      ? [literal(place, body.pos, body.end, isQuoted ? body.text : unescapeBody(body.text))]
      : collect(parts, (part) => evaluatePart(part, place, machine, true));
  const texts = pieces.map((piece) => (stripsTabs && !piece.splits ? withoutTabs(piece.placed) : piece.placed));
  return wordOf(
    texts,
    span,
    collect(pieces, ({ origins }) => origins),
  );
};

const unescapeBody = (text: string): string => text.replaceAll(/\\([\\$`])|\\\n/g, '$1');

const withoutTabs = (placed: PlacedText): PlacedText => {
  if (!placed.text.includes('\t')) return placed;
  const parts: PlacedText[] = [];
  let from = 0;
  for (const found of placed.text.matchAll(/(?<=^|\n)\t+/g)) {
    parts.push(slicePlaced(placed, from, found.index));
    from = found.index + found[0].length;
  }
  parts.push(slicePlaced(placed, from));
  return joinPlaced(parts);
};

const literal = (place: Place, start: number, end: number, value: string): Piece => ({
  placed: replaceHoles(unpad(placeLiteral(place.code.placed, start, end, value)), place.shell.assumed),
  splits: false,
  isQuoted: false,
  origins: [],
});

const evaluatePart = (part: WordPart, place: Place, machine: Machine, isQuoted: boolean): readonly Piece[] => {
  const { placed } = place.code;
  const written = (): PlacedText => slicePlaced(placed, part.pos, part.end);
  const expansion = (value: string, origins: readonly Origin[]): Piece => {
    const at = written();
    noteOrigins(at, origins, machine);
    const known = value.length > LONGEST_VALUE ? machine.holes.of({ kind: 'unknown', name: '$…' }) : value;
    return { placed: placeInstead(known, at), splits: !isQuoted, isQuoted, origins };
  };
  switch (part.type) {
    case 'Literal':
      return [{ ...literal(place, part.pos, part.end, part.value), isQuoted }];
    case 'SingleQuoted':
      return [{ ...literal(place, part.pos + 1, part.end - 1, part.value), isQuoted: true }];
    case 'AnsiCQuoted':
      return [{ placed: placeInstead(part.value, written()), splits: false, isQuoted: true, origins: [] }];
    case 'DoubleQuoted':
    case 'LocaleString': {
      const inner = collect(part.parts, (child) => evaluatePart(child, place, machine, true));
      return inner.length > 0
        ? inner
        : [
            {
              placed: { text: '', segments: [] },
              splits: false,
              isQuoted: !isQuoted || part.parts.length === 0,
              origins: [],
            },
          ];
    }
    case 'SimpleExpansion':
    case 'ParameterExpansion': {
      const elements = listOf(part, place, machine);
      if (elements !== null) {
        return elements.map((piece, index) => ({
          ...piece,
          splits: !isQuoted,
          isQuoted,
          endsField: index < elements.length - 1,
        }));
      }
      const { value, origins } =
        part.type === 'SimpleExpansion'
          ? lookUp(part.text.slice(1), place, machine, null)
          : expandParameter(part, place, machine);
      return [expansion(value, origins)];
    }
    case 'CommandExpansion': {
      const { value, origins } = substitute(part, place, machine);
      return [expansion(value, origins)];
    }
    case 'ProcessSubstitution':
      substitute(part, place, machine);
      return [expansion(machine.holes.of({ kind: 'unknown', name: showHoles(part.text, machine.holes) }), [])];
    case 'ArithmeticExpansion':
      return [expansion(machine.holes.of({ kind: 'unknown', name: showHoles(part.text, machine.holes) }), [])];
    case 'BraceExpansion': {
      const options = /^\{([^{},]*(?:,[^{},]*)+)\}$/.exec(part.text)?.[1]?.split(',');
      return [
        options === undefined
          ? literal(place, part.pos, part.end, part.text)
          : expansion(choiceOf(options, part.text, machine.holes), []),
      ];
    }
    case 'Glob':
    case 'ExtendedGlob':
      return [literal(place, part.pos, part.end, part.text)];
  }
};

const placeKey = ({ source, offset }: Segment): string => `${source.file}:${offset}`;

const noteOrigins = (
  { segments: [segment] }: PlacedText,
  origins: readonly Origin[],
  { origins: known }: Machine,
): void => {
  if (segment !== undefined && origins.length > 0) known.set(placeKey(segment), origins);
};

const NO_ORIGINS: readonly Origin[] = [];

/** A word with what the shells around it have put into its text: to its own shell that is literal. */
export const withOuterOrigins = (word: ShellWord, { origins: known }: Machine): ShellWord => {
  if (word.origins.length > 0 || known.size === 0) return word;
  const outer = collect(word.placed.segments, (segment) =>
    segment.length === null ? NO_ORIGINS : (known.get(placeKey(segment)) ?? NO_ORIGINS),
  );
  return outer.length === 0 ? word : { ...word, origins: outer.slice(0, MOST_ORIGINS) };
};

const MOST_ORIGINS = 8;

/** `$@`, `"${list[@]}"`: a word for each element; null: none of these, or not known. */
const listOf = (
  part: Extract<WordPart, { readonly type: 'SimpleExpansion' | 'ParameterExpansion' }>,
  { shell, code }: Place,
  { holes }: Machine,
): readonly Piece[] | null => {
  const pieceOf = (placed: PlacedText, origins: readonly Origin[]): Piece => ({
    placed,
    splits: false,
    isQuoted: true,
    origins,
  });
  const name = part.type === 'SimpleExpansion' ? part.text.slice(1) : part.parameter;
  if (part.type === 'ParameterExpansion' && (part.operation !== undefined || part.prefix !== undefined)) {
    if (name !== '@' || part.operation?.type !== 'Slice' || part.operation.length !== undefined) return null;
    const from = Number(part.operation.offset.value);
    const start = Math.max(0, from - 1);
    return (
      shell.args?.slice(start, start + MOST_ELEMENTS).map(({ placed, origins }) => pieceOf(placed, origins)) ?? null
    );
  }
  if (name === '@' || name === '*') {
    return shell.args?.slice(0, MOST_ELEMENTS).map(({ placed, origins }) => pieceOf(placed, origins)) ?? null;
  }
  if (part.type !== 'ParameterExpansion' || !/^[@*]$/.test(part.index?.value ?? '')) return null;
  const cell = shell.variables.get(name);
  if (cell === undefined) return null;
  const at = slicePlaced(code.placed, part.pos, part.end);
  const values = cell.list ?? (cell.value === '' ? [] : [cell.value]);
  const isOpen = values.length === 0 && cell.list === null;
  if (isOpen) return [pieceOf(placeInstead(holes.of({ kind: 'unknown', name: part.text }), at), [])];
  return values
    .slice(0, MOST_ELEMENTS)
    .map((value) => pieceOf(placeInstead(value, at), [{ name: `$${name}`, span: cell.span }, ...cell.origins]));
};
