import type { Origin } from '../../shell/shell-run.ts';
import { parseCondition } from '../../workflows/expressions/split-expressions.ts';
import type { Workflow, WorkflowJob, YamlValue } from '../../workflows/workflow.ts';
import type { Disabled, Evaluated, Unfollowed } from '../pipeline.ts';
import type { Budget } from './budget.ts';
import { type Alternatives, textValue, truthOf } from './alternatives.ts';
import { asksStatus, runsDespiteFailure } from './conditions.ts';
import type { DraftJob } from './draft-job.ts';
import { evaluateEntries, withEnvironment } from './environment.ts';
import { alternativesOf, evaluateMaybe, evaluateText } from './evaluate-text.ts';
import { scopeOf, type Frame } from './frame.ts';
import { defaultOf, typedValues } from './input-values.ts';
import { callTrigger, localWorkflow } from './local-workflow.ts';
import { NEVER_TRUE, neverRuns } from './never-runs.ts';
import { runSteps } from './run-steps.ts';

export interface Expansion {
  readonly workflowAt: (path: string) => Workflow | undefined;
  readonly readFile: (path: string) => string | undefined;
  /** Of the checkout. */
  readonly paths: readonly string[];
  readonly budget: Budget;
  /** Gets what is not followed. */
  readonly unfollowed: Unfollowed[];
  /** Gets the jobs that never run. */
  readonly disabled: Disabled[];
}

interface Around {
  readonly prefix: string;
  readonly calledBy: DraftJob['calledBy'];
  /** Keys that the calling job needs, and what of them its `if` does not ask for. */
  readonly needs: readonly string[];
  readonly ignores: readonly string[];
  readonly continuesOnError: DraftJob['continuesOnError'];
}

interface Expanded {
  readonly drafts: readonly DraftJob[];
  readonly outputs: ReadonlyMap<string, Evaluated>;
  /** What a job that never runs waits for; undefined: it may run. */
  readonly passedOn?: readonly string[];
}

const DEEPEST_CALL = 4;

export const OUTERMOST: Around = { prefix: '', calledBy: [], needs: [], ignores: [], continuesOnError: null };

/** The jobs of a workflow in the order of its file, those of workflows it calls in the place of the call. */
export const expandJobs = (
  workflow: Workflow,
  start: Frame,
  expansion: Expansion,
  around: Around = OUTERMOST,
): readonly DraftJob[] => expandAll(workflow, start, expansion, around).drafts;

const expandAll = (workflow: Workflow, start: Frame, expansion: Expansion, around: Around): Expanded => {
  const followed = followedJobs(workflow, expansion);
  const byId = new Map(followed.map((job) => [job.id, job]));
  const done = new Map<string, Expanded>();
  const underWay = new Set<string>();
  const base = withEnvironment(start, workflow.env);

  const expand = (job: WorkflowJob): Expanded => {
    const known = done.get(job.id);
    if (known !== undefined) return known;
    underWay.add(job.id);
    const needed = job.needs.flatMap(({ value }) => {
      const other = byId.get(value);
      // A cycle is a fault of the file, told elsewhere.
      return other === undefined || underWay.has(value) ? [] : [{ id: value, ...expand(other) }];
    });
    underWay.delete(job.id);
    const frame: Frame = { ...base, job, jobs: new Map(needed.map(({ id, outputs }) => [id, outputs])) };
    const keys = needed.flatMap(({ drafts, passedOn }) => passedOn ?? drafts.map(({ key }) => key));
    const ignored = needed.flatMap(({ id, drafts }) =>
      runsDespiteFailure(job.condition, id) ? drafts.map(({ key }) => key) : [],
    );
    const graph: Around = {
      ...around,
      needs: [...new Set([...keys, ...around.needs])],
      ignores: [...ignored, ...around.ignores],
    };
    const why = whyDisabled(job, needed, frame);
    if (why !== null) {
      expansion.disabled.push({ name: around.prefix + job.id, why, span: job.idSpan });
      const disabled: Expanded = { drafts: [], outputs: new Map(), passedOn: graph.needs };
      done.set(job.id, disabled);
      return disabled;
    }
    const expanded =
      job.uses === null
        ? runJob(workflow, job, frame, expansion, graph)
        : callWorkflow(workflow, job, frame, expansion, graph);
    done.set(job.id, expanded);
    return expanded;
  };
  const jobs = followed.map((job) => ({ id: job.id, ...expand(job) }));
  return {
    drafts: jobs.flatMap(({ drafts }) => drafts),
    outputs: callOutputs(workflow, { ...base, jobs: new Map(jobs.map(({ id, outputs }) => [id, outputs])) }),
  };
};

/** Why a job never runs: its `if`, or that of a job it needs, which it would have to ask for the status to outlive. null: it may run. */
const whyDisabled = (
  { condition }: WorkflowJob,
  needed: readonly (Expanded & { readonly id: string })[],
  frame: Frame,
): string | null => {
  if (neverRuns(condition, scopeOf(frame))) return NEVER_TRUE;
  const missing = needed.find(({ passedOn }) => passedOn !== undefined);
  const expression = condition === null ? null : parseCondition(condition.value);
  const runsAnyway = condition !== null && (expression === null || asksStatus(expression));
  return missing === undefined || runsAnyway ? null : `it needs ${missing.id}, which never runs`;
};

/** All or none: of a part, rules would find missing what stands in the rest. */
const followedJobs = ({ jobs }: Workflow, { budget, unfollowed }: Expansion): readonly WorkflowJob[] => {
  const [first] = jobs;
  if (jobs.length <= budget.jobs) {
    budget.jobs -= jobs.length;
    return jobs;
  }
  if (first !== undefined) unfollowed.push({ kind: 'size', span: first.span });
  return [];
};

const runJob = (workflow: Workflow, job: WorkflowJob, frame: Frame, expansion: Expansion, around: Around): Expanded => {
  const own = withEnvironment(frame, job.env);
  const shell = job.defaults.shell ?? workflow.defaults.shell;
  const directory = job.defaults.workingDirectory ?? workflow.defaults.workingDirectory;
  const scope = scopeOf(own);
  const { unfollowed } = expansion;
  const before = unfollowed.length;
  const disabledSteps: Disabled[] = [];
  const { steps, frame: end } = runSteps(job.steps, own, {
    readFile: expansion.readFile,
    paths: expansion.paths,
    budget: expansion.budget,
    unfollowed,
    disabled: disabledSteps,
    defaults: {
      shell: evaluateMaybe(shell, scope)?.value,
      directory: evaluateMaybe(directory, scope)?.value,
    },
    isWindows: isWindows(job),
    prefix: '',
    depth: 0,
    outer: null,
  });
  const outputs = evaluateEntries(job.outputs, end);
  return {
    drafts: [
      draftOf(workflow, job, own, around, { steps, disabledSteps, outputs, isOpaque: unfollowed.length > before }),
    ],
    outputs,
  };
};

const isWindows = ({ runsOn }: WorkflowJob): boolean =>
  runsOn?.kind === 'scalar' && /^windows-/i.test(runsOn.scalar.value);

const draftOf = (
  workflow: Workflow,
  job: WorkflowJob,
  frame: Frame,
  around: Around,
  found: Pick<DraftJob, 'steps' | 'disabledSteps' | 'outputs' | 'isOpaque'>,
): DraftJob => {
  const scope = scopeOf(frame);
  const continues = job.continueOnError === null ? null : truthOf(alternativesOf(job.continueOnError, scope));
  return {
    key: around.prefix + job.id,
    id: job.id,
    job,
    workflow,
    calledBy: around.calledBy,
    needs: around.needs,
    environment: evaluateMaybe(job.environment, scope),
    condition: evaluateMaybe(job.condition, scope),
    ignoresResultOf: around.ignores,
    continuesOnError:
      continues === true || job.continueOnError?.value.trim() === 'true'
        ? (job.continueOnError?.span ?? null)
        : around.continuesOnError,
    services: [...job.services].map(([name, { value }]) => ({ name, image: imageIn(value, frame) })),
    container: job.container === null ? null : imageIn(job.container, frame),
    ...found,
  };
};

const imageIn = (value: YamlValue, frame: Frame): Evaluated | null => {
  if (value.kind === 'scalar') return evaluateText(value.scalar, scopeOf(frame));
  const image = value.kind === 'map' ? value.entries.get('image')?.value : undefined;
  return image?.kind === 'scalar' ? evaluateText(image.scalar, scopeOf(frame)) : null;
};

const callWorkflow = (
  workflow: Workflow,
  job: WorkflowJob,
  frame: Frame,
  expansion: Expansion,
  around: Around,
): Expanded => {
  const path = localWorkflow(job);
  const called = path === null ? undefined : expansion.workflowAt(path);
  const isCycle = called !== undefined && [workflow, ...around.calledBy.map((one) => one.workflow)].includes(called);
  const { budget, unfollowed } = expansion;
  const isDeep = around.calledBy.length >= DEEPEST_CALL;
  const isLarge = (called?.jobs.length ?? 0) > budget.jobs;
  if (called === undefined || isCycle || isDeep || isLarge) {
    if (called !== undefined && !isCycle && job.uses !== null)
      unfollowed.push({ kind: isDeep ? 'depth' : 'size', span: job.uses.span });
    const outputs = new Map<string, Evaluated>();
    return {
      drafts: [draftOf(workflow, job, frame, around, { steps: [], disabledSteps: [], outputs, isOpaque: true })],
      outputs,
    };
  }
  const inner: Frame = {
    ...frame,
    // What the caller's `env` has does not reach a called workflow.
    environment: new Map(),
    inputs: inputsOf(called, job, frame),
    steps: new Map(),
    jobs: new Map(),
    job: null,
  };
  return expandAll(called, inner, expansion, {
    prefix: `${around.prefix}${job.id} / `,
    calledBy: [...around.calledBy, { job, workflow }],
    needs: around.needs,
    ignores: around.ignores,
    continuesOnError: job.continueOnError?.value.trim() === 'true' ? job.continueOnError.span : around.continuesOnError,
  });
};

/** What the caller's `with` gives, and the defaults of the rest. */
const inputsOf = (called: Workflow, job: WorkflowJob, frame: Frame): Frame['inputs'] => {
  const scope = scopeOf(frame);
  return new Map(
    [...(callTrigger(called)?.inputs ?? [])].map(
      ([name, { value }]): [string, { values: Alternatives; origins: readonly Origin[] }] => {
        const given = job.with.get(name)?.value;
        const origin: Origin = { name: `inputs.${name}`, span: given?.span ?? value.default?.span ?? null };
        const values =
          given === undefined
            ? defaultOf(value, (text) => (text === null ? [textValue('')] : alternativesOf(text, scope)))
            : typedValues(value, alternativesOf(given, scope));
        return [name.toLowerCase(), { values, origins: [origin] }];
      },
    ),
  );
};

const callOutputs = (workflow: Workflow, frame: Frame): ReadonlyMap<string, Evaluated> => {
  const scope = scopeOf(frame);
  const outputs = workflow.triggers
    .filter(({ event }) => event === 'workflow_call')
    .flatMap((trigger) => [...trigger.outputs]);
  return new Map(
    outputs.flatMap(([name, { value }]): [string, Evaluated][] => {
      const field = value.kind === 'map' ? value.entries.get('value')?.value : undefined;
      return field?.kind === 'scalar' ? [[name, evaluateText(field.scalar, scope)]] : [];
    }),
  );
};
