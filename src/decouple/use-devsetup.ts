import type { TextEdit } from '../audit/finding.ts';
import { findRealMigrations } from '../audit/model/find-real-migrations.ts';
import type { Audit, AuditedJob } from '../audit/pipeline.ts';
import { migratePattern } from '../audit/rules/migrate-pattern.ts';
import type { MovedPart } from '../core/decouple-report.ts';
import { offsetsOf, rangeOf } from '../core/placed-text.ts';
import { cutScript } from '../shell/cut/cut-script.ts';
import { nodeSteps } from '../scaffold/workflows/blocks/node-steps.ts';
import { changedAudit, textsAfter } from './changed-audit.ts';
import { notCovered } from './covered-by-devsetup.ts';
import type { DecoupleFacts } from './decoupling.ts';
import { describeEnvironment } from './describe-environment.ts';
import { indentOf } from './source-lines.ts';

export interface Replaced {
  readonly audit: Audit;
  readonly moved: readonly MovedPart[];
}

/** Migrate jobs that run plain commands where other environments run devsetup: they get devsetup, too, if a step does nothing else. */
export const useDevsetup = (audit: Audit, facts: DecoupleFacts, isWanted: (file: string) => boolean): Replaced => {
  if (facts.with !== 'devsetup') return { audit, moved: [] };
  const apart = migratePattern
    .check(audit)
    .filter(({ span, message }) => isWanted(span.file) && COMMANDS.test(message));
  const done = apart.flatMap(({ span, job: key }) => {
    const jobs = audit.pipelines.flatMap((pipeline) => pipeline.jobs.filter(({ calledBy }) => calledBy.length === 0));
    const job = jobs.find((one) => one.key === key && one.workflow.source.file === span.file && one.role === 'migrate');
    const edits = job === undefined ? null : replaceCommands(job, audit, facts);
    return job === undefined || edits === null ? [] : [{ job, edits, line: span.line }];
  });
  if (done.length === 0) return { audit, moved: [] };
  const texts = textsAfter(
    audit,
    done.flatMap(({ edits }) => edits),
  );
  return {
    audit: changedAudit(audit, texts),
    moved: done.map(({ job, line }) => ({
      what: `commands of ${job.id}`,
      from: `${job.workflow.source.file}:${line}, ${job.id}`,
      to: `${job.workflow.source.file}, ${job.id}: devsetup migrate`,
    })),
  };
};

const COMMANDS = /commands: .* instead of devsetup migrate/;
const RUNNER = /\b(?:poetry|pipenv|uv|pdm) run(?= )/;

/** The edits of one job; null: its step does something else, too, or migrates in a way that devsetup does not. */
const replaceCommands = (job: AuditedJob, audit: Audit, facts: DecoupleFacts): readonly TextEdit[] | null => {
  const { source } = job.workflow;
  const migrations = findRealMigrations(job, audit);
  const steps = new Set(migrations.map(({ step }) => step.step));
  const [step] = steps;
  const isPlain = migrations.every(
    (one) => one.script === null && one.call.layers.length === 0 && notCovered(one) === null,
  );
  if (step === undefined || steps.size > 1 || step.run === null || !isPlain) return null;
  const range = rangeOf(step.run.placed, 0, step.run.placed.text.length);
  const targets = migrations.map(({ call }) => ({ source, ...offsetsOf(source, call.span) }));
  const { isEmpty, kept } = cutScript(step.run.placed, targets);
  if (range === null || range.source.file !== source.file || !isEmpty || kept.length > 0) return null;
  const indent = indentOf(source, step.span.line);
  const start = source.lineStarts[step.span.line - 1] ?? 0;
  const runner = RUNNER.exec(step.run.value)?.[0];
  const { flag } = describeEnvironment(job, audit, facts);
  const command = `${runner === undefined ? '' : `${runner} `}npx --no-install devsetup migrate${flag}`;
  const written = source.text.slice(range.start, range.end);
  const node = nodeSteps({ ...facts.node, title: 'Install devsetup', directory: null, ignoreScripts: true });
  const isThere = job.steps.some(({ action }) => action === 'actions/setup-node');
  return [
    ...(isThere
      ? []
      : [{ file: source.file, start, end: start, text: node.map((line) => `${indent}${line}\n`).join('') }]),
    {
      file: source.file,
      start: range.start,
      end: range.end,
      text: `${command}${/\r?\n$/.exec(written)?.[0] ?? ''}`,
    },
  ];
};
