import { getNodeValue, parseTree, type Node, type ParseError } from 'jsonc-parser';

export type JsonPath = readonly (string | number)[];

export interface JsoncPosition {
  readonly line: number;
  readonly column: number;
}

export interface Jsonc {
  /** What could be read, also where there are mistakes. */
  readonly value: unknown;
  readonly mistakes: readonly { readonly message: string; readonly position: JsoncPosition }[];
  /** Of a property's name, or of an item; undefined where there is none. */
  readonly positionOf: (path: JsonPath) => JsoncPosition | undefined;
  /** Properties that are given twice in one object, by path; the last one counts. */
  readonly repeated: readonly JsonPath[];
}

/** By the numbers of jsonc-parser's ParseErrorCode, which is a const enum. The place is where the parser noticed it. */
const MESSAGES: Readonly<Record<number, string>> = {
  1: 'this is no valid value',
  2: 'this is no valid number',
  3: 'a property name in double quotes is expected',
  4: 'a value is missing',
  5: 'a colon is missing',
  6: 'a comma is missing before this',
  7: 'a closing brace is missing',
  8: 'a closing bracket is missing',
  9: 'the file should end here',
  11: 'a comment is not closed',
  12: 'a string is not closed',
  13: 'a number is cut off',
  14: 'a \\u escape is not complete',
  15: 'this escape does not exist',
  16: 'a control character stands in a string',
};

/** Reads JSON with comments and trailing commas, and nothing else that tools would forgive. */
export const readJsonc = (source: string): Jsonc => {
  const text = source.replace(/^\uFEFF/, ' ');
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const position = positions(text);
  return {
    value: root === undefined ? undefined : getNodeValue(root),
    mistakes: errors.map(({ error, offset }) => ({
      message: MESSAGES[error] ?? 'this cannot be read',
      position: position(offset),
    })),
    positionOf: (path) => {
      const node = findNode(root, path);
      if (node === undefined) return undefined;
      return position((node.parent?.type === 'property' ? node.parent : node).offset);
    },
    repeated: root === undefined ? [] : findRepeated(root, []),
  };
};

/** The value at a path. Of properties that are given twice, the last one counts, as for every reader. */
export const findNode = (root: Node | undefined, [key, ...rest]: JsonPath): Node | undefined => {
  if (key === undefined || root === undefined) return root;
  const children = root.children ?? [];
  if (root.type === 'array') return findNode(children[Number(key)], rest);
  if (root.type !== 'object') return undefined;
  const value = children.findLast(({ children: [name] = [] }) => name?.value === key)?.children?.[1];
  return value === undefined ? undefined : findNode(value, rest);
};

const positions =
  (text: string) =>
  (offset: number): JsoncPosition => {
    const before = text.slice(0, offset).split(/\r\n|\r|\n/);
    return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  };

const findRepeated = (node: Node, path: JsonPath): readonly JsonPath[] => {
  const children = node.children ?? [];
  if (node.type === 'array') return children.flatMap((child, index) => findRepeated(child, [...path, index]));
  const seen = new Set<string>();
  return children.flatMap(({ children: [key, value] = [] }) => {
    const name = String(key?.value);
    const here = [...path, name];
    const again = seen.has(name) ? [here] : [];
    seen.add(name);
    return value === undefined ? again : [...again, ...findRepeated(value, here)];
  });
};
