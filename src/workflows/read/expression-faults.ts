import { spanOf, type PlacedText } from '../../core/placed-text.ts';
import { expressionRanges } from '../expressions/split-expressions.ts';
import type { Entries, Scalar, Workflow, WorkflowFault } from '../workflow.ts';
import { refuse } from './refuse.ts';

/**
 * Expressions that GitHub refuses: one without an end, one with a text in double quotes, an `if` that asks for values that do not exist where it
 * is decided. Of other mistakes nothing is said.
 */
export const expressionFaults = ({ env, jobs }: Workflow): readonly WorkflowFault[] => [
  ...ofEntries(env),
  ...jobs.flatMap((job) => [
    ...ofCondition(job.condition, NOT_IN_JOBS),
    ...ofEntries(job.env),
    ...ofEntries(job.with),
    ...ofEntries(job.outputs),
    ...[job.name, job.environment].flatMap(ofText),
    ...job.steps.flatMap((step) => [
      ...ofCondition(step.condition, NOT_IN_STEPS),
      ...[step.name, step.run, step.workingDirectory].flatMap(ofText),
      ...ofEntries(step.env),
      ...ofEntries(step.with),
    ]),
  ]),
];

const ofEntries = (entries: Entries): readonly WorkflowFault[] =>
  [...entries.values()].flatMap(({ value }) => ofText(value));

/** GitHub decides about a job before it has a runner, a leg of the matrix and the job's environment. */
const NOT_IN_JOBS = /^(?:secrets|env|steps|runner|job|matrix|strategy)$/i;
const NOT_IN_STEPS = /^secrets$/i;

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
const ofCondition = (scalar: Scalar | null, missing: RegExp): readonly WorkflowFault[] => {
  if (scalar === null) return [];
  const { placed, value } = scalar;
  const hasBraces = value.includes('${{');
  const ranges = hasBraces
    ? expressionRanges(value).map(({ start, end }) => ({ start: start + 3, end: end - 2 }))
    : [{ start: 0, end: value.length }];
  return [
    ...(hasBraces ? ofText(scalar) : ofExpression(placed, 0, value.length)),
    ...ranges.flatMap((range) => ofContexts(placed, range, missing)),
  ];
};

/** Texts in quotes, and names with what belongs to them: `secrets` in `github.event.secrets` is no context. */
const QUOTED_OR_NAME = /'(?:[^']|'')*'|[\w-]+(?:\s*\.\s*[\w*-]+)*(?=(\s*\[)?)/g;

const ofContexts = (
  placed: PlacedText,
  { start, end }: { readonly start: number; readonly end: number },
  missing: RegExp,
): readonly WorkflowFault[] => {
  for (const { 0: found, 1: bracket, index } of placed.text.slice(start, end).matchAll(QUOTED_OR_NAME)) {
    const [context = '', member] = found.split(/\s*\.\s*/);
    if (found.startsWith("'") || (member === undefined && bracket === undefined) || !missing.test(context)) continue;
    const at = start + index;
    return [
      refuse(
        `This if cannot ask for ${context}: it does not exist where GitHub decides.`,
        /^secrets$/i.test(context)
          ? 'Hand the secret to a variable of env, and ask for that in the if of a step.'
          : 'Ask for it in the if of a step.',
        spanOf(placed, at, at + found.length),
      ),
    ];
  }
  return [];
};

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
