import { groupBy } from '../core/group-by.ts';
import type { Span } from '../core/placed-text.ts';
import type { IdentifiedFinding } from './finding.ts';

interface Surroundings {
  readonly isWorkflow: (file: string) => boolean;
  /** A comment at its own place silences it: it is not a part of what is reported at the cause. */
  readonly isSilenced: (finding: IdentifiedFinding) => boolean;
}

/** Places that are listed as evidence. */
const MOST_PLACES = 20;

const keyOf = (span: Span): string => JSON.stringify([span.file, span.line, span.column, span.endLine, span.endColumn]);

/**
 * One cause is one finding. Findings of a rule that one value causes become one: at the value where it is written in a workflow, with all
 * places that use it as evidence; at the first place where the value is in another file, e.g. of compose.
 */
export const mergeCauses = <T extends IdentifiedFinding>(
  findings: readonly T[],
  { isWorkflow, isSilenced }: Surroundings,
): readonly T[] => {
  const groupOf = (finding: T): string => {
    const { cause, span, rule } = finding;
    if (cause === undefined || isSilenced(finding)) return '';
    return JSON.stringify([rule, keyOf(cause), isWorkflow(cause.file) ? null : span.file]);
  };
  const groups = groupBy(findings, groupOf);
  return [...groups].flatMap(([key, group]) => (key === '' ? group : [mergeGroup(group, isWorkflow)]));
};

const mergeGroup = <T extends IdentifiedFinding>(
  group: readonly [T, ...T[]],
  isWorkflow: (file: string) => boolean,
): T => {
  const [first] = group;
  const { cause } = first;
  const places = [...groupBy(group, ({ span }) => keyOf(span)).values()].map(([one]) => one);
  if (cause === undefined || places.length < 2) return first;
  const isAtCause = isWorkflow(cause.file);
  const others = isAtCause ? places : places.slice(1);
  const evidence = [
    ...(first.evidence ?? []).filter(({ span }) => !isAtCause || span === null || keyOf(span) !== keyOf(cause)),
    ...others.slice(0, MOST_PLACES).map(({ span, job }) => ({
      text: job === undefined ? 'It is used here' : `${job} uses it here`,
      span,
    })),
  ];
  const count = places.length - 1;
  const { job, step, ...rest } = first;
  const isOneJob = places.every((one) => one.job === job);
  return {
    ...(rest as T),
    ...(isOneJob && job !== undefined ? { job } : {}),
    ...(!isAtCause && step !== undefined ? { step } : {}),
    span: isAtCause ? cause : first.span,
    message: `${first.message} ${isAtCause ? 'This value' : 'The same value'} is used in ${count} other place${count === 1 ? '' : 's'}, too.`,
    evidence,
  };
};

/** A comment at a later place of a finding silences that place: the place becomes a separate finding and is removed from the evidence of the first one. */
export const splitSilenced = <T extends IdentifiedFinding>(
  findings: readonly T[],
  isSilenced: (finding: IdentifiedFinding) => boolean,
): readonly T[] =>
  findings.flatMap((finding): readonly T[] => {
    const { others = [], evidence = [], job: _job, step: _step, ...rest } = finding;
    const silenced = others.filter(({ span }) => isSilenced({ ...finding, span }));
    if (silenced.length === 0) return [finding];
    const isPlace = (places: typeof others, span: Span | null): boolean =>
      span !== null && places.some((one) => keyOf(one.span) === keyOf(span));
    const without = { ...finding, evidence: evidence.filter(({ span }) => !isPlace(silenced, span)) };
    const own = evidence.filter(({ span }) => !isPlace(others, span));
    return [without, ...silenced.map((place) => ({ ...(rest as T), evidence: own, ...place }))];
  });
