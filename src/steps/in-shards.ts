import { setTimeout as sleep } from 'node:timers/promises';

import { DevsetupError } from '../core/errors.ts';
import type { Applied, Progress, State, Step } from '../core/step.ts';
import { describeShard } from '../pipeline/shard.ts';
import type { PipelineRun } from '../pipeline/pipeline-run.ts';
import type { SetupContext } from './context.ts';
import { behindTemplates, migrateTemplates } from './templates.ts';

type SetupStep = Step<SetupContext>;

/** A step that shard 1 does for all: the others leave it out. */
export const onceForAll = (step: SetupStep): SetupStep => ({
  ...step,
  inspect: async (context, progress) =>
    isElsewhere(context, step) ? { kind: 'skipped', reason: 'shard 1 does it' } : step.inspect(context, progress),
});

/** A step that shard 1 does for all, and that the others wait for. `isAwaited`: whether they can tell that it is still to be done. */
export const awaitedOnce = (
  step: SetupStep,
  isAwaited: (context: SetupContext, progress: Progress) => Promise<boolean> = () => Promise.resolve(true),
): SetupStep => {
  const inspect = async (context: SetupContext, progress: Progress): Promise<State> => {
    const state = await step.inspect(context, progress);
    return state.kind === 'needed' && isElsewhere(context, step) && !(await isAwaited(context, progress))
      ? { kind: 'skipped', reason: 'shard 1 does it' }
      : state;
  };
  return {
    ...step,
    inspect: async (context, progress) => {
      const state = await inspect(context, progress);
      if (state.kind !== 'needed' || !isElsewhere(context, step)) return state;
      return { ...state, reason: `${state.reason}; shard 1 does it`, actions: ['wait until shard 1 has done it'] };
    },
    apply: async (context, progress) => {
      const { pipeline } = context;
      if (pipeline === null || pipeline.shard === null) return step.apply(context, progress);
      if (isElsewhere(context, step)) {
        await waitForShared(step.title, context, pipeline, progress, () => inspect(context, progress));
        return { summary: 'another shard has done it meanwhile', changed: false };
      }
      // The lock shows the other shards that this one is still at work.
      if (await context.lock(progress)) {
        context.forget();
        const { kind } = await step.inspect(context, progress);
        if (kind !== 'needed') return { summary: 'another devsetup has done it meanwhile', changed: false };
      }
      return step.apply(context, progress);
    },
  };
};

/** The tenants are listed once shard 1 has done all that it does for all, which may add some of them. */
export const afterShared = (step: SetupStep): SetupStep => {
  const inspect = async (context: SetupContext, progress: Progress): Promise<State> => {
    const { pipeline } = context;
    if (pipeline === null || pipeline.shard === null) return step.inspect(context, progress);
    if (pipeline.shard.index !== 1)
      return (await sharedState(context, pipeline, progress)) ?? step.inspect(context, progress);
    if (behindTemplates(await context.inspection(progress)).length === 0) await context.endSharedWork();
    return step.inspect(context, progress);
  };
  const apply = async (context: SetupContext, progress: Progress): Promise<Applied> => {
    const { pipeline } = context;
    if (pipeline === null || pipeline.shard === null) return step.apply(context, progress);
    if (pipeline.shard.index !== 1) {
      await waitForShared(
        'what all tenants share',
        context,
        pipeline,
        progress,
        async () => (await sharedState(context, pipeline, progress)) ?? { kind: 'satisfied', evidence: '' },
      );
    } else {
      await context.lock(progress);
      await migrateTemplates(context, progress);
      await context.endSharedWork();
    }
    context.forget();
    const state = await inspect(context, progress);
    if (state.kind === 'needed') return step.apply(context, progress);
    return { summary: state.kind === 'satisfied' ? state.evidence : state.reason, changed: false };
  };
  return { ...step, inspect, apply };
};

/** What shard 1 still does before tenants can be listed and cloned; undefined: nothing. */
const sharedState = async (
  context: SetupContext,
  pipeline: PipelineRun,
  progress: Progress,
): Promise<State | undefined> => {
  const { tenancy } = (await context.django(progress)).description;
  if (tenancy.mode === 'shared') return undefined;
  const work = await context.sharedWork();
  const templates = behindTemplates(await context.inspection(progress)).map(({ schema }) => schema);
  if (work === 'stopped') return { kind: 'blocked', ...stopped(pipeline) };
  if (work !== 'running' && templates.length === 0) return undefined;
  const reason =
    templates.length === 0
      ? 'what all tenants share is not done'
      : `${templates.join(', ')}, which new tenants are cloned from, is not up to date`;
  return {
    kind: 'needed',
    reason,
    actions: ['wait until shard 1 has done what all tenants share', 'list the tenants'],
  };
};

const isElsewhere = ({ pipeline }: SetupContext, { id }: SetupStep): boolean =>
  pipeline !== null && !pipeline.doesShared(id);

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/** Asks until nothing is needed any more. Holds no lock meanwhile. */
const waitForShared = async (
  title: string,
  context: SetupContext,
  pipeline: PipelineRun,
  progress: Progress,
  look: () => Promise<State>,
): Promise<void> => {
  const { sharedWaitSeconds } = pipeline.settings;
  const deadline = performance.now() + sharedWaitSeconds * 1000;
  let said = '';
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    // Before the state is asked for: what shard 1 did before its end is then seen.
    const work = await context.sharedWork();
    context.forget();
    const state = await look();
    if (state.kind !== 'needed') return;
    if (work === 'stopped') throw new DevsetupError(asFailure(stopped(pipeline)));
    const why =
      work === 'done' ? 'sees that shard 1 has passed it by' : `has waited ${sharedWaitSeconds} s for shard 1`;
    const left = deadline - performance.now();
    if (left <= 0 || work === 'done')
      throw new DevsetupError(asFailure(notCurrent(`${why}, and ${state.reason}`, title, pipeline)));
    const text = `waiting for shard 1${work === 'running' ? ', which is at work' : ''}: ${state.reason}`;
    progress.update(text, { important: text !== said });
    said = text;
    await sleep(Math.min(pause, left), undefined, { signal: context.signal });
  }
};

interface Problem {
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
}

const asFailure = ({ code, reason, hint }: Problem) => ({ code, message: reason, hint });

const stopped = (pipeline: PipelineRun): Problem =>
  notCurrent(
    'sees that shard 1 has stopped before the end of what it does for all',
    'what all tenants share',
    pipeline,
  );

const notCurrent = (what: string, title: string, { shard, repeatCommand }: PipelineRun): Problem => ({
  code: 'SHARED_NOT_CURRENT',
  reason: `${shard === null ? 'It' : describeShard(shard)} ${what}.`,
  hint: `See how shard 1 ended (${title} is its work), then repeat: ${repeatCommand}. Where it only takes longer, raise sharedWaitSeconds of the environment.`,
});
