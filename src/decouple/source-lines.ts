import type { AuditedJob } from '../audit/pipeline.ts';
import type { SourceFile, Span } from '../core/placed-text.ts';
import type { YamlValue } from '../workflows/workflow.ts';
import { yamlText } from '../scaffold/workflows/blocks/yaml-text.ts';

const lineAt = ({ text, lineStarts }: SourceFile, line: number): string =>
  text.slice(lineStarts[line - 1] ?? text.length, lineStarts[line] ?? text.length).replace(/\r?\n$/, '');

export const indentOf = (source: SourceFile, line: number): string => /^[ \t]*/.exec(lineAt(source, line))?.[0] ?? '';

/** The lines of an item of a list or a key, without the indentation of the first of them and without empty lines at the end. */
export const linesOf = (source: SourceFile, { line, endLine }: Span): readonly string[] => {
  const indent = indentOf(source, line).length;
  const lines: string[] = [];
  for (let at = line; at <= endLine; at += 1) {
    const text = lineAt(source, at);
    const width = /^[ \t]*/.exec(text)?.[0].length ?? 0;
    // What stands further out belongs to what follows.
    if (at > line && text.trim() !== '' && width <= indent) break;
    lines.push(text.slice(Math.min(indent, width)));
  }
  while (lines.length > 1 && /^\s*(?:#.*)?$/.test(lines.at(-1) ?? '')) lines.pop();
  return lines;
};

/** A value of YAML on one line: `ubuntu-latest`, `[self-hosted, linux]`, `{group: large}`. */
export const toFlow = (value: YamlValue): string => {
  switch (value.kind) {
    case 'scalar':
      return yamlText(value.scalar.value);
    case 'list':
      return `[${value.items.map(toFlow).join(', ')}]`;
    case 'map':
      return `{ ${[...value.entries.values()].map(({ key, value: one }) => `${key}: ${toFlow(one)}`).join(', ')} }`;
  }
};

/** Where a key begins: with the comments above that belong to it. */
export const startWithComments = ({ text, lineStarts }: SourceFile, line: number): number => {
  let start = lineStarts[line - 1] ?? text.length;
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  for (;;) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (above >= start || !text.slice(above, start).startsWith(`${indent}#`)) return start;
    start = above;
  }
};

/** The job as it is written. */
export const textOfJob = ({ job, workflow: { source } }: Pick<AuditedJob, 'job' | 'workflow'>): string =>
  source.text.slice(
    source.lineStarts[job.span.line - 1] ?? 0,
    source.lineStarts[job.span.endLine] ?? source.text.length,
  );
