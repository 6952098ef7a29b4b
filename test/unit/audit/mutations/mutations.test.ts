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
  /** The pipeline among all in which it is possible that audits it without CI=true. */
  readonly turn: string | undefined;
}

const pipelines = await generatedPipelines();

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
        const turn = possible[index]?.[index % possible[index].length]?.name;
        return found === undefined ? [] : [{ ...mutation, changed: found.changed, turn }];
      }),
    ]),
  );
};

/** All with CI=true; elsewhere each mutation is audited in one of its pipelines, another one for the next mutation. */
const chosenFor = (pipeline: string, applied: readonly Applied[]): readonly Applied[] =>
  isThorough ? applied : applied.filter(({ turn }) => turn === pipeline);

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
