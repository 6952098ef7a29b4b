import { describe, expect, test } from 'vitest';

import type { TenantResult } from '../../../src/django/protocol.ts';
import { isCollision, mayBeCollision } from '../../../src/steps/collision.ts';
import { endsTry, planRetry, type RetryFacts } from '../../../src/steps/plan-retry.ts';

type Data = Readonly<Record<string, unknown>>;
const inCatalogue = { sqlstate: '23505', catalogue: 'pg_proc' };
const deadlock = { sqlstate: '40P01' };
const lockTimeout = { sqlstate: '55P03' };
const alreadyThere = { sqlstate: '42710' };
const isRight: Data = { sqlstate: '22012' };

describe('a failure is a collision with another session', () => {
  test.each<[string, Data, boolean]>([
    ['a duplicate key in a system catalogue', inCatalogue, true],
    ['a duplicate key in a table', { sqlstate: '23505' }, false],
    ['a catalogue entry that another session updated', internal('tuple concurrently updated'), true],
    ['a catalogue entry that another session deleted', internal('tuple concurrently deleted'), true],
    ['an object that another session dropped', internal('cache lookup failed for function 16385'), true],
    ['a relation that another session dropped', internal('could not open relation with OID 16385'), true],
    ['any other internal error', internal('unexpected chunk number 1 in pg_toast_2619'), false],
    ['an internal error that only quotes such a text', internal('said "tuple concurrently updated"'), false],
    ['an internal error without a text', { sqlstate: 'XX000' }, false],
    ['a deadlock', deadlock, true],
    ['a serialization failure', { sqlstate: '40001' }, true],
    ['a lock timeout, which has retries of its own', lockTimeout, false],
    ['a division by zero', isRight, false],
    ['an error of the project', {}, false],
  ])('%s: %o → %s', (_, data, expected) => {
    expect(isCollision({ data })).toBe(expected);
    expect(mayBeCollision({ data })).toBe(false);
  });

  test.each(['42710', '42P06', '42723', '42P07'])('perhaps, if something already exists (%s)', (sqlstate) => {
    expect(isCollision({ data: { sqlstate } })).toBe(false);
    expect(mayBeCollision({ data: { sqlstate } })).toBe(true);
  });
});

describe('a tenant is tried again', () => {
  const plan = (results: readonly TenantResult[], facts: Partial<RetryFacts> = {}) =>
    planRetry(results, {
      lockRetries: 2,
      failFast: false,
      tries: () => 1,
      collisions: () => 1,
      wasAlone: () => false,
      isAppliedElsewhere: () => true,
      ...facts,
    });

  test('beside the others after its first collision, and alone after its second', () => {
    expect(plan([failed('a', inCatalogue)])).toEqual({ locked: [], collided: ['a'], alone: false });
    expect(plan([failed('a', inCatalogue)], { collisions: () => 2 })).toMatchObject({ collided: ['a'], alone: true });
    expect(plan([failed('a', inCatalogue)], { wasAlone: () => true })).toBeUndefined();
  });

  test('after a lock timeout as often as the environment says; a deadlock counts as one', () => {
    for (const data of [lockTimeout, deadlock])
      expect(plan([failed('a', data)], { tries: () => 2 })).toEqual({ locked: ['a'], collided: [], alone: false });
    expect(plan([failed('a', lockTimeout)], { tries: () => 3 })).toBeUndefined();
  });

  test('after a deadlock also where locks have no retries', () => {
    expect(plan([failed('a', deadlock)], { lockRetries: 0 })).toMatchObject({ collided: ['a'] });
    expect(plan([failed('a', lockTimeout)], { lockRetries: 0 })).toBeUndefined();
  });

  test('alone if something already exists that the same migration created in another tenant', () => {
    expect(plan([failed('a', alreadyThere)])).toMatchObject({ collided: ['a'], alone: true });
    expect(plan([failed('a', alreadyThere)], { isAppliedElsewhere: () => false })).toBeUndefined();
    expect(plan([failed('a', alreadyThere)], { failFast: true })).toBeUndefined();
    expect(plan([{ ...failed('a', alreadyThere), failedMigration: null }])).toBeUndefined();
  });

  test('never if its migration is not atomic, if it is migrated, or if it failed by itself', () => {
    const collision = failed('a', inCatalogue);
    expect(plan([{ ...collision, failedAtomic: false }])).toBeUndefined();
    expect(plan([{ ...collision, outcome: 'migrated', error: null }])).toBeUndefined();
    expect(plan([failed('a', isRight)])).toBeUndefined();
  });

  test('if it failed behind its last migration', () => {
    expect(plan([{ ...failed('a', inCatalogue), failedMigration: null, failedAtomic: null }])).toMatchObject({
      collided: ['a'],
    });
  });
});

describe('after a failure no further tenant is started', () => {
  const beside = { alone: false, failFast: true, lockRetries: 1 };
  const alone = { alone: true, failFast: false, lockRetries: 1 };

  test.each<[string, TenantResult, typeof beside, boolean]>([
    ['with fail-fast', failed('a', isRight), beside, true],
    ['not without fail-fast', failed('a', isRight), { ...beside, failFast: false }, false],
    ['not after a collision', failed('a', inCatalogue), beside, false],
    ['not after a lock timeout', failed('a', lockTimeout), beside, false],
    ['after a lock timeout without retries', failed('a', lockTimeout), { ...beside, lockRetries: 0 }, true],
    ['after a collision that is not undone', { ...failed('a', inCatalogue), failedAtomic: false }, beside, true],
    ['if something already exists', failed('a', alreadyThere), beside, true],
    ['alone, if it fails as in a collision', failed('a', inCatalogue), alone, true],
    ['alone, if something already exists', failed('a', alreadyThere), alone, true],
    ['not alone after a deadlock', failed('a', deadlock), alone, false],
    ['not alone after a failure of its own', failed('a', isRight), alone, false],
  ])('%s', (_, result, facts, expected) => {
    expect(endsTry(result, facts)).toBe(expected);
  });
});

function internal(text: string): Data {
  return { sqlstate: 'XX000', internal: text };
}

function failed(schema: string, data: Data): TenantResult {
  return {
    kind: 'tenant',
    schema,
    outcome: 'failed',
    seconds: 0,
    applied: 0,
    faked: [],
    schemaCreated: false,
    failedMigration: 'app.0001_initial',
    failedAtomic: true,
    error: { code: 'DATABASE_ERROR', type: null, message: '', traceback: '', place: null, data },
  };
}
