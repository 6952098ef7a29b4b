import type { PlacedText } from '../../core/placed-text.ts';
import type { ShellWord } from '../shell-run.ts';
import { joinBounded } from '../words/join-bounded.ts';

const BLANK: PlacedText = { text: ' ', segments: [] };

/** Words with blanks between them, as `ssh host a b` and `eval a b` read them. */
export const joinWords = (words: readonly ShellWord[]): PlacedText =>
  joinBounded(words.flatMap(({ placed }, index) => (index === 0 ? [placed] : [BLANK, placed]))).placed;
