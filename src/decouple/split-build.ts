import { findEvidence } from '../audit/model/evidence.ts';
import { baseName } from '../audit/model/django-command.ts';
import type { TextEdit } from '../audit/finding.ts';
import type { Audit, AuditedJob, AuditedStep } from '../audit/pipeline.ts';
import { offsetsOf, type Span } from '../core/placed-text.ts';
import { hasHole } from '../shell/holes.ts';
import type { ShellCall } from '../shell/shell-run.ts';
import type { WorkflowStep } from '../workflows/workflow.ts';
import { indentOf, linesOf, startWithComments, toFlow } from './source-lines.ts';

/** A job that builds and tests what another one, which did all of it until now, deploys. */
export interface BuildJob {
  readonly id: string;
  /** Its lines, from its key on. */
  readonly lines: readonly string[];
  /** What the deployment no longer does. */
  readonly edits: readonly TextEdit[];
  /** What it takes over, for people. */
  readonly line: number;
}

/** Actions that leave something behind on the runner which later steps of any kind may need: both jobs get them. */
const PREPARES =
  /^(?:actions\/checkout|docker\/login-action|aws-actions\/(?:configure-aws-credentials|amazon-ecr-login)|google-github-actions\/(?:auth|setup-gcloud)|azure\/(?:login|docker-login)|webfactory\/ssh-agent)$/;
/** Those that only a build or a test needs. */
const BUILDS =
  /^(?:actions\/(?:cache|setup-(?:python|node|go|java))|docker\/(?:build-push-action|bake-action|setup-buildx-action|setup-qemu-action|metadata-action)|astral-sh\/setup-uv|snok\/install-poetry)$/;
/** Programs that build, test and install, and leave nothing that a deployment by the programs below could need. */
const BUILD_PROGRAMS =
  /^(?:docker|pip3?|python3?|pytest|poetry|uv|pipenv|npm|npx|yarn|pnpm|flake8|ruff|black|isort|mypy|pylint|echo|printf|set|cd|true|:)$/;
/** They come with every runner of GitHub, and need nothing that an earlier command of the job has written. */
const DEPLOY_PROGRAMS =
  /^(?:ssh|scp|rsync|curl|kubectl|helm|aws|gcloud|az|echo|printf|set|cd|sleep|mkdir|chmod|ssh-keyscan|ssh-add|true|:)$/;
const DEPLOY_ACTIONS =
  /^(?:appleboy\/(?:ssh|scp)-action|azure\/(?:k8s-set-context|setup-kubectl|webapps-deploy|container-apps-deploy-action)|aws-actions\/amazon-ecs-(?:render-task-definition|deploy-task-definition)|google-github-actions\/(?:deploy-cloudrun|get-gke-credentials))$/;

/** The steps of a deployment up to its last build or test as a job of their own; null: what comes behind may need what they leave on the runner. */
export const splitBuild = (
  job: AuditedJob,
  removed: readonly TextEdit[],
  id: string,
  { holes }: Pick<Audit, 'holes'>,
): BuildJob | null => {
  const { source } = job.workflow;
  const own = job.job.steps.filter(({ span }) => span.file === source.file);
  if (own.length !== job.job.steps.length || !isPlain(job)) return null;
  const does = (step: AuditedStep, what: readonly string[]): boolean =>
    findEvidence({ job: job.job, steps: [step] }, holes).some((one) => what.includes(one.does));
  const last = own.findLastIndex((step) =>
    auditedOf(step, job).some((one) => does(one, ['build', 'test']) || pushes(one)),
  );
  const before = own.slice(0, last + 1);
  const after = own.slice(last + 1);
  const gone = new Set(own.filter((step) => isWhole(step, removed, job)));
  if (last < 0 || removed.some((edit) => before.some((step) => !gone.has(step) && touches(edit, step, job))))
    return null;
  const early = before.filter((step) => !gone.has(step));
  const earlySteps = early.flatMap((step) => auditedOf(step, job));
  const lateSteps = after.filter((step) => !gone.has(step)).flatMap((step) => auditedOf(step, job));
  if (!earlySteps.some(pushes) && earlySteps.some((one) => does(one, ['build']))) return null;
  if (!earlySteps.every(isEarly) || !lateSteps.every(isLate) || earlySteps.some((one) => does(one, ['deploy'])))
    return null;
  const isKept = (step: WorkflowStep): boolean =>
    auditedOf(step, job).every(({ action }) => action !== null && PREPARES.test(action));
  const going = early.filter((step) => !isKept(step));
  const text = after.map((step) => linesOf(source, step.span).join('\n')).join('\n');
  if (going.some((one) => one.id !== null && new RegExp(`\\bsteps\\.${one.id}\\b`).test(text))) return null;
  return {
    id,
    lines: renderBuild(id, job, early),
    edits: going.map((step) => clip(removal(step, own, job), removed)),
    line: going[0]?.span.line ?? job.job.idSpan.line,
  };
};

const isPlain = ({ job, condition, calledBy }: AuditedJob): boolean =>
  calledBy.length === 0 &&
  job.matrix === null &&
  job.container === null &&
  job.services.size === 0 &&
  job.outputs.size === 0 &&
  job.defaults.shell === null &&
  job.continueOnError === null &&
  !/\b(?:always|failure|cancelled)\(/.test(condition?.value ?? '');

/** The step, and of a local action what it stands for. */
const auditedOf = (step: WorkflowStep, { steps }: AuditedJob): readonly AuditedStep[] => {
  const at = steps.findIndex((one) => one.step === step);
  const next = steps.findIndex((one, index) => index > at && one.step.span.file === step.span.file);
  return at < 0 ? [] : steps.slice(at, next < 0 ? undefined : next);
};

const programOf = ({ words }: ShellCall): string => baseName(words[0]?.value ?? '');
const isHere = ({ layers }: ShellCall): boolean => layers.length === 0;

const pushes = ({ action, with: given, calls }: AuditedStep): boolean =>
  (action === 'docker/build-push-action' && given.get('push')?.value.trim() === 'true') ||
  calls.some(
    (call) =>
      isHere(call) && programOf(call) === 'docker' && call.words.some(({ value }) => /^(?:--)?push$/.test(value)),
  );

const isEarly = ({ action, calls, runsOnFailure, unknownScripts, unfollowed }: AuditedStep): boolean =>
  !runsOnFailure &&
  unknownScripts.length + unfollowed.length === 0 &&
  (action === null
    ? calls.every(
        (call) => isHere(call) && BUILD_PROGRAMS.test(programOf(call)) && !/^(?:file|captured)$/.test(call.output),
      )
    : PREPARES.test(action) || BUILDS.test(action));

const isLate = ({ action, calls, runsOnFailure, unknownScripts, unfollowed }: AuditedStep): boolean =>
  !runsOnFailure &&
  unknownScripts.length + unfollowed.length === 0 &&
  (action === null
    ? calls.every(
        (call) => call.layers.length > 0 || (!hasHole(programOf(call)) && DEPLOY_PROGRAMS.test(programOf(call))),
      )
    : DEPLOY_ACTIONS.test(action) || PREPARES.test(action));

interface Range {
  readonly start: number;
  readonly end: number;
}

const rangeOfStep = ({ span }: WorkflowStep, { job, workflow: { source } }: AuditedJob): Range => {
  const next = job.steps.find((one) => one.span.line > span.line);
  const lines = linesOf(source, span).length;
  const endLine = next === undefined ? span.line + lines : Math.min(next.span.line, span.line + lines);
  return { start: source.lineStarts[span.line - 1] ?? 0, end: source.lineStarts[endLine - 1] ?? source.text.length };
};

const touches = (edit: TextEdit, step: WorkflowStep, job: AuditedJob): boolean => {
  const { start, end } = rangeOfStep(step, job);
  return edit.file === job.workflow.source.file && edit.start < end && edit.end > start;
};

const isWhole = (step: WorkflowStep, edits: readonly TextEdit[], job: AuditedJob): boolean => {
  const { start, end } = rangeOfStep(step, job);
  const { source } = job.workflow;
  return edits.some(
    (edit) => edit.file === source.file && edit.start <= start && source.text.slice(edit.end, end).trim() === '',
  );
};

const removal = (step: WorkflowStep, own: readonly WorkflowStep[], job: AuditedJob): TextEdit => {
  const { source } = job.workflow;
  const { start, end } = rangeOfStep(step, job);
  const next = own[own.indexOf(step) + 1];
  // A comment between two steps is about the second.
  const stop = next === undefined ? end : startWithComments(source, next.span.line);
  const isFree = stop >= end && source.text.slice(end, stop).trim() === '';
  const first = Math.min(start, startWithComments(source, step.span.line));
  return { file: source.file, start: first, end: isFree ? stop : end, text: '' };
};

/** With the comments above, which are about it. */
const withComments = (step: WorkflowStep, { workflow: { source } }: AuditedJob): readonly string[] => {
  const start = source.lineStarts[step.span.line - 1] ?? 0;
  const indent = indentOf(source, step.span.line).length;
  const above = source.text.slice(startWithComments(source, step.span.line), start).split(/\r?\n/);
  return [...above.slice(0, -1).map((line) => line.slice(indent)), ...linesOf(source, step.span)];
};

/** What another change removes, this one need not. */
const clip = (edit: TextEdit, others: readonly TextEdit[]): TextEdit => ({
  ...edit,
  end: Math.min(
    edit.end,
    ...others.filter(({ file, start }) => file === edit.file && start > edit.start).map(({ start }) => start),
  ),
});

const textAt = (span: Span, { workflow: { source } }: AuditedJob): string => {
  const { start, end } = offsetsOf(source, span);
  return source.text.slice(start, end);
};

const renderBuild = (id: string, job: AuditedJob, steps: readonly WorkflowStep[]): readonly string[] => {
  const { needs, condition, runsOn, environment, permissions, timeoutMinutes, env, defaults } = job.job;
  const written = steps.map((step) => withComments(step, job));
  // Secrets of an environment are there for its own jobs only.
  const text = `${written.flat().join('\n')}${[...env.values()].map(({ value }) => value.value).join('\n')}`;
  const needsEnvironment = /\b(?:secrets\.(?!GITHUB_TOKEN\b)|vars\.)/.test(text);
  const names = needs.map(({ value }) => value);
  return [
    `${id}:`,
    ...[
      ...(names.length === 0 ? [] : [`needs: ${names.length === 1 ? names[0] : `[${names.join(', ')}]`}`]),
      ...(condition === null ? [] : [`if: ${textAt(condition.span, job)}`]),
      `runs-on: ${runsOn === null ? 'ubuntu-latest' : toFlow(runsOn)}`,
      ...(environment === null || !needsEnvironment ? [] : [`environment: ${environment.value.trim()}`]),
      ...(timeoutMinutes === null ? [] : [`timeout-minutes: ${timeoutMinutes.value}`]),
      ...(permissions === null ? [] : [`permissions: ${toFlow(permissions)}`]),
      ...(defaults.workingDirectory === null
        ? []
        : ['defaults:', '  run:', `    working-directory: ${defaults.workingDirectory.value}`]),
      ...(env.size === 0
        ? []
        : [
            'env:',
            ...[...env.values()].map(({ key, value }) => `  ${key}: ${toFlow({ kind: 'scalar', scalar: value })}`),
          ]),
      'steps:',
      ...written.flat().map((line) => `  ${line}`),
    ].map((line) => `  ${line}`.trimEnd()),
  ];
};
