import { isDevsetupError, messageOf } from './errors.ts';
import type { Emit } from './events.ts';
import type { Applied, Failure, Progress, State, Step, StepResult, StepStatus } from './step.ts';

export interface RunStepsOptions<C> {
  readonly steps: readonly Step<C>[];
  readonly context: C;
  readonly emit: Emit;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** `look` inspects only and reports what would change. */
  readonly mode: 'apply' | 'look';
  /** Why the user's flags leave this step out; undefined: it runs. */
  readonly leftOut: (id: string) => string | undefined;
  /** Hints and warnings as they are shown. */
  readonly hintText: (hint: string) => string;
}

/** The code of a failure that is devsetup's own fault: the run then exits with 3. */
export const BUG_CODE = 'BUG';
export const INTERRUPTED_CODE = 'INTERRUPTED';

const GOOD: ReadonlySet<StepStatus> = new Set(['unchanged', 'changed', 'not-applicable', 'skipped', 'would-change']);

/**
 * Brings every step's desired state about, each as soon as the steps it depends on are done; independent ones side by side.
 * Never throws for what a step does: a failure is a result, and what depended on it is `not-attempted`.
 *
 * @returns one result a step, in the order of `steps`.
 */
export const runSteps = async <C>(options: RunStepsOptions<C>): Promise<readonly StepResult[]> => {
  const running = new Map<string, Promise<StepResult>>();
  const byId = new Map(options.steps.map((step) => [step.id, step]));
  // A step that is left out hands on what it depends on: who comes after it still comes after that. A dependency that stands later
  // in the list, or nowhere, is a mistake in the list and not waited for.
  const awaited = (step: Step<C>): readonly string[] =>
    step.dependsOn.flatMap((id) => {
      const before = running.has(id) ? byId.get(id) : undefined;
      if (before === undefined) return [];
      return options.leftOut(id) === undefined ? [id] : awaited(before);
    });
  for (const step of options.steps) {
    const dependencies = [...new Set(awaited(step))].flatMap((id) => running.get(id) ?? []);
    running.set(step.id, runStep(step, dependencies, options));
  }
  return Promise.all(running.values());
};

const runStep = async <C>(
  step: Step<C>,
  dependencies: readonly Promise<StepResult>[],
  options: RunStepsOptions<C>,
): Promise<StepResult> => {
  const { context, emit, now, signal } = options;
  const warnings: string[] = [];
  const progress = progressOf(step.id, options, warnings);
  let started = now();
  const finish = (status: StepStatus, message: string, rest: Partial<StepResult> = {}): StepResult => {
    const result: StepResult = {
      id: step.id,
      title: step.title,
      status,
      message,
      details: [],
      actions: [],
      warnings,
      milliseconds: Math.round(now() - started),
      data: {},
      ...rest,
      failure: shownFailure(rest?.failure ?? null, options.hintText),
    };
    emit({ type: 'step-finished', result });
    return result;
  };

  const leftOut = options.leftOut(step.id);
  if (leftOut !== undefined) return finish('skipped', leftOut);

  // Begun before the dependencies are done; a failure is kept for the moment the step's own turn comes.
  const begun = step.begin?.(context, progress).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const before = await Promise.all(dependencies);
  const unmet = before.find((result) => !GOOD.has(result.status));
  if (unmet !== undefined) return finish('not-attempted', describeUnmet(unmet), { data: { waitsFor: causeOf(unmet) } });
  if (signal.aborted) return finish('not-attempted', 'interrupted before it began');

  started = now();
  emit({ type: 'step-started', id: step.id, title: step.title, phase: 'inspect' });
  try {
    const early = await begun;
    if (early !== undefined) throw early.error;
    const state = noteWarnings(await step.inspect(context, progress), warnings);
    if (state.kind !== 'needed') return finishSettled(state, finish, 'unchanged');
    if (options.mode === 'look')
      return finish('would-change', state.reason, { actions: state.actions, data: state.data ?? {} });

    emit({ type: 'step-started', id: step.id, title: step.title, phase: 'apply' });
    const applied = await step.apply(context, progress);
    const after = noteWarnings(await step.inspect(context, progress), warnings);
    if (after.kind === 'needed') return finish('failed', after.reason, { failure: notConverged(step, after) });
    return finishSettled(after, finish, applied.changed === false ? 'unchanged' : 'changed', applied);
  } catch (error) {
    const wouldChange = before.find((result) => result.status === 'would-change');
    if (options.mode === 'look' && wouldChange !== undefined && isDevsetupError(error) && !error.isCertain) {
      const reason = `cannot be looked at before ${wouldChange.id} is done`;
      return finish('would-change', reason, {
        actions: [`decide once ${wouldChange.id} is done`],
        data: { waitsFor: wouldChange.id },
      });
    }
    const failure = failureOf(error, signal);
    return finish('failed', failure.message, { failure, data: isDevsetupError(error) ? error.data : {} });
  }
};

/** The result carries them; they are no news of this run, so no line of its progress. */
const noteWarnings = (state: State, warnings: string[]): State => {
  if (state.kind === 'satisfied') warnings.push(...(state.warnings ?? []).filter((text) => !warnings.includes(text)));
  return state;
};

const shownFailure = (failure: Failure | null, hintText: (hint: string) => string): Failure | null =>
  failure === null || failure.hint === null ? failure : { ...failure, hint: hintText(failure.hint) };

const finishSettled = (
  state: Exclude<State, { kind: 'needed' }>,
  finish: (status: StepStatus, message: string, rest?: Partial<StepResult>) => StepResult,
  satisfiedAs: 'unchanged' | 'changed',
  applied?: Applied,
): StepResult => {
  const rest = { details: applied?.details ?? [], data: applied?.data ?? {} };
  switch (state.kind) {
    case 'satisfied':
      return finish(satisfiedAs, applied?.summary ?? state.evidence, {
        ...rest,
        data: { ...state.data, ...rest.data },
        details: [...rest.details, ...(state.details ?? [])],
      });
    case 'blocked':
      return finish('failed', state.reason, {
        ...rest,
        data: state.manage === undefined ? rest.data : { ...rest.data, manage: state.manage },
        failure: { code: state.code, message: state.reason, hint: state.hint, output: [] },
      });
    case 'skipped':
    case 'not-applicable':
      return finish(state.kind, state.reason, rest);
  }
};

const did = ([first]: readonly string[]): string => (first === undefined ? '' : ` (${first})`);

const notConverged = <C>(step: Step<C>, state: Extract<State, { kind: 'needed' }>): Failure => ({
  code: 'NOT_CONVERGED',
  message: `${step.title} ended without an error, and yet it is still needed: ${state.reason}.`,
  hint: `See in the log what it did${did(state.actions)}; or run it again with --verbose.`,
  output: [],
});

const failureOf = (error: unknown, signal: AbortSignal): Failure => {
  // An interruption with a cause, such as the loss of the lock: everything that fails now fails because of it.
  const cause: unknown = signal.reason;
  if (signal.aborted && isDevsetupError(cause)) {
    const output = isDevsetupError(error) ? error.output : [];
    return { code: cause.code, message: cause.message, hint: cause.hint ?? null, output };
  }
  if (isDevsetupError(error)) {
    const interrupted = signal.aborted && error.code !== BUG_CODE;
    return {
      code: interrupted ? INTERRUPTED_CODE : error.code,
      message: interrupted ? 'Interrupted.' : error.message,
      hint: interrupted ? 'Run it again: what was done stays done.' : (error.hint ?? null),
      output: error.output,
    };
  }
  if (signal.aborted) {
    return {
      code: INTERRUPTED_CODE,
      message: 'Interrupted.',
      hint: 'Run it again: what was done stays done.',
      output: [],
    };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: BUG_CODE,
    message: messageOf(error),
    hint: 'This is a bug in devsetup, not in your project: please report it with the log.',
    output: text.split('\n'),
  };
};

/** The step that failed, however many stand between. */
const causeOf = ({ id, status, data }: StepResult): unknown => (status === 'failed' ? id : data['waitsFor']);

/** Names it. */
const describeUnmet = (result: StepResult): string => {
  if (result.status !== 'failed') return result.message;
  return `waits for ${result.id}, which ${result.failure?.code === INTERRUPTED_CODE ? 'was interrupted' : 'failed'}`;
};

const progressOf = (
  id: string,
  { emit, hintText }: Pick<RunStepsOptions<unknown>, 'emit' | 'hintText'>,
  warnings: string[],
): Progress => ({
  update: (text, how) => emit({ type: 'step-update', id, text, ...how }),
  output: (chunk) => emit({ type: 'step-output', id, chunk }),
  warn: (written) => {
    const text = hintText(written);
    // A step inspects before and after it is applied.
    if (warnings.includes(text)) return;
    warnings.push(text);
    emit({ type: 'step-warning', id, text });
  },
});
