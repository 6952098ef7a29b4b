import { describe, expect, it } from 'vitest';

import { selectSteps } from '../../../src/core/select-steps.ts';

const ids = ['a', 'b', 'c', 'd'];
const kept = (selection: Partial<Parameters<typeof selectSteps>[1]>): readonly string[] => {
  const leftOut = selectSteps(ids, { only: [], skip: [], from: undefined, ...selection });
  return ids.filter((id) => leftOut(id) === undefined);
};

describe('selectSteps', () => {
  it.each([
    [{}, ['a', 'b', 'c', 'd']],
    [{ only: ['b', 'd'] }, ['b', 'd']],
    [{ skip: ['a'] }, ['b', 'c', 'd']],
    [{ from: 'c' }, ['c', 'd']],
    [{ from: 'b', skip: ['c'] }, ['b', 'd']],
    [{ only: ['a', 'b'], skip: ['b'] }, ['a']],
  ])('%j keeps %j', (selection, expected) => {
    expect(kept(selection)).toEqual(expected);
  });

  it.each([
    [{ only: ['x'] }, '--only'],
    [{ skip: ['x'] }, '--skip'],
    [{ from: 'x' }, '--from'],
  ])('refuses an unknown step and names the flag: %j', (selection, flag) => {
    expect(() => kept(selection)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_STEP', exitCode: 2, message: expect.stringContaining(flag) }),
    );
  });
});
