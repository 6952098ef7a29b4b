import { rangeOf } from '../../core/placed-text.ts';
import type { TextEdit } from '../finding.ts';
import type { AuditedJob } from '../pipeline.ts';

/**
 * The edit that lets a job need others: a name, a list in brackets or a list in lines is made longer, a missing `needs` is put below the
 * job's key. [] where that is not mechanical: jobs of other files, a circle, another form.
 */
export type Needed = Pick<AuditedJob, 'key' | 'id' | 'calledBy' | 'allNeeds'>;

export const addNeeds = (job: AuditedJob, wanted: readonly Needed[]): readonly TextEdit[] => {
  const isPlain = (one: Needed): boolean => one.calledBy.length === 0;
  if (wanted.length === 0 || !isPlain(job) || !wanted.every(isPlain)) return [];
  if (wanted.some((one) => one.key === job.key || one.allNeeds.has(job.key))) return [];
  const names = [...new Set(wanted.map(({ id }) => id))];
  const { source } = job.workflow;
  const put = (start: number, end: number, text: string): readonly TextEdit[] => [
    { file: source.file, start, end, text },
  ];
  const last = job.job.needs.at(-1);
  const lineEnd = source.text.includes('\r\n') ? '\r\n' : '\n';
  if (last === undefined) {
    const line = source.lineStarts[job.job.idSpan.line];
    // Empty lines and comments may stand between the job's key and its first key.
    const body = /^(?:[ \t]*(?:#[^\r\n]*)?\r?\n)*([ \t]*)/.exec(source.text.slice(line ?? source.text.length));
    const indent = body?.[1] ?? '';
    if (line === undefined || job.job.needsSpan !== null || indent.length < job.job.idSpan.column) return [];
    return put(line, line, `${indent}needs: ${names.length === 1 ? names[0] : `[${names.join(', ')}]`}${lineEnd}`);
  }
  const range = rangeOf(last.placed, 0, last.placed.text.length);
  if (range === null || range.source !== source) return [];
  const start = source.lineStarts[last.span.line - 1] ?? 0;
  const before = source.text.slice(start, range.start);
  const isQuoted = /['"]$/.test(before);
  const end = range.end + (isQuoted ? 1 : 0);
  const after = /^[^\r\n]*/.exec(source.text.slice(end))?.[0] ?? '';
  const item = /^([ \t]*- +)['"]?$/.exec(before)?.[1];
  if (item !== undefined) {
    const at = end + after.length;
    return put(at, at, names.map((name) => `${lineEnd}${item}${name}`).join(''));
  }
  if (/^\s*,?\s*\]/.test(after)) return put(end, end, `, ${names.join(', ')}`);
  if (!/^[ \t]*needs: +['"]?$/.test(before) || !/^\s*(?:#.*)?$/.test(after)) return [];
  const written = source.text.slice(range.start - (isQuoted ? 1 : 0), end);
  return put(end - written.length, end, `[${[written, ...names].join(', ')}]`);
};
