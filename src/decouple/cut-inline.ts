import { wholeLines } from '../shell/cut/statement-lines.ts';
import { cutScript } from '../shell/cut/cut-script.ts';
import { isWithin, type FileRange } from '../shell/cut/cutting.ts';
import { withoutPadding } from '../shell/holes.ts';
import type { ShellCall } from '../shell/shell-run.ts';
import type { TextEdit } from '../audit/finding.ts';
import { readDjangoCommand } from '../audit/model/django-command.ts';
import type { Migration } from '../audit/model/migrations.ts';
import type { Audit, AuditedJob } from '../audit/pipeline.ts';
import { groupBy } from '../core/group-by.ts';
import {
  createSource,
  offsetsOf,
  placeRange,
  rangeOf,
  type PlacedText,
  type SourceFile,
  type Span,
} from '../core/placed-text.ts';
import type { Scalar, WorkflowStep } from '../workflows/workflow.ts';
import type { DecoupleFacts, Left } from './decoupling.ts';

export interface InlineCut {
  readonly edits: readonly TextEdit[];
  readonly left: readonly Left[];
}

const BY_HAND = 'Move it into a job of its own by hand: `devsetup migrate`.';

export const leave = (span: Span, what: string, why: string, remedy: string = BY_HAND): Left => ({
  span,
  what,
  why,
  remedy,
});

/** Removes the migrations of a job from its steps and the scripts they call; a step that has nothing else to do goes as a whole. */
export const cutInline = (
  job: AuditedJob,
  migrations: readonly Migration[],
  { readFile }: Pick<Audit, 'readFile'>,
  { mentionsOf }: Pick<DecoupleFacts, 'mentionsOf'>,
): InlineCut => {
  const edits: TextEdit[] = [];
  const left: Left[] = [];
  for (const [, ofStep] of groupBy(migrations, ({ step, call }) => JSON.stringify([step.step.span, call.span.file]))) {
    const [first] = ofStep;
    const refuse = (why: string, remedy?: string): void =>
      void left.push(...ofStep.map(({ call, command }) => leave(call.span, `${command} in ${job.id}`, why, remedy)));
    const place = placeOf(first, { readFile, mentionsOf });
    if (typeof place === 'string') {
      refuse(place);
      continue;
    }
    const { condition } = first.step.step;
    if (condition !== null && !/^(?:\$\{\{\s*)?success\(\)(?:\s*\}\})?$/.test(condition.value.trim())) {
      refuse('an `if` of its step decides whether it runs', 'Give the `if` to a migrate job of its own.');
      continue;
    }
    if (job.steps.some(({ calls }) => calls.some(makesMigrations))) {
      refuse(
        'its job makes migrations that are not in the repository, with makemigrations',
        'Commit the migrations that it writes, and remove that command from the deployment.',
      );
      continue;
    }
    const { script, source } = place;
    if (ofStep.some(({ call, command }) => isGiven(call, command, source))) {
      refuse(
        'an expression gives the command, and it may give another one elsewhere',
        'Remove the command from what is given there, and add a migrate job by hand.',
      );
      continue;
    }
    const targets = ofStep.map(({ call }): FileRange => ({ source, ...offsetsOf(source, call.span) }));
    const cut = cutScript(script, targets);
    left.push(
      ...cut.kept.map(({ target, why }) => {
        const found = ofStep[targets.indexOf(target)] ?? first;
        return leave(found.call.span, `${found.command} in ${job.id}`, why);
      }),
    );
    if (cut.kept.length > 0) continue;
    if (!cut.isEmpty) {
      edits.push(...cut.edits.map(({ start, end }) => ({ file: source.file, start, end, text: '' })));
      continue;
    }
    const whole =
      source.file === job.workflow.source.file
        ? removeStep(job, first.step.step, source)
        : `nothing would be left of ${source.file}`;
    if (typeof whole === 'string') refuse(whole);
    else edits.push(whole);
  }
  return { edits, left };
};

/** `${{ inputs.command }}`: what is written does not migrate. */
const isGiven = ({ span }: ShellCall, command: string, source: SourceFile): boolean => {
  const { start, end } = offsetsOf(source, span);
  const written = source.text.slice(start, end);
  return written.includes('${{') && !command.split(' ').some((word) => written.includes(word));
};

const makesMigrations = (call: ShellCall): boolean => {
  const django = readDjangoCommand(call);
  return (
    django?.name === 'makemigrations' &&
    !django.args.some(({ value }) => /^--(?:check|dry-run)$/.test(withoutPadding(value)))
  );
};

/** The script that a migration stands in, in its file; a text: why it cannot be changed there. */
const placeOf = (
  { call, step, script }: Migration,
  { readFile, mentionsOf }: Pick<Audit, 'readFile'> & Pick<DecoupleFacts, 'mentionsOf'>,
): { readonly script: PlacedText; readonly source: SourceFile } | string => {
  if (script !== null) {
    const text = readFile(script);
    if (text === undefined || !/^(?:#!.*\b(?:ba|da|z)?sh\b|[^#])/.test(text)) return `${script} is not a shell script`;
    const others = mentionsOf(script);
    if (others.length > 0) return `${others.slice(0, 2).join(' and ')} may run ${script}, too`;
    const source = createSource(script, text);
    return { script: placeRange(source, 0, text.length), source };
  }
  const scalar = scalarAround(step.step, call.span);
  const source = scalar?.placed.segments[0]?.source;
  return scalar === null || source === undefined
    ? 'where it stands in the step is not a script'
    : { script: scalar.placed, source };
};

/** The `run` or value of `with` that a place stands in. */
const scalarAround = (step: WorkflowStep, span: Span): Scalar | null => {
  const all = [...(step.run === null ? [] : [step.run]), ...[...step.with.values()].map(({ value }) => value)];
  return (
    all.find(({ placed }) => {
      const around = rangeOf(placed, 0, placed.text.length);
      if (around === null || around.source.file !== span.file) return false;
      return isWithin({ source: around.source, ...offsetsOf(around.source, span) }, around);
    }) ?? null
  );
};

/** The edit that removes a step; a text: why it has to stay. */
const removeStep = (job: AuditedJob, step: WorkflowStep, source: SourceFile): TextEdit | string => {
  const { id } = step;
  if (id !== null && new RegExp(`\\bsteps\\.${id}\\b`).test(source.text))
    return `other steps refer to its step \`${id}\``;
  if (job.job.steps.length < 2) return 'the job would have no step left';
  const { line, endLine } = step.span;
  const start = source.lineStarts[line - 1] ?? 0;
  const next = job.job.steps.find(({ span }) => span.line > line);
  const last = next === undefined ? endLine : Math.min(endLine, next.span.line - 1);
  const lines = source.text
    .slice(start, source.lineStarts[last] ?? source.text.length)
    .replace(/(?:[ \t]*\r?\n)*$/, '');
  const dash = start + (/^[ \t]*/.exec(lines)?.[0].length ?? 0);
  const range = wholeLines({ source, start: dash, end: start + lines.length });
  if (range === null) return 'its step shares a line with others';
  // Empty lines before the last step would end the job.
  const blank = next === undefined ? (/(?:\r?\n[ \t]*)*$/.exec(source.text.slice(0, range.start))?.[0] ?? '') : '';
  const kept = /^\r?\n/.exec(blank)?.[0].length ?? 0;
  return { file: source.file, start: range.start - blank.length + kept, end: range.end, text: '' };
};
