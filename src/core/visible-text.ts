/**
 * What a terminal does without showing it: control sequences (ECMA-48: CSI, OSC, DCS and the like, other escapes), control characters but
 * tab, backspace and line ends, and format characters (zero width, direction of writing), which make a text look like another one.
 */
const UNSEEN_SOURCE = [
  String.raw`(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]`,
  String.raw`(?:\u001B\]|\u009D)[^\u0007\u001B\u0080-\u009F\r\n]*(?:\u0007|\u001B\\|\u009C)`,
  String.raw`(?:\u001B[PX^_]|[\u0090\u0098\u009E\u009F])[^\u001B\u0080-\u009F\r\n]*(?:\u001B\\|\u009C)`,
  String.raw`\u001B[ -/]*[0-~]`,
  String.raw`[\u0000-\u0007\u000B\u000C\u000E-\u001F\u007F-\u009F]`,
  String.raw`[\p{Cf}\u2028\u2029\u115F\u1160\u3164\uFFA0\u{FE00}-\u{FE0E}\u{E0100}-\u{E01EF}]`,
].join('|');
const UNSEEN = new RegExp(UNSEEN_SOURCE, 'gu');
/** A line break, with the blanks around it that a program that wraps its lines adds. */
const WRAP = new RegExp(String.raw`${UNSEEN_SOURCE}|[ \t]*(?:\r?\n|\r)[ \t]*`, 'gu');

/** Joins emoji, which would fall apart without it. */
const JOINER = '\u200D';
const PICTURE_BEFORE = /\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?$/u;
const PICTURE_AFTER = /^\p{Extended_Pictographic}/u;

/** A quick test: most text has no such character. */
const MAY_BE_UNSEEN = /[^\t\n\r -~\u00A1-\u00AC\u00AE-\u02FF]/;

/** The text as a person sees it: no control sequences, and of what was overwritten by backspaces the last. Line ends and tabs stay. */
export const visibleText = (text: string): string => projectVisible(text, true)?.text ?? text;

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escapeOf = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x80) return shortEscapes[character] ?? `\\x${digits.padStart(2, '0')}`;
  return code < 0x1_0000 ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`;
};

/**
 * For names, which must stay tellable apart, and for what is quoted: everything that would act instead of being shown becomes an escape
 * such as `\n`, `\x1b` or `\u202e`.
 *
 * @param kept characters that stay, e.g. the line ends of a message
 */
export const escapeControls = (text: string, kept = ''): string =>
  MAY_BE_UNSEEN.test(text) || /[\t\n\r]/.test(text)
    ? text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character, at: number) =>
        kept.includes(character) || (character === JOINER && isInEmoji(text, at)) ? character : escapeOf(character),
      )
    : text;

/** A text with less in it: pieces of the original, and where each begins in both. */
export interface Projection {
  readonly text: string;
  readonly starts: readonly number[];
  readonly origins: readonly number[];
}

/** Where a character of the projection stands in the original. */
export const originOf = ({ starts, origins }: Projection, index: number): number => {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return (origins[low] ?? 0) + index - (starts[low] ?? 0);
};

/** Without what is unseen; undefined where there is nothing of that kind. `overwrites`: a backspace takes the character before it. */
export const projectVisible = (text: string, overwrites: boolean): Projection | undefined =>
  MAY_BE_UNSEEN.test(text) ? project(text, UNSEEN, overwrites) : undefined;

/** The same without line breaks and the indentation after them: what was wrapped is one line again. */
export const projectUnwrapped = (text: string): Projection | undefined =>
  /[\r\n]/.test(text.trimEnd()) ? project(text, WRAP, true) : undefined;

const project = (text: string, dropped: RegExp, overwrites: boolean): Projection => {
  const pieces: string[] = [];
  const origins: number[] = [];
  const keep = (from: number, to: number): void => {
    if (to <= from) return;
    pieces.push(text.slice(from, to));
    origins.push(from);
  };
  /** Takes the character before, unless a line begins there. */
  const takeBack = (): void => {
    const last = pieces.at(-1) ?? '\n';
    if (/[\r\n]$/.test(last)) return;
    pieces[pieces.length - 1] = last.slice(0, -1);
    if (last.length > 1) return;
    pieces.pop();
    origins.pop();
  };
  const add = (from: number, to: number): void => {
    let start = from;
    for (let at = text.indexOf('\b', from); at >= 0 && at < to; at = text.indexOf('\b', at + 1)) {
      keep(start, at);
      start = at + 1;
      if (overwrites) takeBack();
    }
    keep(start, to);
  };
  const last = text.lastIndexOf('\b');
  let seen = 0;
  for (const { index, 0: found } of text.matchAll(dropped)) {
    if (found === JOINER && isInEmoji(text, index)) continue;
    (last < seen ? keep : add)(seen, index);
    seen = index + found.length;
  }
  (last < seen ? keep : add)(seen, text.length);
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.length;
  }
  return { text: pieces.join(''), starts, origins };
};

const isInEmoji = (text: string, at: number): boolean =>
  PICTURE_BEFORE.test(text.slice(Math.max(0, at - 8), at)) && PICTURE_AFTER.test(text.slice(at + 1, at + 3));
