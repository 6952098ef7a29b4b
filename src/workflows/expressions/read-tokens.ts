export type Token =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'mark'; readonly mark: string };

const TOKEN = new RegExp(
  [
    String.raw`(?<blank>\s+)`,
    String.raw`(?<text>'(?:[^']|'')*')`,
    String.raw`(?<number>[-+]?(?:0x[\da-fA-F]+|0o[0-7]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|Infinity)(?![\w.]))`,
    String.raw`(?<name>[A-Za-z_][\w-]*)`,
    String.raw`(?<mark>&&|\|\||[=!<>]=|[!<>()[\].,*])`,
  ].join('|'),
  'y',
);

const WORDS: ReadonlyMap<string, Token> = new Map([
  ['true', { kind: 'literal', value: true }],
  ['false', { kind: 'literal', value: false }],
  ['null', { kind: 'literal', value: null }],
  ['NaN', { kind: 'literal', value: Number.NaN }],
  ['Infinity', { kind: 'literal', value: Infinity }],
]);

/** Of GitHub's expressions; null: something is written there that none of them is. */
export const readTokens = (text: string): readonly Token[] | null => {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < text.length) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) return null;
    const token = tokenOf(groups, tokens.at(-1));
    if (token !== null) tokens.push(token);
  }
  return tokens;
};

const tokenOf = (groups: Readonly<Record<string, string | undefined>>, before: Token | undefined): Token | null => {
  const { text, number, name, mark } = groups;
  if (text !== undefined) return { kind: 'literal', value: text.slice(1, -1).replaceAll("''", "'") };
  if (number !== undefined) return { kind: 'literal', value: Number(number) };
  if (mark !== undefined) return { kind: 'mark', mark };
  if (name === undefined) return null;
  // After a dot, `true` is a name like any other.
  const isProperty = before?.kind === 'mark' && before.mark === '.';
  return (isProperty ? undefined : WORDS.get(name)) ?? { kind: 'name', name };
};
