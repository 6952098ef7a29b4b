import { setTimeout as sleep } from 'node:timers/promises';

import { DevsetupError } from '../core/errors.ts';
import type { Applied, Progress, State, Step } from '../core/step.ts';
import { describeShard } from '../pipeline/shard.ts';
import type { PipelineRun } from '../pipeline/pipeline-run.ts';
import type { SetupContext } from './context.ts';

type SetupStep = Step<SetupContext>;

/** A step that shard 1 does for all: the others leave it out. */
export const onceForAll = (step: SetupStep): SetupStep => ({
  ...step,
  inspect: async (context, progress) =>
    isElsewhere(context, step) ? { kind: 'skipped', reason: 'shard 1 does it' } : step.inspect(context, progress),
});

/** A step that shard 1 does for all, and that the others wait for. */
export const awaitedOnce = (step: SetupStep): SetupStep => ({
  ...step,
  inspect: async (context, progress) => {
    const state = await step.inspect(context, progress);
    if (state.kind !== 'needed' || !isElsewhere(context, step)) return state;
    return { ...state, reason: `${state.reason}; shard 1 does it`, actions: ['wait until shard 1 has done it'] };
  },
  apply: (context, progress) =>
    context.pipeline !== null && isElsewhere(context, step)
      ? waitForIt(step, context, context.pipeline, progress)
      : step.apply(context, progress),
});

const isElsewhere = ({ pipeline }: SetupContext, { id }: SetupStep): boolean =>
  pipeline !== null && !pipeline.doesShared(id);

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/** Looks until the step is no longer needed. Holds no lock meanwhile. */
const waitForIt = async (
  step: SetupStep,
  context: SetupContext,
  pipeline: PipelineRun,
  progress: Progress,
): Promise<Applied> => {
  const { sharedWaitSeconds } = pipeline.settings;
  const deadline = performance.now() + sharedWaitSeconds * 1000;
  let said = '';
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    context.forget();
    const state = await step.inspect(context, progress);
    if (state.kind !== 'needed') return { summary: 'another shard has done it meanwhile', changed: false };
    const left = deadline - performance.now();
    if (left <= 0) throw waitedInVain(step, state, pipeline);
    progress.update(`waiting for shard 1: ${state.reason}`, state.reason !== said);
    said = state.reason;
    await sleep(Math.min(pause, left), undefined, { signal: context.signal });
  }
};

const waitedInVain = (
  step: SetupStep,
  state: Extract<State, { kind: 'needed' }>,
  { settings, shard, repeatCommand }: PipelineRun,
): DevsetupError =>
  new DevsetupError({
    code: 'SHARED_NOT_CURRENT',
    message: `${shard === null ? 'It' : describeShard(shard)} has waited ${settings.sharedWaitSeconds} s for shard 1, and ${state.reason}.`,
    hint: `See how shard 1 ended (${step.title} is its work), then repeat: ${repeatCommand}. Where it only takes longer, raise sharedWaitSeconds of the environment.`,
  });
