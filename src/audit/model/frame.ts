import { hasHole, type Holes } from '../../shell/holes.ts';
import type { Origin, Variable } from '../../shell/shell-run.ts';
import type { WorkflowJob } from '../../workflows/workflow.ts';
import type { Evaluated } from '../pipeline.ts';
import { kindOfOutput } from './action-outputs.ts';
import { type Alternatives, booleanValue, splitAlternatives, textValue, uniteAlternatives } from './alternatives.ts';
import { canonicalPath, type Scope } from './evaluate-expression.ts';
import { alternativesOf } from './evaluate-text.ts';
import { lookUpGithub, type RunKind } from './github-context.ts';
import { findMatrixValues } from './matrix-values.ts';

/** What a step has given out. */
export interface StepOutputs {
  /** Lower case, without its ref; null: a script. */
  readonly action: string | null;
  readonly values: ReadonlyMap<string, Variable>;
}

/** What is known at one place of a workflow. */
export interface Frame {
  readonly holes: Holes;
  readonly run: RunKind;
  readonly vars: Readonly<Record<string, string>>;
  readonly environment: ReadonlyMap<string, Variable>;
  /** By lower-case name. */
  readonly inputs: ReadonlyMap<string, { readonly values: Alternatives; readonly origins: readonly Origin[] }>;
  readonly job: WorkflowJob | null;
  readonly steps: ReadonlyMap<string, StepOutputs>;
  /** Outputs of jobs, for `needs` and, in a called workflow's outputs, `jobs`. */
  readonly jobs: ReadonlyMap<string, ReadonlyMap<string, Evaluated>>;
}

/** In the steps of a composite action: its folder, which `github.action_path` is, too. */
export const ACTION_PATH = 'GITHUB_ACTION_PATH';

export const scopeOf = (frame: Frame): Scope => ({
  holes: frame.holes,
  lookUp: (path) => lookUp(path, frame),
  originsOf: (path) => originsOf(canonicalPath(path), frame),
});

const lookUp = (path: readonly string[], frame: Frame): Alternatives | undefined => {
  const [context = '', ...rest] = path;
  const [name = ''] = rest;
  const { holes } = frame;
  switch (context.toLowerCase()) {
    case 'github': {
      const folder = rest.length === 1 && name === 'action_path' ? frame.environment.get(ACTION_PATH) : undefined;
      if (folder !== undefined) return [textValue(folder.value)];
      return rest[0] === 'event' && rest[1] === 'inputs'
        ? frame.inputs.get((rest[2] ?? '').toLowerCase())?.values
        : lookUpGithub(rest, frame.run, holes);
    }
    case 'env': {
      const variable = frame.environment.get(name);
      return variable === undefined ? undefined : splitAlternatives(variable.value, holes);
    }
    case 'inputs':
      return frame.inputs.get(name.toLowerCase())?.values;
    case 'vars': {
      const value = frame.vars[name];
      return value === undefined ? undefined : [textValue(value)];
    }
    case 'secrets':
      return [{ text: holes.of({ kind: 'secret', name: path.join('.') }), truth: null }];
    case 'matrix':
      return matrixValues(rest, frame);
    case 'steps':
      return outputOf(frame.steps.get(name)?.values.get(rest[2] ?? ''), {
        path,
        action: frame.steps.get(name)?.action ?? null,
        holes,
      });
    case 'needs':
    case 'jobs':
      return outputOf(frame.jobs.get(name)?.get(rest[2] ?? ''), { path, action: null, holes });
    default:
      return undefined;
  }
};

/** `steps.X.outputs.Y`, `needs.X.outputs.Y`: what was found out, else what its name says. */
const outputOf = (
  known: { readonly value: string } | undefined,
  { path, action, holes }: { readonly path: readonly string[]; readonly action: string | null; readonly holes: Holes },
): Alternatives | undefined => {
  if (path[2] !== 'outputs') return undefined;
  if (known !== undefined && !isUnknown(known.value, holes)) return splitAlternatives(known.value, holes);
  const kind = kindOfOutput(action, path[3] ?? '');
  if (kind !== null) return [{ text: holes.of({ kind, name: path.join('.') }), truth: null }];
  return known === undefined ? undefined : splitAlternatives(known.value, holes);
};

/** Nothing but one hole of which nothing is known: its name may say more. */
const isUnknown = (value: string, holes: Holes): boolean =>
  value.length === 1 && hasHole(value) && holes.get(value)?.kind === 'unknown';

const matrixValues = (path: readonly string[], frame: Frame): Alternatives | undefined => {
  const found = frame.job === null ? null : findMatrixValues(frame.job, path);
  if (found === null) return undefined;
  const scope = scopeOf({ ...frame, job: null });
  // `false` in a matrix without quotes is a boolean, not a string.
  return uniteAlternatives(
    found.flatMap((scalar) => (scalar.value === 'false' ? [booleanValue(false)] : alternativesOf(scalar, scope))),
  );
};

const originsOf = (path: readonly string[], frame: Frame): readonly Origin[] => {
  const [context = '', name = ''] = path;
  const named = path.join('.');
  if (context === 'env') {
    const variable = frame.environment.get(name);
    return variable === undefined ? [] : [{ name: named, span: variable.span }];
  }
  if (context === 'inputs') return frame.inputs.get(name.toLowerCase())?.origins ?? [];
  if (named.startsWith('github.event.inputs.')) return frame.inputs.get((path[3] ?? '').toLowerCase())?.origins ?? [];
  if (context === 'steps') {
    const output = frame.steps.get(name)?.values.get(path[3] ?? '');
    return output === undefined ? [] : [{ name: named, span: output.span }];
  }
  if (context === 'needs') {
    const output = frame.jobs.get(name)?.get(path[3] ?? '');
    return output === undefined ? [] : [{ name: named, span: output.span }, ...output.origins];
  }
  return [];
};
