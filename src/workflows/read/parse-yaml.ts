import { parseDocument } from 'yaml';

import { spanIn, type SourceFile } from '../../core/placed-text.ts';
import type { WorkflowFault } from '../workflow.ts';
import { readTree, type Tree } from './read-tree.ts';
import { yamlMistake } from './yaml-mistake.ts';

/** In UTF-16 units. GitHub takes less. */
const LONGEST = 1_000_000;

/**
 * The first document of a YAML text. Every scalar is a text: what is a number or a boolean does not matter here. Never throws: what cannot
 * be read is a fatal fault, and then there is no root.
 */
export const parseYaml = (source: SourceFile): Tree => {
  if (source.text.length > LONGEST) {
    return broken(
      source,
      0,
      'The file has more than a million characters.',
      'Split it: GitHub takes no file of this size.',
    );
  }
  try {
    // Duplicates are looked for while reading: the library compares each key with all others.
    const document = parseDocument(source.text, {
      schema: 'failsafe',
      uniqueKeys: false,
      keepSourceTokens: true,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const mistake = yamlMistake(document.errors, source.text);
    if (mistake !== null) return broken(source, mistake.offset, sentence(mistake.message), MEND);
    // GitHub may take it, but what the library made of the lines after is not what is written there.
    if (document.errors.length > 0) return { root: null, faults: [] };
    const tree = readTree(source, document.contents);
    return tree.faults.some(({ isFatal }) => isFatal) ? { root: null, faults: tree.faults } : tree;
  } catch {
    // A stack that is too small for what is nested here, the one thing the library throws for.
    return broken(source, 0, 'It is nested too deep to be read.', MEND);
  }
};

const MEND = 'Mend the YAML: until then GitHub runs nothing of this file.';

const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);

const broken = (source: SourceFile, offset: number, message: string, remedy: string): Tree => {
  const fault: WorkflowFault = { message, remedy, span: spanIn(source, offset, offset), isFatal: true };
  return { root: null, faults: [fault] };
};
