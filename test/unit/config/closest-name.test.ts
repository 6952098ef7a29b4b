import { describe, expect, it } from 'vitest';
import { closestName, editDistance } from '../../../src/config/closest-name.ts';

it.each([
  ['', '', 0],
  ['abc', '', 3],
  ['abc', 'abc', 0],
  ['abc', 'abd', 1],
  ['abc', 'acb', 1],
  ['kitten', 'sitting', 3],
])('the distance of %j and %j is %i', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

describe('the closest name', () => {
  const names = ['managePy', 'python', 'venv', 'requirements', 'installer'];

  it.each([
    ['manage_py', 'managePy'],
    ['MANAGEPY', 'managePy'],
    ['pyhton', 'python'],
    ['requirement', 'requirements'],
    ['vevn', 'venv'],
    ['frontend', undefined],
    ['', undefined],
  ])('to %j is %j', (name, expected) => {
    expect(closestName(name, names)).toBe(expected);
  });
});
