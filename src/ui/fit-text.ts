const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** East Asian wide and fullwidth blocks (Unicode Standard Annex 11) and what terminals draw as an emoji. */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1B000}-\u{1B2FF}\u{1F200}-\u{1F251}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}|\uFE0F/u;
const INVISIBLE = /^[\p{Cc}\p{Cf}\p{Mn}\p{Me}]+$/u;
const NARROW_ONLY = /^[\u0020-\u007E]*$/;

const graphemeWidth = (grapheme: string): number => (INVISIBLE.test(grapheme) ? 0 : WIDE.test(grapheme) ? 2 : 1);

/** Terminal columns that text without escape sequences takes. */
export const displayWidth = (text: string): number => {
  if (NARROW_ONLY.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment);
  return width;
};

/** At most `width` columns of the text, the cut shown by `…`. */
export const truncate = (text: string, width: number): string => {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  const [head] = splitAt(text, width - 1);
  return `${head}…`;
};

const splitAt = (text: string, width: number): readonly [string, string] => {
  let taken = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    taken += graphemeWidth(segment);
    if (taken > width) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ''];
};

const chop = (word: string, width: number): string[] => {
  const parts: string[] = [];
  let rest = word;
  while (displayWidth(rest) > width) {
    const [head, tail] = splitAt(rest, width);
    // A character that is wider than the room there is.
    if (head === '') break;
    parts.push(head);
    rest = tail;
  }
  return [...parts, rest];
};

/** A command in backticks is one word. */
const WORDS = /(?:`[^`]*`|[^ ])+/g;

/**
 * Breaks one line of text between words so that each part fits into `width` columns. A word that is longer (a path, a command in backticks)
 * stays as it is with `keepWords`, so that it can be copied, and is broken otherwise.
 */
export const wrapText = (text: string, width: number, keepWords = true): readonly string[] => {
  if (displayWidth(text) <= width) return [text];
  const room = Math.max(width, 1);
  const lines: string[] = [];
  // The indentation of what is quoted (a traceback) says something, other runs of spaces do not.
  const indentation = /^ */.exec(text)?.[0] ?? '';
  let line = '';
  for (const word of keepWords ? (text.match(WORDS) ?? ['']) : text.trim().split(/ +/)) {
    const joined = line === '' ? (lines.length === 0 ? indentation : '') + word : `${line} ${word}`;
    if (displayWidth(joined) <= room) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = line === '' ? joined : word;
    if (keepWords) continue;
    const parts = chop(line, room);
    line = parts.pop() ?? '';
    lines.push(...parts);
  }
  return [...lines, line];
};
