import { findNodeAtLocation, getNodeValue, parseTree } from 'jsonc-parser';

import { setJsonc } from './edit-jsonc.ts';
import type { JsonPath } from './read-jsonc.ts';

/** An item of a list, with a comment on the line above it. */
export interface JsonItem {
  readonly value: unknown;
  /** One line; null: none. */
  readonly comment: string | null;
}

const MARK = 'devsetup: a comment for ';

/** Adds items to the end of a list, which is made where there is none. The text stays as it is where something else is in its place. */
export const addItems = (text: string, path: JsonPath, items: readonly JsonItem[]): string => {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const list = root === undefined ? undefined : findNodeAtLocation(root, [...path]);
  const present: unknown = list === undefined ? [] : getNodeValue(list);
  if (!Array.isArray(present)) return text;
  const count = present.length;
  const marked = items.map(({ value }, index) => ({ mark: `${MARK}${index}`, value }));
  const added =
    count === 0
      ? setJsonc(
          text,
          path,
          marked.map(({ mark }) => mark),
        )
      : marked.reduce((edited, { mark }, index) => setJsonc(edited, [...path, count + index], mark), text);
  return marked.reduce(
    (edited, { mark, value }, index) => fill(edited, mark, value, items[index]?.comment ?? null),
    added,
  );
};

/** Puts an item where its mark stands, with a comment above where it has a line of its own. */
const fill = (text: string, mark: string, value: unknown, comment: string | null): string => {
  const at = text.indexOf(`"${mark}"`);
  if (at === -1) return text;
  const start = text.lastIndexOf('\n', at) + 1;
  const before = text.slice(start, at);
  const isAlone = /^[ \t]*$/.test(before);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const step = before.startsWith('\t') ? '\t' : '  ';
  const written = isAlone
    ? shortLists(JSON.stringify(value, null, step))
        .split('\n')
        .join(eol + before)
    : JSON.stringify(value);
  const above = comment === null || !isAlone ? '' : `// ${comment}${eol}${before}`;
  return text.slice(0, at) + above + written + text.slice(at + mark.length + 2);
};

/** Lists of words on one line, as people write them. */
const shortLists = (json: string): string =>
  json.replaceAll(/\[\n\s*((?:"(?:[^"\\]|\\.)*",?\s*)+)\]/g, (whole, inner: string) => {
    const line = `[${inner.trim().split(/\n\s*/).join(' ')}]`;
    return line.length <= 80 ? line : whole;
  });
