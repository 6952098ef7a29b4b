import type { Span } from '../../core/placed-text.ts';
import { holesIn, hasHole } from '../../shell/holes.ts';
import type { Audit, AuditedJob } from '../pipeline.ts';
import type { ImageReference, ImageUse } from './image-use.ts';

/** Texts of which one stands where the tag, or a name without one, is written. */
const piecesOf = ({ repository, tag }: ImageReference, { holes }: Audit): readonly string[] => {
  const text = tag ?? repository ?? '';
  const names = holesIn(text, holes).map(({ name }) => name.replace(/^\$/, ''));
  const literals = text.split(/[\uE000-\uF8FE]/).filter((part) => /\w/.test(part));
  return hasHole(text) ? [...names, ...literals] : literals;
};

/** What is written at a span of one or several lines. */
export const writtenAt = ({ file, line, column, endLine, endColumn }: Span, { workflows, readFile }: Audit): string => {
  const text = workflows.find(({ source }) => source.file === file)?.source.text ?? readFile(file) ?? '';
  const lines = text.split('\n').slice(line - 1, endLine);
  return lines
    .map((one, index) =>
      one.slice(index === 0 ? column - 1 : 0, index === lines.length - 1 ? endColumn - 1 : undefined),
    )
    .join('\n');
};

/** Where the workflow that is called, or its caller, gives an input the value: through callers of callers to the outermost. */
const followInputs = (text: string, job: AuditedJob, pieces: readonly string[], depth: number): Span | null => {
  const caller = job.calledBy.at(-1 - depth);
  const workflow = depth === 0 ? job.workflow : job.calledBy.at(-depth)?.workflow;
  for (const [, name = ''] of text.matchAll(/\binputs\.([\w-]+)/gi)) {
    const declared = workflow?.triggers.map(({ inputs }) => inputs.get(name)?.value.default ?? null) ?? [];
    const given = caller?.job.with.get(name)?.value ?? null;
    const value = given ?? declared.find((one) => one !== null) ?? null;
    if (value === null) continue;
    if (pieces.some((piece) => value.value.includes(piece))) return value.span;
    const further = caller === undefined ? null : followInputs(value.value, job, pieces, depth + 1);
    if (further !== null) return further;
  }
  return null;
};

/** How many callers lie between a job and the workflow that a file is. */
const depthOf = (file: string, { workflow, calledBy }: AuditedJob): number =>
  file === workflow.source.file ? 0 : calledBy.toReversed().findIndex((one) => one.workflow.source.file === file) + 1;

/** Where the value is written that makes a reference what it is, if that is not the command itself: a variable, an input, a compose file. */
export const causeOfUse = (
  { origins, saidIn, span, job }: ImageUse,
  reference: ImageReference,
  audit: Audit,
): Span | null => {
  if (saidIn !== null) return saidIn.span;
  const pieces = piecesOf(reference, audit);
  const isElsewhere = (one: Span): boolean =>
    one.file !== span.file || one.line !== span.line || one.column !== span.column;
  const found = origins.findLast(
    (origin) =>
      origin.span !== null &&
      isElsewhere(origin.span) &&
      pieces.some((piece) => writtenAt(origin.span ?? span, audit).includes(piece)),
  );
  if (found !== undefined) return found.span;
  for (const { span: at } of origins.toReversed()) {
    const followed = at === null ? null : followInputs(writtenAt(at, audit), job, pieces, depthOf(at.file, job));
    if (followed !== null) return followed;
  }
  return null;
};
