import type { AuditConfig } from '../config/audit-config.ts';
import { createHoles } from '../shell/holes.ts';
import type { Effort, Origin } from '../shell/shell-run.ts';
import { parseWorkflowFile } from '../workflows/read/parse-workflow-file.ts';
import type { Workflow } from '../workflows/workflow.ts';
import { createBudget, EFFORT_OF_AN_AUDIT } from './model/budget.ts';
import { type Alternatives, textValue, uniteAlternatives } from './model/alternatives.ts';
import type { DraftJob } from './model/draft-job.ts';
import { alternativesOf } from './model/evaluate-text.ts';
import { expandJobs, type Expansion } from './model/expand-jobs.ts';
import { findRoles } from './model/find-roles.ts';
import { scopeOf, type Frame } from './model/frame.ts';
import { isTagTriggered } from './model/github-context.ts';
import { openValuesOf } from './model/input-values.ts';
import { stageOfEnvironment, stageOfName } from './model/stage.ts';
import type { Audit, AuditedJob, Pipeline, ProjectFacts } from './pipeline.ts';

export interface AuditSources {
  /** Workflows: paths relative to the checkout's root, with `/`. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** A text of the checkout; undefined: there is none, or it is too large. Never throws. */
  readonly readFile: (path: string) => string | undefined;
  readonly project: ProjectFacts;
  readonly config: AuditConfig;
  /** Steps of shells that may be followed: `spend`. */
  readonly effort?: Effort;
}

/** The model of a checkout's pipelines. Never throws, whatever the files hold. */
export const buildAudit = ({ files, readFile: read, project, config, effort }: AuditSources): Audit => {
  const shared = effort ?? { left: EFFORT_OF_AN_AUDIT };
  const holes = createHoles();
  const readFile = readOnce(read);
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const workflows = sorted.map(({ path, text }) => parseWorkflowFile(path, text));
  const byPath = new Map(workflows.map((workflow) => [workflow.source.file, workflow]));
  const known = new Map<string, Workflow | undefined>(byPath);
  const workflowAt = (path: string): Workflow | undefined => {
    if (!known.has(path)) {
      // One of the checkout that was not asked for by name is read where another calls it.
      const text = readFile(path);
      known.set(path, text === undefined ? undefined : parseWorkflowFile(path, text));
    }
    return known.get(path);
  };
  const pipelines = workflows
    .filter(({ faults }) => !faults.some(({ isFatal }) => isFatal))
    .map((workflow): Pipeline => {
      const frame = openFrame(workflow, { holes, vars: config.vars });
      const expansion = {
        workflowAt,
        readFile,
        paths: project.paths ?? [],
        budget: createBudget(shared),
        unfollowed: [],
        disabled: [],
      };
      return finish(workflow, expandJobs(workflow, frame, expansion), expansion, { config, holes });
    });
  const paths = sorted.map(({ path }) => path);
  return { files: paths, workflows, pipelines, project, config, holes, workflowAt, readFile };
};

/** Many steps call the same script or action. */
const readOnce = (read: AuditSources['readFile']): AuditSources['readFile'] => {
  const texts = new Map<string, string | undefined>();
  return (path) => {
    if (!texts.has(path)) texts.set(path, read(path));
    return texts.get(path);
  };
};

/** What is known where nobody has started the workflow yet. */
const openFrame = (workflow: Workflow, given: Pick<Frame, 'holes' | 'vars'>): Frame => {
  const { triggers } = workflow;
  const empty: Frame = {
    ...given,
    run: { triggers, isOfTag: isTagTriggered(triggers) },
    environment: new Map(),
    inputs: new Map(),
    job: null,
    steps: new Map(),
    jobs: new Map(),
  };
  const scope = scopeOf(empty);
  const inputs = new Map<string, { values: Alternatives; origins: readonly Origin[] }>();
  for (const { inputs: declared } of triggers) {
    for (const [name, { value }] of declared) {
      const evaluate = (text: typeof value.default): Alternatives =>
        text === null ? [textValue('')] : alternativesOf(text, scope);
      const values = openValuesOf(name, value, evaluate, given.holes);
      const key = name.toLowerCase();
      const before = inputs.get(key)?.values ?? [];
      const origin: Origin = { name: `inputs.${name}`, span: value.default?.span ?? null };
      inputs.set(key, { values: uniteAlternatives([...before, ...values]), origins: [origin] });
    }
  }
  return { ...empty, inputs };
};

const finish = (
  workflow: Workflow,
  drafts: readonly DraftJob[],
  { unfollowed, disabled }: Pick<Expansion, 'unfollowed' | 'disabled'>,
  given: Parameters<typeof findRoles>[1],
): Pipeline => {
  const closed = withAllNeeds(drafts);
  const roles = findRoles(closed, given);
  const jobs = closed.map((draft): AuditedJob => {
    const found = roles.get(draft.key) ?? { role: 'other', roleReason: '', does: new Set() };
    return { ...draft, ...found, stage: stageOfJob(draft) };
  });
  const isOnlyCalled =
    workflow.triggers.length > 0 && workflow.triggers.every(({ event }) => event === 'workflow_call');
  return { workflow, jobs, isOnlyCalled, stage: stageOfPipeline(workflow, jobs), unfollowed, disabledJobs: disabled };
};

const withAllNeeds = (drafts: readonly DraftJob[]): readonly (DraftJob & Pick<AuditedJob, 'allNeeds'>)[] => {
  const byKey = new Map(drafts.map((draft) => [draft.key, draft]));
  const known = new Map<string, ReadonlySet<string>>();
  const close = (key: string, path: ReadonlySet<string>): ReadonlySet<string> => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = new Set<string>();
    for (const need of byKey.get(key)?.needs ?? []) {
      if (path.has(need)) continue;
      found.add(need);
      for (const further of close(need, new Set([...path, need]))) found.add(further);
    }
    known.set(key, found);
    return found;
  };
  return drafts.map((draft) => ({ ...draft, allNeeds: close(draft.key, new Set([draft.key])) }));
};

const stageOfJob = ({ environment, id, job, calledBy }: DraftJob): string | null =>
  (environment === null ? null : stageOfEnvironment(environment.value)) ??
  [id, job.name?.value ?? '', ...calledBy.map((caller) => caller.job.id)]
    .map(stageOfName)
    // A job that is called test is one.
    .find((stage) => stage !== null && stage !== 'test') ??
  null;

/** By the file's name, else its own, else that of all its jobs that have one. */
const stageOfPipeline = (workflow: Workflow, jobs: readonly AuditedJob[]): string | null => {
  const file = workflow.source.file.split('/').at(-1) ?? '';
  const named = stageOfName(file.replace(/\.ya?ml$/, '')) ?? stageOfName(workflow.name?.value ?? '');
  if (named !== null) return named;
  const stages = new Set(jobs.flatMap(({ stage }) => stage ?? []));
  return stages.size === 1 ? ([...stages][0] ?? null) : null;
};
