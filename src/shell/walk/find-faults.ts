import { forEachChild, type HereDoc, type ParsedScript, type SyntaxNode } from 'unbash';

import { spanOf, type PlacedText } from '../../core/placed-text.ts';
import { hasHole } from '../holes.ts';
import type { ShellFault } from '../shell-run.ts';

/** What a shell stumbles over in a text, whether or not it is ever reached. */
export const findFaults = (script: ParsedScript, placed: PlacedText): readonly ShellFault[] => {
  const { length } = placed.text;
  const faults = (script.errors ?? []).map(({ message, pos }): ShellFault => {
    const start = Math.min(pos, length);
    return { kind: 'syntax', message, span: spanOf(placed, start, Math.min(start + 1, length)) };
  });
  if (!placed.text.includes('<<')) return faults;
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'HereDoc' && node.closing === undefined) faults.push(...unterminated(node, placed));
    // A script in backquotes has positions of its own.
    if (node.type === 'Script' && node !== script && node.source !== undefined) return;
    forEachChild(node, visit);
  };
  visit(script);
  return faults;
};

const unterminated = (node: HereDoc, placed: PlacedText): readonly ShellFault[] => {
  const word = node.delimiter?.value ?? '';
  if (word === '' || hasHole(word)) return [];
  return [
    {
      kind: 'unterminated-heredoc',
      message: `No line is only ${word}: the here-document goes on to the end of the script.`,
      span: spanOf(placed, node.pos, node.end),
    },
  ];
};
