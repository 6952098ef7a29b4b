import * as jsonc from 'jsonc-parser';
import { parseTree, type Node, type ParseError } from 'jsonc-parser';

import { checkSteps } from './check-steps.ts';
import type { ConfigMistake, PathMistake } from './config-mistake.ts';
import { explainIssues } from './explain-issues.ts';
import { rawSchema, type RawConfig } from './raw-schema.ts';

export type ParsedConfig =
  | { readonly raw: RawConfig; readonly mistakes: readonly [] }
  | { readonly raw: undefined; readonly mistakes: readonly [ConfigMistake, ...ConfigMistake[]] };

export interface ParseConfigOptions {
  /** Where in the document the configuration is. */
  readonly at: readonly string[];
  /** Comments and trailing commas are mistakes. */
  readonly strictJson: boolean;
}

// The names behind the parser's numbers are a `const enum`, which separately compiled files cannot read.
const SYNTAX_ERRORS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is not JSON; text needs double quotes',
  InvalidNumberFormat: 'this is not a number',
  PropertyNameExpected: 'a key in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is missing here',
  CommaExpected: 'a comma is missing before this',
  CloseBraceExpected: 'a closing } is missing',
  CloseBracketExpected: 'a closing ] is missing',
  EndOfFileExpected: 'the document has ended before this',
  InvalidCommentToken: 'comments are not allowed in this file',
  UnexpectedEndOfComment: 'the comment does not end',
  UnexpectedEndOfString: 'the closing quote is missing',
  UnexpectedEndOfNumber: 'the number is not complete',
  InvalidUnicode: 'the \\u escape is not complete',
  InvalidEscapeCharacter: 'there is no such escape; write a backslash as \\\\',
  InvalidCharacter: 'tabs and other control characters must be escaped in text',
};

const placeOf = (text: string, offset: number): { line: number; column: number } => {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
};

const propertyOf = (node: Node | undefined, name: string | number): Node | undefined =>
  node?.children?.findLast((property) => property.children?.[0]?.value === name);

const child = (node: Node | undefined, segment: string | number): Node | undefined =>
  node?.type === 'array' ? node.children?.[Number(segment)] : propertyOf(node, segment)?.children?.[1];

/** The place a mistake is shown at: its key or value, or as far down as the document goes. */
const offsetOf = (root: Node, { path, onKey }: PathMistake): number => {
  let node = root;
  for (const [index, segment] of path.entries()) {
    if (onKey && index === path.length - 1) return propertyOf(node, segment)?.offset ?? node.offset;
    const next = child(node, segment);
    if (next === undefined) return node.offset;
    node = next;
  }
  return node.offset;
};

const duplicateKeys = (node: Node, path: readonly (string | number)[] = []): { offset: number; text: string }[] => {
  const seen = new Set<unknown>();
  return (node.children ?? []).flatMap((entry, index) => {
    if (node.type !== 'object') return duplicateKeys(entry, [...path, index]);
    const [keyNode, value] = entry.children ?? [];
    const name = String(keyNode?.value);
    const nested = value === undefined ? [] : duplicateKeys(value, [...path, name]);
    const isDuplicate = seen.has(name);
    seen.add(name);
    return isDuplicate ? [{ offset: entry.offset, text: `"${name}" is here a second time` }, ...nested] : nested;
  });
};

const failed = (text: string, found: readonly { offset: number; text: string }[]): ParsedConfig | undefined => {
  const [first, ...others] = found
    .toSorted((a, b) => a.offset - b.offset)
    .map((mistake) => ({ ...placeOf(text, mistake.offset), text: mistake.text }));
  return first === undefined ? undefined : { raw: undefined, mistakes: [first, ...others] };
};

/** Parses and validates the text of a configuration file. Pure; finds every mistake, not only the first. */
export const parseConfig = (text: string, { at, strictJson }: ParseConfigOptions): ParsedConfig => {
  const errors: ParseError[] = [];
  const document = parseTree(text, errors, { disallowComments: strictJson, allowTrailingComma: !strictJson });
  const syntax = errors.map(({ error, offset }) => {
    const name = jsonc.printParseErrorCode(error);
    return { offset, text: SYNTAX_ERRORS[name] ?? name };
  });
  const syntaxFailure = failed(text, syntax);
  if (syntaxFailure !== undefined) return syntaxFailure;
  const root = at.reduce<Node | undefined>((node, segment) => child(node, segment), document);
  if (root === undefined) return { raw: {}, mistakes: [] };
  const value: unknown = jsonc.getNodeValue(root);
  const result = rawSchema.safeParse(value);
  const mistakes = [
    ...(result.success ? [] : explainIssues(result.error.issues, value)),
    ...checkSteps(value),
    ...checkOwnChecks(value),
  ];
  const failure = failed(text, [
    ...mistakes.map((mistake) => ({ offset: offsetOf(root, mistake), text: mistake.text })),
    ...duplicateKeys(root),
  ]);
  return failure ?? { raw: result.data ?? {}, mistakes: [] };
};

/** What the schema cannot say about own checks: their ids are unique. Works on unvalidated input, as `checkSteps` does. */
const checkOwnChecks = (value: unknown): readonly PathMistake[] => {
  const checks = (value as { doctor?: { checks?: unknown } | null } | null)?.doctor?.checks;
  const ids = Array.isArray(checks) ? checks.map((check: unknown) => (check as { id?: unknown } | null)?.id) : [];
  return ids.flatMap((id, index): PathMistake[] =>
    typeof id === 'string' && ids.indexOf(id) < index
      ? [{ path: ['doctor', 'checks', index, 'id'], onKey: false, text: `there is another check with the id "${id}"` }]
      : [],
  );
};
