import { closestName } from '../../config/closest-name.ts';
import { createSource, spanIn, type Span } from '../../core/placed-text.ts';
import { isRulePattern, RULE_PATTERNS, type RulePattern } from '../../core/rule-pattern.ts';

/** A comment `# devsetup: ignore[image/mutable-tag-in-deploy] the tag is moved by hand`. */
export interface Suppression {
  /** Of the comment, from its `#` to the end of the line. */
  readonly span: Span;
  readonly rules: readonly RulePattern[];
  /** Names that are no rules, with what was meant by them. */
  readonly unknown: readonly { readonly name: string; readonly meant: string | undefined }[];
  /** '': none was given. */
  readonly reason: string;
  /** The lines it covers, both inclusive. */
  readonly from: number;
  readonly to: number;
}

/** A quote before the `#` makes it a part of a text. */
const COMMENT = /(?:^|\s)(#+\s*devsetup:\s*ignore\s*\[([^\]]*)\]\s*:?\s*(.*))$/;

/**
 * The comments of a file that silence rules, in YAML and in the scripts it holds alike. One behind something covers its line; one that
 * has a line to itself covers the next line that is no comment, with the lines on which that command goes on.
 */
export const readSuppressions = (file: string, text: string): readonly Suppression[] => {
  if (!text.includes('devsetup:')) return [];
  const source = createSource(file, text);
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  return lines.flatMap((line, index): readonly Suppression[] => {
    const found = COMMENT.exec(line);
    if (found === null) return [];
    const [, comment = '', names = '', reason = ''] = found;
    const start = (source.lineStarts[index] ?? 0) + line.length - comment.length;
    const isAlone = line.slice(0, line.length - comment.length).trim() === '';
    const covered = isAlone ? commandBelow(lines, index + 1) : { from: index, to: index };
    const named = names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    return [
      {
        span: spanIn(source, start, start + comment.length),
        rules: named.filter(isRulePattern),
        unknown: named
          .filter((name) => !isRulePattern(name))
          .map((name) => ({ name, meant: closestName(name, RULE_PATTERNS) })),
        reason: reason.replace(/["']\s*$/, '').trim(),
        from: covered.from + 1,
        to: covered.to + 1,
      },
    ];
  });
};

const isComment = (line: string | undefined): boolean => line !== undefined && /^\s*#/.test(line);

const commandBelow = (lines: readonly string[], index: number): { readonly from: number; readonly to: number } => {
  let from = index;
  while (isComment(lines[from])) from += 1;
  let to = from;
  while (to < lines.length - 1 && goesOn(lines[to] ?? '')) to += 1;
  return { from, to };
};

/** `key: |` opens a block of YAML and is no pipe. */
const goesOn = (line: string): boolean => /(?:\\|&&|\|\||[^:\s-]\s*\|)$/.test(line.trimEnd());
