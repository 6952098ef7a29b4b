import {
  applyEdits,
  getNodeValue,
  modify,
  parseTree,
  type FormattingOptions,
  type Node,
  type ParseError,
} from 'jsonc-parser';

import { differenceOf } from '../core/safe-edit.ts';
import { isRecord } from '../core/shape.ts';
import { findNode, readJsonc, type JsonPath } from '../project/read-jsonc.ts';

/** Sets a value and leaves everything else, comments too, as it is; undefined takes the property away. */
export const setJsonc = (text: string, path: JsonPath, value: unknown): string => {
  const { hidden, reveal } = hideRepeated(text);
  const edits = modify(hidden, [...path], value, { formattingOptions: indentation(text) });
  const after = reveal(applyEdits(hidden, edits));
  // The one before it would count then.
  const isLeft = value === undefined && after !== text && findNode(parseTree(after), path) !== undefined;
  return isLeft ? setJsonc(after, path, value) : verified(text, after, path, value);
};

/**
 * The edited text, if it says what the text said with this value at its path.
 *
 * @throws where an edit of a text that can be read would change anything else
 */
export const verified = (before: string, after: string, path: JsonPath, value: unknown): string => {
  const [read, now] = [readJsonc(before), readJsonc(after)];
  if (read.mistakes.length > 0 || !isRecord(read.value)) return after;
  const broken = now.mistakes[0]?.message ?? differenceOf(plain(withValue(read.value, path, value)), plain(now.value));
  if (broken !== null) throw new Error(`an edit of ${path.join('.')} would change more than that (${broken})`);
  return after;
};

/** As it is after it was written. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

const withValue = (tree: unknown, [key, ...rest]: JsonPath, value: unknown): unknown => {
  if (key === undefined) return value;
  if (Array.isArray(tree)) {
    const items = [...(tree as unknown[])];
    items.splice(
      Number(key),
      1,
      ...(value === undefined && rest.length === 0 ? [] : [withValue(items[Number(key)], rest, value)]),
    );
    return items;
  }
  if (!isRecord(tree)) {
    if (value === undefined) return tree;
    const item = withValue(undefined, rest, value);
    return typeof key === 'number' ? [item] : { [key]: item };
  }
  if (value === undefined && !Object.hasOwn(tree, key)) return tree;
  return { ...tree, [key]: withValue(tree[key], rest, value) };
};

/** The library edits the first of several properties with the same name. Those that do not count get another name of the same length. */
const hideRepeated = (text: string): { readonly hidden: string; readonly reveal: (edited: string) => string } => {
  const keys = repeatedKeys(parseTree(text, [], { allowTrailingComma: true }));
  let hidden = text;
  const names = keys.map(({ offset, length }, index) => {
    const name = `"${String.fromCodePoint(FIRST_PRIVATE + index).repeat(length - 2)}"`;
    hidden = hidden.slice(0, offset) + name + hidden.slice(offset + length);
    return [name, text.slice(offset, offset + length)] as const;
  });
  return { hidden, reveal: (edited) => names.reduce((now, [name, key]) => now.replace(name, () => key), edited) };
};

/** A character that stands for nothing. */
const FIRST_PRIVATE = 0xe000;

const repeatedKeys = (node: Node | undefined): readonly Node[] => {
  const children = node?.children ?? [];
  if (node?.type !== 'object') return children.flatMap(repeatedKeys);
  const names = children.map(({ children: [key] = [] }) => String(key?.value));
  return children.flatMap(({ children: [key, value] = [] }, index) => {
    const isRepeated = key !== undefined && key.length > 2 && names.lastIndexOf(String(key.value)) > index;
    return [...(isRepeated ? [key] : []), ...repeatedKeys(value)];
  });
};

/** Changes a value in place, with `change` given what it is; nothing happens where there is none. */
export const changeJsonc = (text: string, path: JsonPath, change: (value: unknown) => unknown): string => {
  const node = findNode(parseTree(text, [], { allowTrailingComma: true }), path);
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
  const node = findNode(root, from);
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
    const node = findNode(root, path.slice(0, index + 1));
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
