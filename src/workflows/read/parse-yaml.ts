import { Composer, Parser, type CST, type Document } from 'yaml';

import { spanIn, type SourceFile } from '../../core/placed-text.ts';
import type { WorkflowFault } from '../workflow.ts';
import { readTree, type Tree } from './read-tree.ts';
import { straighten } from './straighten.ts';
import { yamlMistake } from './yaml-mistake.ts';

/** In UTF-16 units. GitHub takes less. */
const LONGEST = 1_000_000;
/** Deeper than any workflow. The library's composer calls itself, and some ways to run out of stack end the process. */
const DEEPEST = 100;
/** Quotes and brackets that stand too far left, each of which costs another reading. */
const MOST_ROUNDS = 10;

const NOTHING: Tree = { root: null, faults: [] };

/**
 * The first document of a YAML text. Every scalar is a text: what is a number or a boolean does not matter here. Never throws: what cannot
 * be read is a fatal fault, and then there is no root. Where GitHub's parser may take what the library does not, there is neither.
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
  let { text } = source;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const tokens = [...new Parser().parse(text)];
    const deep = tokens.find((token) => depthOf(token) > DEEPEST);
    if (deep !== undefined) {
      return broken(source, deep.offset, 'Lists and mappings are nested too deep.', 'Write it with fewer levels.');
    }
    const document = compose(tokens, text.length);
    const [error] = document?.errors ?? [];
    if (document === undefined) return NOTHING;
    if (error === undefined) return readTree(source, document.contents);
    const mistake = yamlMistake(document.errors, text);
    if (mistake !== null) return broken(source, mistake.offset, sentence(mistake.message), MEND);
    const straight = straighten(text, error.pos[0]);
    if (straight === null) return NOTHING;
    text = straight;
  }
  return NOTHING;
};

/** Duplicates are looked for while reading: the library compares each key with all others. */
const compose = (tokens: readonly CST.Token[], end: number): Document.Parsed | undefined => {
  const composer = new Composer({
    schema: 'failsafe',
    uniqueKeys: false,
    keepSourceTokens: true,
    prettyErrors: false,
    logLevel: 'silent',
  });
  for (const document of composer.compose(tokens, true, end)) return document;
  return undefined;
};

const MEND = 'Mend the YAML: until then GitHub runs nothing of this file.';

const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);

const broken = (source: SourceFile, offset: number, message: string, remedy: string): Tree => {
  // Of a line too far left, the library tells the end of the one before.
  const blanks = /^[ \r\n]*(?=[^ \r\n])/.exec(source.text.slice(offset, offset + 1000))?.[0].length ?? 0;
  const span = spanIn(source, offset + blanks, offset + blanks);
  const fault: WorkflowFault = { message, remedy, span, isFatal: true };
  return { root: null, faults: [fault] };
};

/** How many lists and mappings stand in each other, with a stack of its own: the deepest text is measured, too. */
const depthOf = (token: CST.Token): number => {
  let deepest = 0;
  const open: (readonly [CST.Token | null | undefined, number])[] = [[token, 0]];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const [one, depth] = top;
    if (one === null || one === undefined) continue;
    deepest = Math.max(deepest, depth);
    if (one.type === 'document') open.push([one.value, depth]);
    else if ('items' in one) {
      for (const item of one.items) open.push([item.key, depth + 1], [item.value, depth + 1]);
    }
  }
  return deepest;
};
