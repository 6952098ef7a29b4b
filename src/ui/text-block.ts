import { wrapText } from './fit-text.ts';
import { toPlainLine } from './plain-text.ts';

export interface BlockOptions {
  /** Undefined: not a terminal, nothing is wrapped; 0: a terminal that does not know its width. */
  readonly columns: number | undefined;
  /** Spaces before every line. */
  readonly indent?: number;
  /** Stands before the first line; the others are indented by as much. */
  readonly bullet?: string;
  readonly paint?: (line: string) => string;
}

/** Text, of one or more lines, as lines that fit the width. Words stay whole: a path or a flag can be copied. */
export const textBlock = (text: string, { columns, indent = 0, bullet = '', paint = asIs }: BlockOptions): string[] => {
  const margin = ' '.repeat(indent);
  const hanging = ' '.repeat(bullet.length);
  const width =
    columns === undefined || columns === 0 ? Number.POSITIVE_INFINITY : Math.max(columns - indent - bullet.length, 10);
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line) => wrapText(toPlainLine(line.replaceAll('\t', '    ')), width))
    .map((line, index) => (margin + (index === 0 ? bullet : hanging) + paint(line)).trimEnd());
};

const asIs = (line: string): string => line;

/** The first `most` lines, and how many more there are. */
export const atMost = (lines: readonly string[], most: number, where = ', see the log'): readonly string[] =>
  lines.length <= most ? lines : [...lines.slice(0, most), `… and ${lines.length - most} more${where}`];
