import { applyEdits, findNodeAtLocation, getNodeValue, modify, parseTree, type FormattingOptions } from 'jsonc-parser';

import type { JsonPath } from './read-jsonc.ts';

/** Sets a value and leaves everything else, comments too, as it is. */
export const setJsonc = (text: string, path: JsonPath, value: unknown): string =>
  applyEdits(text, modify(text, [...path], value, { formattingOptions: indentation(text) }));

/** Moves a value to another place; nothing happens where there is none, or where the other place is taken. */
export const moveJsonc = (text: string, from: JsonPath, to: JsonPath): string => {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const node = root === undefined ? undefined : findNodeAtLocation(root, [...from]);
  if (root === undefined || node === undefined || findNodeAtLocation(root, [...to]) !== undefined) return text;
  return setJsonc(setJsonc(text, from, undefined), to, getNodeValue(node));
};

/** As the file is indented already. */
const indentation = (text: string): FormattingOptions => {
  const [, indent = '  '] = /^([ \t]+)\S/m.exec(text) ?? [];
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 4 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
};
