import type { Span } from '../../core/placed-text.ts';
import { holesIn, hasHole } from '../../shell/holes.ts';
import type { Audit } from '../pipeline.ts';
import type { ImageReference, ImageUse } from './image-use.ts';

/** Texts of which one stands where the tag, or a name without one, is written. */
const piecesOf = ({ repository, tag }: ImageReference, { holes }: Audit): readonly string[] => {
  const text = tag ?? repository ?? '';
  const names = holesIn(text, holes).map(({ name }) => name.replace(/^\$/, ''));
  const literals = text.split(/[\uE000-\uF8FE]/).filter((part) => /\w/.test(part));
  return hasHole(text) ? [...names, ...literals] : literals;
};

/** What is written at a span of one or several lines. */
const writtenAt = ({ file, line, column, endLine, endColumn }: Span, { workflows, readFile }: Audit): string => {
  const text = workflows.find(({ source }) => source.file === file)?.source.text ?? readFile(file) ?? '';
  const lines = text.split('\n').slice(line - 1, endLine);
  return lines
    .map((one, index) =>
      one.slice(index === 0 ? column - 1 : 0, index === lines.length - 1 ? endColumn - 1 : undefined),
    )
    .join('\n');
};

/** Where the value is written that makes a reference what it is, if that is not the command itself: a variable, an input, a compose file. */
export const causeOfUse = (
  { origins, saidIn, span }: ImageUse,
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
  return found?.span ?? null;
};
