/** A piece of Python. Comments and what joins lines are left out. */
export interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'operator';
  readonly text: string;
  /** Of a string: what it says; null where that is not known from the text (f-strings, escapes, bytes). */
  readonly value: string | null;
  /** Where it begins; the first line is 1. */
  readonly line: number;
}

/** A logical line: brackets and backslashes keep it together, `;` ends it. */
export interface Statement {
  /** Columns before it. */
  readonly indent: number;
  readonly tokens: readonly Token[];
}

const STRING_START = /([rbuft]{0,2})('''|"""|'|")/iy;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /\.?\d[\w.]*/y;
const OPERATOR = /\*\*=?|\/\/=?|>>=?|<<=?|[!=<>]=|:=|->|[-+*/%&|^@]=|\.\.\.|[^]/uy;
const TAB_WIDTH = 8;

const match = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** Where a string that began before `from` ends, behind its quotes. One in single quotes ends with its line, closed or not. */
const endOfString = (text: string, from: number, quotes: string): { readonly end: number; readonly last: number } => {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith(quotes, at)) return { end: at + quotes.length, last: at };
    else if (text[at] === '\n' && quotes.length === 1) return { end: at, last: at };
  }
  return { end: text.length, last: text.length };
};

const valueOf = (prefix: string, body: string): string | null => {
  if (/[fbt]/i.test(prefix)) return null;
  return body.includes('\\') ? null : body;
};

/** The statements of Python source, in order. Never throws: what is no Python gives odd tokens. */
export const tokenizePython = (text: string): readonly Statement[] => {
  const statements: Statement[] = [];
  let tokens: Token[] = [];
  let line = 1;
  let indent = 0;
  let column = 0;
  let depth = 0;
  const finish = (): void => {
    if (tokens.length > 0) statements.push({ indent, tokens });
    tokens = [];
  };
  const add = (kind: Token['kind'], written: string, value: string | null = null): void => {
    if (tokens.length === 0) indent = column;
    tokens.push({ kind, text: written, value, line });
  };
  let atLineStart = true;
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length;) {
    const character = text[at] ?? '';
    if (character === '\n') {
      if (depth === 0) finish();
      line += 1;
      at += 1;
      if (depth === 0 && tokens.length === 0) {
        column = 0;
        atLineStart = true;
      }
      continue;
    }
    if (/\s/.test(character)) {
      if (atLineStart) column += character === '\t' ? TAB_WIDTH - (column % TAB_WIDTH) : 1;
      at += 1;
      continue;
    }
    if (character === '#') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
      continue;
    }
    const joined = /^\\\r?\n/.exec(text.slice(at, at + 3));
    if (joined !== null) {
      line += 1;
      at += joined[0].length;
      continue;
    }
    atLineStart = false;
    const string = match(STRING_START, text, at);
    if (string !== null) {
      const [opening, prefix = '', quotes = ''] = string;
      const { end, last } = endOfString(text, at + opening.length, quotes);
      const written = text.slice(at, end);
      add('string', written, valueOf(prefix, text.slice(at + opening.length, last)));
      line += written.split('\n').length - 1;
      at = end;
      continue;
    }
    const word = match(NAME, text, at) ?? match(NUMBER, text, at);
    if (word !== null) {
      add(/^[.\d]/.test(word[0]) ? 'number' : 'name', word[0]);
      at += word[0].length;
      continue;
    }
    const operator = match(OPERATOR, text, at)?.[0] ?? character;
    at += operator.length;
    if (operator === ';' && depth === 0) {
      finish();
      continue;
    }
    if ('([{'.includes(operator)) depth += 1;
    if (')]}'.includes(operator)) depth = Math.max(0, depth - 1);
    add('operator', operator);
  }
  finish();
  return statements;
};
