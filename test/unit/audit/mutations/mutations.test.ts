import { describe, expect, it } from 'vitest';

import { DEFAULT_AUDIT_CONFIG } from '../../../../src/config/audit-config.ts';
import { runAudit } from '../../../../src/audit/run-audit.ts';
import { generatedPipelines } from '../../../support/generated-pipelines.ts';
import { MIGRATION_MUTATIONS } from './harmful-migrations.ts';
import { OTHER_MUTATIONS } from './harmful-others.ts';
import { HARMLESS_MUTATIONS } from './harmless.ts';
import type { Checkout } from './mutation.ts';

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

describe.each([...(await generatedPipelines())])('a generated pipeline, $name', ({ checkout }) => {
  const harmful = HARMFUL.flatMap((mutation) => {
    const changed = mutation.change(checkout);
    return changed === null ? [] : [{ ...mutation, changed }];
  });
  const harmless = HARMLESS_MUTATIONS.flatMap((mutation) => {
    const changed = mutation.change(checkout);
    return changed === null ? [] : [{ ...mutation, changed }];
  });

  it('can be spoilt in sixty ways, and changed harmlessly in forty', () => {
    expect(harmful.length).toBeGreaterThanOrEqual(60);
    expect(harmless.length).toBeGreaterThanOrEqual(40);
  });

  it.each(harmful)('$rule tells of: $name', ({ changed, rule }) => {
    expect(find(changed).map((one) => one.split(' ')[0])).toContain(rule);
  });

  it.each(harmless)('nobody minds: $name', ({ changed }) => {
    expect(find(changed)).toEqual([]);
  });
});

it('every way to spoil a pipeline is possible in one of them', async () => {
  const pipelines = await generatedPipelines();
  const impossible = [...HARMFUL, ...HARMLESS_MUTATIONS].filter(({ change }) =>
    pipelines.every(({ checkout }) => change(checkout) === null),
  );
  expect(impossible.map(({ name }) => name)).toEqual([]);
});
