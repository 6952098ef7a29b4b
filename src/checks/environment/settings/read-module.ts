import { tokenizePython, type Statement, type Token } from './tokenize-python.ts';

/** A statement with what its place means. */
export interface PlacedStatement extends Statement {
  /** At the top of the module or of a class: it runs whenever the module is imported. */
  readonly always: boolean;
  /** Inside `try`: failing may be meant. */
  readonly tried: boolean;
  /** The conditions of the `if` and `else` blocks around it. */
  readonly asks: readonly Condition[];
  /** Tokens up to the `:` of a block that stands on the same line; all of them otherwise. */
  readonly head: readonly Token[];
  /** What follows that `:`. */
  readonly tail: readonly Token[];
}

/** What an `if` asks, and whether that is true in the block. */
export interface Condition {
  readonly tokens: readonly Token[];
  readonly holds: boolean;
}

interface Block {
  readonly indent: number;
  readonly keyword: string;
  readonly asks: readonly Condition[];
}

const OPENS = new Set([
  'if',
  'elif',
  'else',
  'for',
  'while',
  'try',
  'except',
  'finally',
  'with',
  'def',
  'class',
  'async',
]);

const colonAt = (tokens: readonly Token[]): number => {
  let depth = 0;
  let lambdas = 0;
  for (const [at, { text, kind }] of tokens.entries()) {
    if (kind === 'name' && text === 'lambda') lambdas += 1;
    if (kind !== 'operator') continue;
    if ('([{'.includes(text)) depth += 1;
    else if (')]}'.includes(text)) depth -= 1;
    else if (text === ':' && depth === 0) {
      if (lambdas === 0) return at;
      lambdas -= 1;
    }
  }
  return -1;
};

/** The statements of a module, each with the blocks around it considered. */
export const readModule = (text: string): readonly PlacedStatement[] => {
  const blocks: Block[] = [];
  /** Of the last `if` with its `elif`s in each column. */
  const chains = new Map<number, readonly Condition[]>();
  return tokenizePython(text).map((statement) => {
    const { tokens, indent } = statement;
    while ((blocks.at(-1)?.indent ?? -1) >= indent) blocks.pop();
    const always = blocks.every(({ keyword }) => keyword === 'class');
    const tried = blocks.some(({ keyword }) => keyword === 'try');
    const keyword = tokens[0]?.kind === 'name' ? tokens[0].text : '';
    const endsOpen = tokens.at(-1)?.text === ':' && tokens.at(-1)?.kind === 'operator';
    const colon = OPENS.has(keyword) ? colonAt(tokens) : -1;
    const [head, tail] = colon === -1 ? [tokens, []] : [tokens.slice(0, colon), tokens.slice(colon + 1)];
    const asks = blocks.flatMap((block) => block.asks);
    const denied = keyword === 'elif' || keyword === 'else' ? (chains.get(indent) ?? []) : [];
    const asked = keyword === 'if' || keyword === 'elif' ? [{ tokens: head.slice(1), holds: true }] : [];
    chains.set(indent, [...denied, ...asked.map((one) => ({ ...one, holds: false }))]);
    if (endsOpen) blocks.push({ indent, keyword, asks: [...denied, ...asked] });
    return { ...statement, always, asks, tried: tried || keyword === 'try', head, tail };
  });
};
