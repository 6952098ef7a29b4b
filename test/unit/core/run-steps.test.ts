import { describe, expect, it } from 'vitest';

import { DevsetupError } from '../../../src/core/errors.ts';
import type { RunEvent } from '../../../src/core/events.ts';
import { runSteps, type RunStepsOptions } from '../../../src/core/run-steps.ts';
import type { Applied, State, Step } from '../../../src/core/step.ts';

type World = Set<string>;

const needed: State = { kind: 'needed', reason: 'it is not there', actions: ['make it'] };
const satisfied: State = { kind: 'satisfied', evidence: 'it is there' };

/** A step that is satisfied once its id is in the world. */
const maker = (id: string, dependsOn: readonly string[] = [], rest: Partial<Step<World>> = {}): Step<World> => ({
  id,
  title: id,
  dependsOn,
  inspect: async (world) => (world.has(id) ? satisfied : needed),
  apply: async (world): Promise<Applied> => {
    world.add(id);
    return { summary: `made ${id}` };
  },
  ...rest,
});

const run = async (
  steps: readonly Step<World>[],
  rest: Partial<RunStepsOptions<World>> = {},
  world: World = new Set(),
) => {
  const events: RunEvent[] = [];
  let time = 0;
  const results = await runSteps<World>({
    steps,
    context: world,
    emit: (event) => events.push(event),
    now: () => (time += 1),
    signal: new AbortController().signal,
    mode: 'apply',
    leftOut: () => undefined,
    hintText: (hint) => hint,
    ...rest,
  });
  return { results, events, world, statuses: results.map((result) => `${result.id}: ${result.status}`) };
};

describe('runSteps', () => {
  it('carries what a satisfied state warns of, once, and tells of it in no line of the progress', async () => {
    const warns: State = { kind: 'satisfied', evidence: 'it is there', warnings: ['old'] };
    const inspect = async (world: World): Promise<State> => (world.has('a') ? warns : needed);
    for (const world of [new Set(['a']), new Set<string>()]) {
      const { results, events } = await run([maker('a', [], { inspect })], {}, world);
      expect(results[0]?.warnings).toEqual(['old']);
      expect(events.some(({ type }) => type === 'step-warning')).toBe(false);
    }
  });

  it('makes what is needed and leaves alone what is there', async () => {
    const { statuses, world } = await run([maker('a'), maker('b', ['a'])], {}, new Set(['a']));
    expect(statuses).toEqual(['a: unchanged', 'b: changed']);
    expect([...world]).toEqual(['a', 'b']);
  });

  it('changes nothing on a dry run and names the actions', async () => {
    const { results, world } = await run([maker('a')], { mode: 'look' });
    expect(results[0]).toMatchObject({ status: 'would-change', actions: ['make it'] });
    expect(world.size).toBe(0);
  });

  it('does not believe an apply that leaves the step needed', async () => {
    const { results } = await run([maker('a', [], { apply: async () => ({ summary: 'done, honestly' }) })]);
    expect(results[0]).toMatchObject({ status: 'failed', failure: { code: 'NOT_CONVERGED' } });
  });

  it('does not attempt what depends on a failure, and goes on with the rest', async () => {
    const failing = maker('a', [], {
      apply: async () => {
        throw new DevsetupError({ code: 'BROKEN', message: 'it broke', hint: 'glue it', output: ['crack'] });
      },
    });
    const { results, statuses } = await run([failing, maker('b', ['a']), maker('c', ['b']), maker('d')]);
    expect(statuses).toEqual(['a: failed', 'b: not-attempted', 'c: not-attempted', 'd: changed']);
    expect(results[0]?.failure).toEqual({ code: 'BROKEN', message: 'it broke', hint: 'glue it', output: ['crack'] });
    expect(results[1]?.message).toBe('waits for a, which failed');
  });

  it('shows a mistake of its own as a bug, with the stack', async () => {
    const { results } = await run([
      maker('a', [], {
        inspect: async () => {
          throw new TypeError('undefined is not a function');
        },
      }),
    ]);
    expect(results[0]?.failure?.code).toBe('BUG');
    expect(results[0]?.failure?.output.join('\n')).toContain('run-steps.test.ts');
  });

  it('lets a step begin before its dependencies are done, and fails it only when its turn comes', async () => {
    const order: string[] = [];
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const slow = maker('slow', [], {
      apply: async (world) => {
        await gate;
        order.push('slow');
        world.add('slow');
        return { summary: '' };
      },
    });
    const early = maker('early', ['slow'], {
      begin: async () => {
        order.push('early begun');
        release();
        throw new DevsetupError({ code: 'EARLY', message: 'refused' });
      },
    });
    const { results } = await run([slow, early]);
    expect(order).toEqual(['early begun', 'slow']);
    expect(results.map((result) => result.status)).toEqual(['changed', 'failed']);
    expect(results[1]?.failure?.code).toBe('EARLY');
  });

  it('runs independent steps side by side', async () => {
    let meet = (): void => undefined;
    const met = new Promise<void>((resolve) => (meet = resolve));
    const waits = maker('waits', [], {
      apply: async (world) => {
        await met;
        world.add('waits');
        return { summary: '' };
      },
    });
    const releases = maker('releases', [], {
      apply: async (world) => {
        meet();
        world.add('releases');
        return { summary: '' };
      },
    });
    const { statuses } = await run([waits, releases]);
    expect(statuses).toEqual(['waits: changed', 'releases: changed']);
  });

  it('reports what was interrupted and what was not begun', async () => {
    const controller = new AbortController();
    const interrupted = maker('a', [], {
      apply: async () => {
        controller.abort();
        throw new Error('killed');
      },
    });
    const { results } = await run([interrupted, maker('b')], { signal: controller.signal });
    expect(results[0]?.failure?.code).toBe('INTERRUPTED');
    const { results: after } = await run([maker('b')], { signal: controller.signal });
    expect(after[0]).toMatchObject({ status: 'not-attempted', message: 'interrupted before it began' });
  });

  it('keeps the order of what is left when a step between is left out', async () => {
    const order: string[] = [];
    const slow = maker('a', [], {
      apply: async (world) => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        order.push('a');
        world.add('a');
        return { summary: 'made a' };
      },
    });
    const last = maker('c', ['b'], {
      apply: async (world) => {
        order.push('c');
        world.add('c');
        return { summary: 'made c' };
      },
    });
    const leftOut = (id: string) => (id === 'b' ? 'left out by --only' : undefined);
    const { statuses } = await run([slow, maker('b', ['a']), last], { leftOut });
    expect(order).toEqual(['a', 'c']);
    expect(statuses).toEqual(['a: changed', 'b: skipped', 'c: changed']);
    const failing = maker('a', [], { apply: () => Promise.reject(new Error('no')) });
    expect((await run([failing, maker('b', ['a']), last], { leftOut })).statuses.at(-1)).toBe('c: not-attempted');
  });

  it('passes by a step that the flags leave out, and runs what depends on it', async () => {
    const leftOut = (id: string) => (id === 'a' ? 'left out by --skip' : undefined);
    const { results, statuses } = await run([maker('a'), maker('b', ['a'])], { leftOut });
    expect(statuses).toEqual(['a: skipped', 'b: changed']);
    expect(results[0]?.message).toBe('left out by --skip');
  });

  it('calls it unchanged when somebody else had done it', async () => {
    const step = maker('a', [], {
      apply: async (world) => {
        world.add('a');
        return { summary: 'another run did it', changed: false };
      },
    });
    expect((await run([step])).results[0]).toMatchObject({ status: 'unchanged', message: 'another run did it' });
  });

  it('on a dry run, does not fail for what cannot be looked at before something else is done', async () => {
    const blind = maker('b', ['a'], {
      inspect: async (world) => {
        if (!world.has('a')) throw new DevsetupError({ code: 'PYTHON_MISSING', message: 'no interpreter' });
        return satisfied;
      },
    });
    const { results } = await run([maker('a'), blind], { mode: 'look' });
    expect(results[1]).toMatchObject({ status: 'would-change', message: 'cannot be looked at before a is done' });
  });

  it('collects warnings in the result', async () => {
    const step = maker('a', [], {
      inspect: async (_, progress) => {
        progress.warn('careful');
        return satisfied;
      },
    });
    expect((await run([step])).results[0]?.warnings).toEqual(['careful']);
  });
});
