import type { Span } from '../core/placed-text.ts';

export const isSameSpan = (one: Span | null | undefined, other: Span): boolean =>
  one !== null &&
  one !== undefined &&
  one.file === other.file &&
  one.line === other.line &&
  one.column === other.column &&
  one.endLine === other.endLine &&
  one.endColumn === other.endColumn;
