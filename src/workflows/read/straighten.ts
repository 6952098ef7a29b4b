/**
 * A text in which quotes or brackets that go over several lines stand too far left, as GitHub takes them: their lines made one, by blanks of
 * the same number, so that every character keeps its place. null: there is no end to them.
 * @param at where the library has stopped to take the lines for a part of them
 */
export const straighten = (text: string, at: number): string | null => {
  const start = openingBefore(text, at);
  if (start < 0) return null;
  const isQuote = text[start] === '"' || text[start] === "'";
  const end = isQuote ? quoteEnd(text, start) : bracketEnd(text, start);
  if (end < 0) return null;
  const inside = text.slice(start, end);
  const joined = isQuote ? inside.replaceAll(/[\r\n]/g, ' ') : withoutComments(inside).replaceAll(/[\r\n]/g, ' ');
  return joined === inside ? null : text.slice(0, start) + joined + text.slice(end);
};

/** The quote or bracket that is open there, looked for in the lines before from the first that has one. */
const openingBefore = (text: string, at: number): number => {
  let line = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
  for (let count = 0; count < MOST_LINES; count++) {
    const open = openAt(text, line, at);
    if (open >= 0) return open;
    if (line === 0) return -1;
    line = text.lastIndexOf('\n', line - 2) + 1;
  }
  return -1;
};

const MOST_LINES = 100;

/** Of what begins in a line as the value of a key or an item and is still open at `at`, the first; -1: nothing. */
const openAt = (text: string, line: number, at: number): number => {
  const newline = text.indexOf('\n', line);
  const written = text.slice(line, newline < 0 ? text.length : newline);
  const before = /^\s*(?:- +)*(?:[^\s"'#[{][^"'#[{]*?:\s+)?(?=["'[{])/.exec(written);
  if (before === null) return -1;
  const start = line + before[0].length;
  const end = text[start] === '"' || text[start] === "'" ? quoteEnd(text, start) : bracketEnd(text, start);
  return start < at && end >= at ? start : -1;
};

/** After the quote that closes it; -1: none does. */
const quoteEnd = (text: string, start: number): number => {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return -1;
};

/** After the bracket that closes it; -1: none does. */
const bracketEnd = (text: string, start: number): number => {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') {
      depth--;
      if (depth === 0) return at + 1;
    } else if (/["']/.test(character) && /[\s,[{:]/.test(text[at - 1] ?? ' ')) {
      const end = quoteEnd(text, at);
      if (end < 0) return -1;
      at = end - 1;
    } else if (character === '#' && /\s/.test(text[at - 1] ?? ' ')) {
      const newline = text.indexOf('\n', at);
      if (newline < 0) return -1;
      at = newline;
    }
  }
  return -1;
};

const withoutComments = (inside: string): string =>
  inside.replaceAll(/(?<=\s)#[^\n]*/g, (comment) => ' '.repeat(comment.length));
