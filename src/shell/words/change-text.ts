import { expandChoices, hasHole, holesIn, isHole, type Holes } from '../holes.ts';
import { choiceOf } from '../machine/join-shells.ts';

/** In characters: patterns are tried at every place. */
const LONGEST = 5000;
/** Of `*` in a pattern: each may take any part of the text. */
const MOST_STARS = 4;

/** Changes a text by a rule that needs to see all of it: each of several values by itself; null of any: not known. */
export const changeText = (
  text: string,
  name: string,
  holes: Holes,
  change: (value: string) => string | null,
): string => {
  const values = text.length > LONGEST ? [null] : expandChoices(text, holes).map(change);
  const kind = unknownKind(text, holes);
  // A part of a secret has the secret's name: what is done about it is done there.
  const secret = kind === 'secret' ? holesIn(text, holes).find((hole) => hole.kind === 'secret') : undefined;
  const known = values.map((value) => value ?? holes.of({ kind, name: secret?.name ?? name }));
  return choiceOf(known, name, holes);
};

/** A part of a secret is one, and a part of what differs in every run may still do so: the kind of the only hole is kept. */
const unknownKind = (text: string, holes: Holes): 'secret' | 'run' | 'branch' | 'git-tag' | 'unknown' => {
  const kinds = new Set(holesIn(text, holes).map(({ kind }) => kind));
  if (kinds.has('secret')) return 'secret';
  const [only] = kinds.size === 1 ? kinds : [];
  return only === 'run' || only === 'branch' || only === 'git-tag' ? only : 'unknown';
};

/** `text.slice(from, from + length)` where it is certain; of a commit's SHA its beginning. */
export const sliceText = (text: string, from: number, length: number | null, holes: Holes): string | null => {
  const hole = text.length === 1 ? holes.get(text) : undefined;
  if ((hole?.kind === 'commit' || hole?.kind === 'digest') && from === 0 && length !== null && length > 0) {
    return holes.of({ ...hole, length: Math.min(length, hole.length ?? length) });
  }
  if (from < 0)
    return hasHole(text) ? null : text.slice(from, length === null ? undefined : from + length || undefined);
  const end = length === null ? text.length : length < 0 ? text.length + length : from + length;
  const firstHole = [...text].findIndex(isHole);
  if (firstHole < 0) return text.slice(from, end);
  if (length === null) return from <= firstHole ? text.slice(from) : null;
  if (length >= 0 && end <= firstHole) return text.slice(from, end);
  // A prefix before the hole of a commit: `sha-${GITHUB_SHA}` cut to its first characters.
  const inner = holes.get(text[firstHole] ?? '');
  if (from === 0 && length > 0 && inner?.kind === 'commit' && firstHole === text.length - 1) {
    return text.slice(0, firstHole) + holes.of({ ...inner, length: length - firstHole });
  }
  return null;
};

/** A pattern of the shell as a regular expression; null: it is not known. */
export const globPattern = (pattern: string, isGreedy: boolean): string | null => {
  if (hasHole(pattern) || pattern.split('*').length - 1 > MOST_STARS) return null;
  return pattern.replaceAll(/\*|\?|\[[^\]]*\]|\\.|[.+^${}()|\\/]/g, (piece) => {
    if (piece === '*') return isGreedy ? '[^]*' : '[^]*?';
    if (piece === '?') return '[^]';
    if (piece.startsWith('[') && piece.length > 1) return piece.replace(/^\[!/, '[^');
    return piece.startsWith('\\') && piece.length === 2 ? piece : `\\${piece}`;
  });
};

/** `${X#p}`, `${X##p}`, `${X%p}`, `${X%%p}`; null: not known. */
export const removeAffix = (text: string, operator: string, pattern: string): string | null => {
  const source = globPattern(pattern, operator.length === 2);
  if (source === null) return null;
  try {
    if (operator.startsWith('#')) {
      const found = new RegExp(`^(?:${source})`).exec(text)?.[0] ?? '';
      return hasHole(found) || (found === '' && hasHole(text)) ? null : text.slice(found.length);
    }
    // The shortest end is the one that begins last.
    const pattern = new RegExp(`^(?:${globPattern(text === '' ? '' : source, true) === null ? '' : source})$`);
    const starts = Array.from({ length: Math.min(text.length, 400) + 1 }, (_, back) => text.length - back);
    const ordered = operator.length === 2 ? starts.reverse() : starts;
    const start = ordered.find((at) => at >= 0 && pattern.test(text.slice(at)));
    if (start === undefined) return hasHole(text) ? null : text;
    return hasHole(text.slice(start)) ? null : text.slice(0, start);
  } catch {
    // A pattern that is none to JavaScript: nothing is known of what it takes away.
    return null;
  }
};
