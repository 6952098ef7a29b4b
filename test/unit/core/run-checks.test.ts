import { describe, expect, test } from 'vitest';

import { CheckStopped, passed, type Check } from '../../../src/core/check.ts';
import { DevsetupError } from '../../../src/core/errors.ts';
import { runChecks } from '../../../src/core/run-checks.ts';

type Context = { readonly signal: AbortSignal };

const check = (id: string, run: Check<Context>['run'], timeoutSeconds = 5): Check<Context> => ({
  id,
  group: 'toolchain',
  title: id,
  findings: { 'it-is-wrong': 'warning' },
  timeoutSeconds,
  run,
});

const run = (checks: readonly Check<Context>[], signal = new AbortController().signal) =>
  runChecks({ checks, contextFor: (own) => ({ signal: own }), signal, now: () => 0, leftOut: () => undefined });

const fine = check('fine', async () => passed('it is there'));
const never = (): Promise<never> => new Promise(() => undefined);

describe('a check that', () => {
  test.each([
    ['throws', async () => Promise.reject(new TypeError('x is undefined')), 'the check failed: x is undefined'],
    [
      'throws before it is a promise',
      () => {
        throw new Error('at once');
      },
      'the check failed: at once',
    ],
    ['throws what is no error', async () => Promise.reject('text' as unknown as Error), 'the check failed: text'],
    [
      'meets an expected failure',
      async () => Promise.reject(new DevsetupError({ code: 'X', message: 'The disk is full.' })),
      'The disk is full.',
    ],
  ])('%s is "could not check", and the others go on', async (_, work, message) => {
    const results = await run([check('broken', work as Check<Context>['run']), fine]);
    expect(results).toMatchObject([
      { id: 'broken', status: 'could-not-check', message, blockedBy: null, network: false },
      { id: 'fine', status: 'passed', message: 'it is there' },
    ]);
  });

  test('hangs is ended by its limit, whether or not it listens', async () => {
    let isTold = false;
    const listens = check(
      'listens',
      ({ signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => (isTold = true));
        }),
      0.05,
    );
    const results = await run([check('deaf', never, 0.05), listens, fine]);
    expect(results.map(({ status }) => status)).toEqual(['could-not-check', 'could-not-check', 'passed']);
    expect(results[0]?.message).toBe('it took longer than 0.05 s');
    expect(isTold).toBe(true);
  });

  test('runs when the user interrupts is not waited for', async () => {
    const interruption = new AbortController();
    setTimeout(() => interruption.abort(), 20);
    expect(await run([check('deaf', never)], interruption.signal)).toMatchObject([{ message: 'interrupted' }]);
  });

  test('is stopped by what checks share keeps its reason and its cause', async () => {
    const stop = new CheckStopped({ kind: 'could-not-check', reason: 'no answer', blockedBy: 'database-missing' });
    const notHere = new CheckStopped({ kind: 'not-applicable', reason: 'there is no dev container' });
    const results = await run([check('a', () => Promise.reject(stop)), check('b', () => Promise.reject(notHere))]);
    expect(results).toMatchObject([
      { status: 'could-not-check', message: 'no answer', blockedBy: 'database-missing' },
      { status: 'not-applicable', message: 'there is no dev container' },
    ]);
  });

  test('finds something has the severity of its table, unless it says another', async () => {
    const remedy = { text: 'Mend it.', command: null };
    const [result] = await run([
      check('finds', async () => ({
        kind: 'problems',
        problems: [
          { code: 'it-is-wrong', message: 'One.', remedy },
          { code: 'it-is-wrong', message: 'Two.', remedy, severity: 'error' },
        ],
      })),
    ]);
    expect(result?.findings.map(({ severity }) => severity)).toEqual(['warning', 'error']);
    expect(result).toMatchObject({ status: 'findings', message: 'One.' });
  });
});
