import { spanOf, type PlacedText } from '../../core/placed-text.ts';
import { expressionRanges } from '../expressions/split-expressions.ts';
import type { Entries, Scalar, Workflow, WorkflowFault } from '../workflow.ts';
import { refuse } from './refuse.ts';

/** Expressions that GitHub cannot read: one without an end, one with a text in double quotes. Of other mistakes nothing is said. */
export const expressionFaults = ({ env, jobs }: Workflow): readonly WorkflowFault[] => [
  ...ofEntries(env),
  ...jobs.flatMap((job) => [
    ...ofCondition(job.condition),
    ...ofEntries(job.env),
    ...ofEntries(job.with),
    ...ofEntries(job.outputs),
    ...[job.name, job.environment].flatMap(ofText),
    ...job.steps.flatMap((step) => [
      ...ofCondition(step.condition),
      ...[step.name, step.run, step.workingDirectory].flatMap(ofText),
      ...ofEntries(step.env),
      ...ofEntries(step.with),
    ]),
  ]),
];

const ofEntries = (entries: Entries): readonly WorkflowFault[] =>
  [...entries.values()].flatMap(({ value }) => ofText(value));

const ofText = (scalar: Scalar | null): readonly WorkflowFault[] => {
  if (scalar === null || !scalar.value.includes('${{')) return [];
  const { placed, value } = scalar;
  const ranges = expressionRanges(value);
  const open = value.indexOf('${{', ranges.at(-1)?.end ?? 0);
  return [
    ...ranges.flatMap(({ start, end }) => ofExpression(placed, start + 3, end - 2)),
    ...(open < 0
      ? []
      : [refuse('The expression has no end.', 'Close it by }}, outside of quotes.', spanOf(placed, open, open + 3))]),
  ];
};

/** An `if` is an expression with and without braces. */
const ofCondition = (scalar: Scalar | null): readonly WorkflowFault[] =>
  scalar === null || scalar.value.includes('${{')
    ? ofText(scalar)
    : ofExpression(scalar.placed, 0, scalar.value.length);

const ofExpression = (placed: PlacedText, start: number, end: number): readonly WorkflowFault[] => {
  let isQuoted = false;
  for (let at = start; at < end; at++) {
    if (placed.text[at] === "'") isQuoted = !isQuoted;
    else if (placed.text[at] === '"' && !isQuoted) {
      return [
        refuse(
          'Expressions know no double quotes.',
          "Write texts in single quotes: 'text'.",
          spanOf(placed, at, at + 1),
        ),
      ];
    }
  }
  return [];
};
