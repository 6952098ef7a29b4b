import { slicePlaced, spanOf, type PlacedText } from '../../core/placed-text.ts';
import type { Variable } from '../shell-run.ts';
import { SILENT } from '../machine/machine.ts';

/**
 * What is written to `$GITHUB_ENV` and `$GITHUB_OUTPUT`: `NAME=value`, or `NAME<<END`, lines, `END`. Gives back what waits for its END,
 * which another command may write.
 */
export const readEnvironmentLines = (said: PlacedText, into: Map<string, Variable>): PlacedText => {
  const { text } = said;
  let at = 0;
  while (at < text.length) {
    const end = lineEnd(text, at);
    const line = text.slice(at, end);
    const block = /^([\w.-]+)<<(.+)$/.exec(line);
    const pair = /^([\w.-]+)=/.exec(line);
    if (block !== null) {
      const [, name = '', delimiter = ''] = block;
      const from = Math.min(end + 1, text.length);
      let last = from;
      while (last < text.length && text.slice(last, lineEnd(text, last)) !== delimiter) last = lineEnd(text, last) + 1;
      if (last >= text.length) return slicePlaced(said, at);
      const value = text.slice(from, Math.max(from, Math.min(last, text.length) - 1));
      into.set(name, { value, span: spanOf(slicePlaced(said, from, Math.max(from, last - 1))) });
      at = lineEnd(text, last) + 1;
      continue;
    }
    if (pair !== null) {
      const [written, name = ''] = pair;
      const value = line.slice(written.length);
      into.set(name, { value, span: spanOf(slicePlaced(said, at, end)) });
    }
    at = end + 1;
  }
  return SILENT;
};

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};
