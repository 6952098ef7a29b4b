import { visibleText } from '../core/visible-text.ts';

/** One line as it would stand on the screen at its end: no escape sequences, and of a `\r` progress line the last state. */
export const toPlainLine = (line: string): string => {
  const plain = visibleText(line).replace(/\r+$/, '');
  return plain.slice(plain.lastIndexOf('\r') + 1);
};

export interface LineJoiner {
  /** The lines that this chunk completes, plain. */
  add(chunk: string): readonly string[];
  /** What is left without a line end. */
  end(): readonly string[];
  /** The last thing that was printed, complete or not. */
  last(): string;
}

const LONGEST_LINE = 1_048_576;
/** No secret is longer: this much of a line without end is held back, so that one at its border is still found. */
const HELD_BACK = 8_192;

/**
 * Joins chunks of any length to whole lines. A secret is masked only in a whole line, so lines are redacted here, once they are
 * whole. A "line" that never ends is given out in pieces, in bounded memory.
 */
export const joinLines = (redact: (line: string) => string = (line) => line): LineJoiner => {
  // In pieces: to join them for every small chunk of a long line would take time by the square of its length.
  let pieces: string[] = [];
  let length = 0;
  let last = '';
  const hold = (rest: string): void => {
    pieces = rest === '' ? [] : [rest];
    length = rest.length;
  };
  const finish = (line: string): string => {
    const plain = redact(toPlainLine(line));
    if (plain.trim() !== '') last = plain;
    return plain;
  };
  return {
    add: (chunk) => {
      pieces.push(chunk);
      length += chunk.length;
      if (length <= LONGEST_LINE && !/[\r\n]/.test(chunk)) return [];
      const parts = pieces.join('').split('\n');
      const rest = parts.pop() ?? '';
      const lines = parts.map(finish);
      // A progress bar redraws its line: only the last state is kept. A `\r` at the very end may belong to `\r\n`.
      hold(rest.slice(rest.lastIndexOf('\r', rest.length - 2) + 1));
      if (length > LONGEST_LINE) {
        const masked = redact(toPlainLine(pieces.join('')));
        lines.push(masked.slice(0, -HELD_BACK));
        hold(masked.slice(-HELD_BACK));
      }
      return lines;
    },
    end: () => {
      if (length === 0) return [];
      const line = finish(pieces.join(''));
      hold('');
      return [line];
    },
    last: () => {
      const unfinished = redact(toPlainLine(pieces.join('').slice(-HELD_BACK)));
      return unfinished.trim() === '' ? last : unfinished;
    },
  };
};
