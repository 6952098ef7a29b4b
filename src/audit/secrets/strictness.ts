import type { Span } from '../../core/placed-text.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import type { AuditedJob, Pipeline } from '../pipeline.ts';
import type { Strictness } from './judge-value.ts';

const SERVING: ReadonlySet<string> = new Set(['migrate', 'deploy', 'post-deploy', 'rollback']);

/** What is built there is only there to be tested. */
const isNamedForTests = ({ role, id, job }: AuditedJob): boolean =>
  role === 'build' && /(?:^|[^a-z])(?:tests?|testing|e2e|smoke)(?:$|[^a-z])/i.test(`${id} ${job.name?.value ?? ''}`);

const isServing = (job: AuditedJob): boolean =>
  SERVING.has(job.role) || job.does.has('deploy') || job.does.has('migrate');

/** How a job's fixed passwords are judged; null: it tests, and they open nothing. */
export const strictnessOf = (job: AuditedJob, pipeline: Pipeline): Strictness | null => {
  const known = KNOWN.get(pipeline) ?? new Map(pipeline.jobs.map((one) => [one, judge(one, pipeline)]));
  KNOWN.set(pipeline, known);
  return known.get(job) ?? null;
};

/** Asked for every value of a workflow. */
const KNOWN = new WeakMap<Pipeline, ReadonlyMap<AuditedJob, Strictness | null>>();

const judge = (job: AuditedJob, { jobs }: Pipeline): Strictness | null => {
  if (runsOnThrowAwayDatabase(job) || isNamedForTests(job)) return null;
  if (isServing(job)) return 'serving';
  return jobs.some((one) => one.role === 'build' || isServing(one)) ? 'making' : null;
};

const linesOf = (job: AuditedJob): string => {
  const { source } = job.workflow;
  const { line, endLine }: Span = job.job.span;
  return source.text.slice(source.lineStarts[line - 1] ?? 0, source.lineStarts[endLine] ?? source.text.length);
};

/**
 * Of a variable of a whole workflow. One that a workflow's tests need is for them, unless another of its jobs names it; of a workflow
 * without tests it is for all of its jobs.
 */
export const strictnessOfWorkflow = (name: string, pipeline: Pipeline): Strictness | null => {
  const judged = pipeline.jobs.map((job) => ({ job, strictness: strictnessOf(job, pipeline) }));
  const others = judged.filter(({ strictness }) => strictness !== null);
  const isForTests = others.length < judged.length;
  const using = isForTests
    ? others.filter(({ job }) => new RegExp(`\\b${escape(name)}\\b`).test(linesOf(job)))
    : others;
  if (using.some(({ strictness }) => strictness === 'serving')) return 'serving';
  return using.length > 0 ? 'making' : null;
};

const escape = (text: string): string => text.replaceAll(/[^\w]/g, '\\$&');
