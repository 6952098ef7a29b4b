import path from 'node:path';

import type { Layer, ShellInput, ShellRun, Variable } from '../../shell/shell-run.ts';
import { interpretShell } from '../../shell/interpret-shell.ts';
import { hasHole, type Holes } from '../../shell/holes.ts';
import { withoutWorkspace } from '../../shell/walk/paths.ts';
import type { Entries, WorkflowStep } from '../../workflows/workflow.ts';
import type { AuditedStep, Disabled, Evaluated, Unfollowed } from '../pipeline.ts';
import { environmentOfAction } from './action-outputs.ts';
import { DEVSETUP_ACTION, findActionScripts } from './action-scripts.ts';
import { textValue, truthOf } from './alternatives.ts';
import { canFollowStep, type Budget } from './budget.ts';
import { evaluateEntries, withEnvironment } from './environment.ts';
import { alternativesOf, evaluateMaybe, evaluateText } from './evaluate-text.ts';
import { findAction, isDevsetupAt } from './find-action.ts';
import { ACTION_PATH, scopeOf, type Frame, type StepOutputs } from './frame.ts';
import { isNeverTagTriggered, isTagTriggered } from './github-context.ts';
import { defaultOf } from './input-values.ts';
import { metadataOutputs } from './metadata-action.ts';
import { NEVER_TRUE, neverRuns } from './never-runs.ts';
import { readShellOption } from './read-shell-option.ts';
import { withScriptOrigins } from './script-origins.ts';

export interface StepSurroundings {
  readonly readFile: (path: string) => string | undefined;
  readonly paths: readonly string[];
  readonly budget: Budget;
  /** Gets the first step that is not followed. */
  readonly unfollowed: Unfollowed[];
  /** Gets the steps that never run. */
  readonly disabled: Disabled[];
  readonly defaults: { readonly shell: string | undefined; readonly directory: string | undefined };
  readonly isWindows: boolean;
  /** The labels of composite actions around, outermost first. */
  readonly prefix: string;
  readonly depth: number;
  /** Of the step that uses the composite action. */
  readonly outer: Pick<AuditedStep, 'continuesOnError' | 'runsOnFailure'> | null;
}

export interface StepsRun {
  readonly steps: readonly AuditedStep[];
  /** What is known behind the last of them. */
  readonly frame: Frame;
}

const DEEPEST_ACTION = 5;
const NOTHING: ShellRun = {
  calls: [],
  environment: new Map(),
  outputs: new Map(),
  unknownScripts: [],
  faults: [],
  settings: [],
  unfollowed: [],
  files: new Map(),
};

/** Follows the steps of a job or of a composite action, each with what those before it have set. */
export const runSteps = (steps: readonly WorkflowStep[], start: Frame, around: StepSurroundings): StepsRun => {
  const done: AuditedStep[] = [];
  let { environment } = start;
  const outputs = new Map(start.steps);
  const current = (): Frame => ({ ...start, environment, steps: outputs });
  for (const step of steps) {
    if (!canFollowStep(around.budget, environment)) {
      around.unfollowed.push({ kind: 'work', span: step.span });
      break;
    }
    if (neverRuns(step.condition, scopeOf(current()))) {
      around.disabled.push({ name: around.prefix + labelOf(step), why: NEVER_TRUE, span: step.span });
      continue;
    }
    const audited = auditStep(step, withEnvironment(current(), step.env), around);
    const { inner } = audited;
    done.push(audited.step, ...(inner?.steps ?? []));
    const written = new Map([...audited.run.environment, ...(inner?.written ?? [])]);
    for (const [name, kind] of environmentOfAction(audited.step.action ?? '')) {
      written.set(name, { value: start.holes.of({ kind, name: `$${name}` }), span: null });
    }
    if (written.size > 0) environment = new Map([...environment, ...written]);
    if (step.id !== null) outputs.set(step.id, outputsOf(audited.step, audited.run, inner, current()));
  }
  return { steps: done, frame: current() };
};

const labelOf = ({ id, name, index }: WorkflowStep): string => id ?? name?.value ?? String(index + 1);

interface Inner {
  readonly unfollowed: readonly Unfollowed[];
  readonly steps: readonly AuditedStep[];
  readonly written: ReadonlyMap<string, Variable>;
  readonly outputs: ReadonlyMap<string, Variable>;
}

const auditStep = (
  step: WorkflowStep,
  frame: Frame,
  around: StepSurroundings,
): { readonly step: AuditedStep; readonly run: ShellRun; readonly inner: Inner | null } => {
  const scope = scopeOf(frame);
  const uses = evaluateMaybe(step.uses, scope);
  const given = evaluateEntries(step.with, frame);
  const label = around.prefix + labelOf(step);
  const action = uses === null ? null : (uses.value.split('@')[0] ?? '').toLowerCase();
  const isDevsetup = uses !== null && isDevsetupAt(uses.value, around.readFile);
  const isLocal = uses !== null && /^\.\.?\//.test(uses.value) && !isDevsetup;
  const condition = evaluateMaybe(step.condition, scope);
  const continues = step.continueOnError === null ? null : truthOf(alternativesOf(step.continueOnError, scope));
  const isMeant = continues === true || step.continueOnError?.value.trim() === 'true';
  const continuesOnError = isMeant ? (step.continueOnError?.span ?? null) : (around.outer?.continuesOnError ?? null);
  const runsOnFailure =
    /\b(?:failure|always|cancelled)\s*\(/.test(step.condition?.value ?? '') || (around.outer?.runsOnFailure ?? false);
  const run =
    step.run === null
      ? uses === null || action === null || isLocal
        ? NOTHING
        : runScripts(isDevsetup ? DEVSETUP_ACTION : action, uses, { given, raw: step.with }, frame, around)
      : runOwn(step, frame, around);
  around.budget.calls -= run.calls.length;
  const inner = isLocal
    ? runComposite(uses, given, frame, { ...around, prefix: `${label} / `, outer: { continuesOnError, runsOnFailure } })
    : null;
  return {
    step: {
      step,
      label,
      uses,
      action,
      with: given,
      environment: frame.environment,
      calls: run.calls,
      unknownScripts: run.unknownScripts,
      faults: run.faults,
      settings: run.settings,
      unfollowed: [...run.unfollowed, ...(inner?.unfollowed ?? [])],
      written: run.files,
      continuesOnError,
      condition,
      runsOnFailure,
    },
    run,
    inner,
  };
};

/** What the runner sets for the run of a Git tag, unless the workflow sets it otherwise. */
const withGitTag = ({ environment, run, holes }: Frame): ReadonlyMap<string, Variable> => {
  if (!run.isOfTag) return environment;
  const name = holes.of({ kind: 'git-tag', name: 'github.ref_name' });
  return new Map<string, Variable>([
    ['GITHUB_REF_NAME', { value: name, span: null }],
    ['GITHUB_REF', { value: `refs/tags/${name}`, span: null }],
    ...environment,
  ]);
};

const runOwn = (step: WorkflowStep, frame: Frame, around: StepSurroundings): ShellRun => {
  if (step.run === null) return NOTHING;
  if (around.budget.calls < 0) return { ...NOTHING, unfollowed: [{ kind: 'work', span: step.run.span }] };
  const scope = scopeOf(frame);
  const shell = evaluateMaybe(step.shell, scope)?.value ?? around.defaults.shell;
  const folder = evaluateMaybe(step.workingDirectory, scope)?.value ?? around.defaults.directory;
  const run = interpretShell({
    script: evaluateText(step.run, scope).placed,
    ...readShellOption(shell, around.isWindows),
    variables: withGitTag(frame),
    directory: folderOf(folder, frame.holes),
    layers: [],
    holes: frame.holes,
    readFile: around.readFile,
    paths: around.paths,
    effort: around.budget.effort,
  });
  return { ...run, calls: withScriptOrigins(run.calls, step.run, scope) };
};

const runScripts = (
  action: string,
  uses: Evaluated,
  { given, raw }: { readonly given: ReadonlyMap<string, Evaluated>; readonly raw: Entries },
  frame: Frame,
  around: StepSurroundings,
): ShellRun => {
  const scope = scopeOf(frame);
  const scripts = findActionScripts(action, given, {
    uses,
    environment: frame.environment,
    readFile: around.readFile,
  });
  const isRemote = (layers: readonly Layer[]): boolean => layers.length > 0;
  const runs = scripts.map(({ script, layers, errexit, variables }) => {
    const input: ShellInput = {
      script: script.placed,
      language: 'bash',
      errexit,
      pipefail: false,
      variables,
      directory: isRemote(layers) ? null : folderOf(around.defaults.directory, frame.holes),
      layers,
      holes: frame.holes,
      readFile: around.readFile,
      paths: around.paths,
      effort: around.budget.effort,
    };
    const run = interpretShell(input);
    const written = [...raw.values()].find(({ value }) => value.span === script.span)?.value;
    return written === undefined ? run : { ...run, calls: withScriptOrigins(run.calls, written, scope) };
  });
  return {
    calls: runs.flatMap(({ calls }) => calls),
    // What a server writes stays there.
    environment: new Map(
      runs.flatMap((run, index) => (isRemote(scripts[index]?.layers ?? []) ? [] : [...run.environment])),
    ),
    outputs: new Map(runs.flatMap(({ outputs }) => [...outputs])),
    unknownScripts: runs.flatMap(({ unknownScripts }) => unknownScripts),
    faults: runs.flatMap(({ faults }) => faults),
    settings: runs.flatMap(({ settings }) => settings),
    unfollowed: runs.flatMap(({ unfollowed }) => unfollowed),
    files: new Map(runs.flatMap(({ files }) => [...files])),
  };
};

/** Relative to the checkout; null: not known. */
const folderOf = (written: string | undefined, holes: Holes): string | null => {
  if (written === undefined || written.trim() === '') return '.';
  const folder = withoutWorkspace(written, holes).path;
  if (hasHole(folder)) return null;
  const normal = path.posix.normalize(folder.trim()).replace(/\/$/, '');
  return normal.startsWith('/') || normal.startsWith('..') ? null : normal;
};

const runComposite = (
  uses: Evaluated,
  given: ReadonlyMap<string, Evaluated>,
  frame: Frame,
  around: StepSurroundings,
): Inner | null => {
  const action = hasHole(uses.value) ? null : findAction(uses.value, around.readFile);
  if (action === null) return null;
  const isDeep = around.depth >= DEEPEST_ACTION;
  if (isDeep || action.steps.length > around.budget.steps) {
    const unfollowed: Unfollowed = { kind: isDeep ? 'depth' : 'size', span: uses.span };
    return { steps: [], written: new Map(), outputs: new Map(), unfollowed: [unfollowed] };
  }
  around.budget.steps -= action.steps.length;
  const scope = scopeOf(frame);
  const inputs = new Map(
    [...action.inputs].map(([name, { value }]): [string, { values: ReturnType<typeof defaultOf>; origins: [] }] => {
      const said = given.get(name) ?? given.get(name.toLowerCase());
      const values =
        said === undefined
          ? defaultOf(value, (text) => (text === null ? [] : alternativesOf(text, scope)))
          : [textValue(said.value)];
      return [name.toLowerCase(), { values, origins: [] }];
    }),
  );
  const workspace = frame.holes.of({ kind: 'unknown', name: 'github.workspace' });
  const folder = `${workspace}/${path.posix.normalize(uses.value)}`;
  const environment = new Map([...frame.environment, [ACTION_PATH, { value: folder, span: null }]]);
  const start: Frame = { ...frame, environment, inputs, steps: new Map() };
  const { steps, frame: end } = runSteps(action.steps, start, { ...around, depth: around.depth + 1 });
  const written = new Map(
    [...end.environment].filter(([name, value]) => name !== ACTION_PATH && frame.environment.get(name) !== value),
  );
  const endScope = scopeOf(end);
  const outputs = new Map(
    [...action.outputs].flatMap(([name, { value }]): [string, Variable][] => {
      const field = value.kind === 'map' ? value.entries.get('value')?.value : undefined;
      if (field?.kind !== 'scalar') return [];
      return [[name, { value: evaluateText(field.scalar, endScope).value, span: field.scalar.span }]];
    }),
  );
  return { steps, written, outputs, unfollowed: [] };
};

const outputsOf = (step: AuditedStep, run: ShellRun, inner: Inner | null, frame: Frame): StepOutputs => {
  if (inner !== null) return { action: null, values: inner.outputs };
  if (step.action !== 'docker/metadata-action') return { action: step.action, values: run.outputs };
  const textOf = (name: string): string => step.with.get(name)?.value ?? '';
  const isOfTag = frame.run.isOfTag || isTagTriggered(frame.run.triggers);
  const found = metadataOutputs({
    images: textOf('images'),
    tags: textOf('tags'),
    flavor: textOf('flavor'),
    isOfTag,
    isNeverOfTag: !isOfTag && isNeverTagTriggered(frame.run.triggers),
    isScheduled: frame.run.triggers.length > 0 && frame.run.triggers.every(({ event }) => event === 'schedule'),
    holes: frame.holes,
  });
  const span = step.with.get('tags')?.span ?? step.step.span;
  return { action: step.action, values: new Map([...found].map(([name, value]) => [name, { value, span }])) };
};
