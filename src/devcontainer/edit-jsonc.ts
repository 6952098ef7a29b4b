import {
  applyEdits,
  findNodeAtLocation,
  getNodeValue,
  modify,
  parseTree,
  type FormattingOptions,
  type Node,
  type ParseError,
} from 'jsonc-parser';

import type { JsonPath } from '../project/read-jsonc.ts';

/** Sets a value and leaves everything else, comments too, as it is; undefined takes the property away. */
export const setJsonc = (text: string, path: JsonPath, value: unknown): string =>
  applyEdits(text, modify(text, [...path], value, { formattingOptions: indentation(text) }));

/** Changes a value in place, with `change` given what it is; nothing happens where there is none. */
export const changeJsonc = (text: string, path: JsonPath, change: (value: unknown) => unknown): string => {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const node = root === undefined ? undefined : findNodeAtLocation(root, [...path]);
  if (node === undefined) return text;
  const before: unknown = getNodeValue(node);
  const after = change(before);
  return JSON.stringify(before) === JSON.stringify(after) ? text : setJsonc(text, path, after);
};

const PLACEHOLDER = 'devsetup: the value that is moved here';

/**
 * Moves a value to another place, with the comments in it. Nothing happens where there is none, or where the other place is taken or
 * cannot be made.
 */
export const moveJsonc = (text: string, from: JsonPath, to: JsonPath): string => {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const node = root === undefined ? undefined : findNodeAtLocation(root, [...from]);
  if (root === undefined || errors.length > 0 || node === undefined || !canBeMade(root, to)) return text;
  const raw = text.slice(node.offset, node.offset + node.length);
  const { tabSize = 2, insertSpaces } = indentation(text);
  const deeper = (insertSpaces ? ' '.repeat(tabSize) : '\t').repeat(to.length - from.length);
  const moved = raw.replaceAll(/\n(?=[^\r\n])/g, `\n${deeper}`);
  return setJsonc(setJsonc(text, from, undefined), to, PLACEHOLDER).replace(`"${PLACEHOLDER}"`, () => moved);
};

/** Everything on the way is an object or not there yet, and the place itself is free. */
const canBeMade = (root: Node, path: JsonPath): boolean =>
  path.every((_, index) => {
    const node = findNodeAtLocation(root, path.slice(0, index + 1));
    return node === undefined || (node.type === 'object' && index < path.length - 1);
  });

/** As the file is indented already. */
const indentation = (text: string): FormattingOptions => {
  const [, indent = '  '] = /^([ \t]+)"/m.exec(text) ?? [];
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 4 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
};
