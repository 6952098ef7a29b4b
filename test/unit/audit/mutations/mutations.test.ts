import { describe, expect, it } from 'vitest';

import { DEFAULT_AUDIT_CONFIG } from '../../../../src/config/audit-config.ts';
import { runAudit } from '../../../../src/audit/run-audit.ts';
import { generatedPipelines } from '../../../support/generated-pipelines.ts';
import { isThorough } from '../../../support/thoroughness.ts';
import { MIGRATION_MUTATIONS } from './harmful-migrations.ts';
import { OTHER_MUTATIONS } from './harmful-others.ts';
import { HARMLESS_MUTATIONS } from './harmless.ts';
import type { Checkout, Mutation } from './mutation.ts';

const HARMFUL = [...MIGRATION_MUTATIONS, ...OTHER_MUTATIONS];

const find = (checkout: Checkout): readonly string[] => {
  const { findings, crashes } = runAudit({
    files: Object.entries(checkout)
      .filter(([path]) => path.startsWith('.github/workflows/'))
      .map(([path, text]) => ({ path, text })),
    readFile: (path) => checkout[path],
    project: { isDjango: true, hasTenants: true },
    config: DEFAULT_AUDIT_CONFIG,
  });
  expect(crashes).toEqual([]);
  // What cannot be resolved is information: the references of the server's own scripts.
  return findings.map(({ rule, span, message }) => `${rule} ${span.file}:${span.line} ${message}`);
};

interface Applied extends Mutation {
  readonly changed: Checkout;
  /** The pipelines that audit it, among all in which it is possible. */
  readonly turns: readonly string[];
}

const pipelines = await generatedPipelines();

/**
 * The pipelines differ in three things, two ways each. Half of them has every pair of these ways, the other half is for the next
 * mutation. In a run that is not thorough it is one pipeline.
 */
const turnsOf = (index: number, possible: readonly string[]): readonly string[] => {
  const half = possible.filter((name) => parityOf(name) === index % 2);
  const names = half.length > 0 ? half : possible;
  return isThorough ? names : names.slice(index % names.length, (index % names.length) + 1);
};

/** In which half: they are numbered by their ways, a bit for each. */
const parityOf = (name: string): number => {
  const number = pipelines.findIndex((pipeline) => pipeline.name === name);
  return number.toString(2).replaceAll('0', '').length % 2;
};

const apply = (mutations: readonly Mutation[]): ReadonlyMap<string, readonly Applied[]> => {
  const possible = mutations.map((mutation) =>
    pipelines.flatMap(({ name, checkout }) => {
      const changed = mutation.change(checkout);
      return changed === null ? [] : [{ name, changed }];
    }),
  );
  return new Map(
    pipelines.map(({ name }) => [
      name,
      mutations.flatMap((mutation, index) => {
        const found = possible[index]?.find((one) => one.name === name);
        const turns = turnsOf(index, possible[index]?.map((one) => one.name) ?? []);
        return found === undefined ? [] : [{ ...mutation, changed: found.changed, turns }];
      }),
    ]),
  );
};

const chosenFor = (pipeline: string, applied: readonly Applied[]): readonly Applied[] =>
  applied.filter(({ turns }) => turns.includes(pipeline));

const [allHarmful, allHarmless] = [apply(HARMFUL), apply(HARMLESS_MUTATIONS)];

describe.each([...pipelines])('a generated pipeline, $name', ({ name: pipeline }) => {
  const harmful = allHarmful.get(pipeline) ?? [];
  const harmless = allHarmless.get(pipeline) ?? [];

  it('can be spoilt in sixty ways, and changed harmlessly in forty', () => {
    expect(harmful.length).toBeGreaterThanOrEqual(60);
    expect(harmless.length).toBeGreaterThanOrEqual(40);
  });

  it.each(chosenFor(pipeline, harmful))('$rule tells of: $name', ({ changed, rule }) => {
    expect(find(changed).map((one) => one.split(' ')[0])).toContain(rule);
  });

  it.each(chosenFor(pipeline, harmless))('nobody minds: $name', ({ changed }) => {
    expect(find(changed)).toEqual([]);
  });
});

it('every way to spoil a pipeline is possible in one of them', () => {
  const impossible = [...HARMFUL, ...HARMLESS_MUTATIONS].filter(({ change }) =>
    pipelines.every(({ checkout }) => change(checkout) === null),
  );
  expect(impossible.map(({ name }) => name)).toEqual([]);
});
