import type { PipelineNode, CompoundList, Statement } from 'unbash';

import { rangeOf, type PlacedText, type SourceFile } from '../../core/placed-text.ts';

/** A part of a file, in offsets. */
export interface FileRange {
  readonly source: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A command that stays, and why: a sentence without its period. */
export interface KeptTarget {
  readonly target: FileRange;
  readonly why: string;
}

/** What one pass over a script knows and collects. */
export interface Cutting {
  readonly targets: readonly FileRange[];
  /** Functions that would do nothing: their calls are removed, too. */
  readonly functions: ReadonlySet<string>;
  readonly newFunctions: Set<string>;
  /** Nodes that are removed as a whole. */
  readonly gone: Set<object>;
  readonly edits: FileRange[];
  readonly kept: KeptTarget[];
  cutNode(node: CutNode, place: CutPlace): Verdict;
  cutStatements(statements: readonly Statement[], place: CutPlace): Verdict;
}

/** The text that a syntax tree is of. */
export interface CutPlace {
  readonly placed: PlacedText;
  readonly cutting: Cutting;
}

export type CutNode = Statement['command'] | PipelineNode | CompoundList;

/** What becomes of a part of the script: removed as a whole, in part, or not at all. */
export type Verdict = 'gone' | 'changed' | 'same';

export interface Extent {
  readonly pos: number;
  readonly end: number;
}

export const isWithin = (inner: FileRange, outer: FileRange): boolean =>
  inner.source.file === outer.source.file && inner.start >= outer.start && inner.end <= outer.end;

/** The targets that are written in a part of the text. */
export const targetsIn = ({ placed, cutting }: CutPlace, { pos, end }: Extent): readonly FileRange[] => {
  const range = rangeOf(placed, pos, end);
  return range === null ? [] : cutting.targets.filter((target) => isWithin(target, range));
};

/** The command stays as it is written, with all targets in it. */
export const keep = (place: CutPlace, extent: Extent, why: string): Verdict => {
  place.cutting.kept.push(...targetsIn(place, extent).map((target) => ({ target, why })));
  return 'same';
};

export const cutOut = ({ placed, cutting }: CutPlace, { pos, end }: Extent): void => {
  const range = rangeOf(placed, pos, end);
  if (range !== null && range.end > range.start) cutting.edits.push(range);
};
