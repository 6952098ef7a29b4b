import { createScanner, parseTree, type Node, type ParseError } from 'jsonc-parser';

import { findNode } from '../project/read-jsonc.ts';
import { setJsonc, verified } from './edit-jsonc.ts';

/** jsonc-parser's SyntaxKind, which is a const enum. */
const COMMA = 5;

/**
 * Adds a property to the object at the top, on lines of its own: behind the last of `behind` that is there, else at the end. A comment
 * on the line it comes after stays with what it is about. One that is there already gets the value instead.
 */
export const addProperty = (text: string, name: string, value: unknown, behind: readonly string[] = []): string => {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const properties = root?.type === 'object' ? (root.children ?? []) : [];
  const anchor = findAnchor(root, behind) ?? properties.at(-1);
  if (root === undefined || errors.length > 0 || anchor === undefined || findNode(root, [name]) !== undefined) {
    return setJsonc(text, [name], value);
  }
  const start = text.lastIndexOf('\n', anchor.offset - 1) + 1;
  const indent = text.slice(start, anchor.offset);
  const end = anchor.offset + anchor.length;
  const comma = commaBehind(text, end);
  const lineEnd = text.indexOf('\n', comma ?? end);
  const isLast = anchor === properties.at(-1);
  const next = properties[properties.indexOf(anchor) + 1];
  // Properties that share a line are left to the formatter.
  if (!/^[ \t]*$/.test(indent) || lineEnd === -1 || (next !== undefined && next.offset < lineEnd))
    return setJsonc(text, [name], value);
  if (isLast && lineEnd > root.offset + root.length) return setJsonc(text, [name], value);
  const eol = text[lineEnd - 1] === '\r' ? '\r\n' : '\n';
  const step = indent.includes('\t') ? '\t' : indent === '' ? 2 : indent.length;
  const written = JSON.stringify(value, null, step)
    .split('\n')
    .join(eol + indent);
  const needsComma = !isLast || comma !== null;
  const line = `${indent}${JSON.stringify(name)}: ${written}${needsComma ? ',' : ''}${eol}`;
  const before = comma === null ? `${text.slice(0, end)},${text.slice(end, lineEnd + 1)}` : text.slice(0, lineEnd + 1);
  return verified(text, before + line + text.slice(lineEnd + 1), [name], value);
};

/** The last one of these names in the order of the file. */
const findAnchor = (root: Node | undefined, names: readonly string[]): Node | undefined =>
  (root?.children ?? []).findLast(({ children: [key] = [] }) => names.includes(String(key?.value)));

/** The offset behind the comma that follows; null: none does. */
const commaBehind = (text: string, offset: number): number | null => {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  return Number(scanner.scan()) === COMMA ? scanner.getPosition() : null;
};

/** Puts these properties where another one stands, which goes; comments around it stay. */
export const replaceProperty = (text: string, name: string, properties: Readonly<Record<string, unknown>>): string => {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const node = root === undefined ? undefined : findNode(root, [name])?.parent;
  if (node === undefined) return text;
  const start = text.lastIndexOf('\n', node.offset - 1) + 1;
  const before = text.slice(start, node.offset);
  const isAlone = /^[ \t]*$/.test(before) && start > 0;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const written = Object.entries(properties).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return (
    text.slice(0, node.offset) +
    written.join(isAlone ? `,${eol}${before}` : ', ') +
    text.slice(node.offset + node.length)
  );
};

/** Adds a property before the others of an object at the top, whose lines stay as they are. */
export const addFirst = (text: string, name: string, key: string, value: unknown): string => {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const [first] = root === undefined ? [] : (findNode(root, [name])?.children ?? []);
  const indent = first === undefined ? '' : text.slice(text.lastIndexOf('\n', first.offset - 1) + 1, first.offset);
  if (first === undefined || !/^[ \t]*$/.test(indent)) return setJsonc(text, [name, key], value);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const line = `${JSON.stringify(key)}: ${JSON.stringify(value)},${eol}${indent}`;
  return verified(text, text.slice(0, first.offset) + line + text.slice(first.offset), [name, key], value);
};
