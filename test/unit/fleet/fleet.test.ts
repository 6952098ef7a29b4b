import { describe, expect, it } from 'vitest';

import { DevsetupError } from '../../../src/core/errors.ts';
import type { Inspection, TenantResult, TenantState } from '../../../src/django/protocol.ts';
import { countWorkers } from '../../../src/fleet/count-workers.ts';
import type { SchemaRules } from '../../../src/fleet/judge-schema.ts';
import { planFleet } from '../../../src/fleet/plan-fleet.ts';
import { runFleet, type RunFleetOptions } from '../../../src/fleet/run-fleet.ts';

const tenant = (schema: string, group: number | null, schemaExists = true, createsSchema = true): TenantState => ({
  schema,
  group,
  schemaExists,
  createsSchema,
  domains: [],
  tenantType: null,
});

const inspection = (tenants: readonly TenantState[]): Inspection => ({
  shared: { schema: 'public', initialised: true, applied: 9, pending: [], orphaned: [] },
  tenants,
  groups: [
    { initialised: true, applied: 9, pending: [], orphaned: [], appliedNames: [] },
    { initialised: true, applied: 8, pending: ['a.0002'], orphaned: [], appliedNames: [] },
  ],
  publicTenant: null,
  straySchemas: [],
  templates: [],
  unannounced: [],
  otherDatabases: [],
  conflicts: {},
  unmigratedApps: [],
  absent: [],
  history: [],
  failingChecks: [],
  extensions: [],
  ownApps: [],
  squashes: [],
  modelChanges: [],
  fingerprint: null,
});

const RULES: SchemaRules = { withoutSchema: [], own: [] };

const plan = (tenants: readonly TenantState[], onlyTenants: readonly string[] = [], workers = 1, rules = RULES) =>
  planFleet(inspection(tenants), { onlyTenants, workers, batchSize: 2, rules });

describe('planFleet', () => {
  it('leaves up-to-date tenants alone and takes missing schemas in', () => {
    const found = plan([tenant('current', 0), tenant('behind', 1), tenant('missing', null, false)]);
    expect(found.upToDate).toEqual(['current']);
    expect(found.batches.flatMap((batch) => batch.schemas)).toEqual(['behind', 'missing']);
  });

  it('never mixes states in a batch and keeps batches small', () => {
    const { batches } = plan([tenant('a', 1), tenant('x', null, false), tenant('b', 1), tenant('c', 1)]);
    expect(batches.map((batch) => [batch.group, batch.schemas])).toEqual([
      [1, ['a', 'b']],
      [1, ['c']],
      [null, ['x']],
    ]);
  });

  it('puts what others are cloned from first, also where it has no tenant row and is named', () => {
    const template = { schema: 'base', setting: 'TENANT_BASE_SCHEMA', schemaExists: true, tenantType: null, group: 1 };
    const of = (hasRow: boolean, tenants: readonly TenantState[], onlyTenants: readonly string[]) =>
      planFleet(
        { ...inspection(tenants), templates: [{ ...template, hasRow }] },
        { onlyTenants, workers: 1, batchSize: 2, rules: RULES },
      ).batches.map(({ schemas, first }) => [first, schemas]);
    const tenants = [tenant('a', 1), tenant('base', 1), tenant('new', null, false)];
    expect(of(true, tenants, [])).toEqual([
      [true, ['base']],
      [false, ['a']],
      [false, ['new']],
    ]);
    expect(of(false, [tenant('a', 1)], [])).toEqual([[false, ['a']]]);
    expect(of(false, [tenant('a', 1)], ['base'])).toEqual([[true, ['base']]]);
  });

  it('gives every worker something', () => {
    expect(plan([tenant('a', 1), tenant('b', 1)], [], 2).batches).toHaveLength(2);
  });

  it('creates missing schemas only where the model does so or devsetup set the tenant up, and none that are missing on purpose', () => {
    const tenants = ['guest', 'archived_1', 'archived', 'other'].map((schema) => tenant(schema, null, false, false));
    const found = plan(tenants, [], 1, { withoutSchema: ['archived_*'], own: ['guest'] });
    expect(found.batches.flatMap((batch) => batch.schemas)).toEqual(['guest']);
    expect(found.withoutSchema).toEqual(['archived_1']);
    expect(found.refused).toEqual(['archived', 'other']);
    expect(found.upToDate).toEqual([]);
  });

  it('migrates a schema that is there, whatever configuration says about missing ones', () => {
    const found = plan([tenant('archived_1', 1)], [], 1, { ...RULES, withoutSchema: ['*'] });
    expect(found.batches.flatMap((batch) => batch.schemas)).toEqual(['archived_1']);
    expect(found.withoutSchema).toEqual([]);
  });

  it('names the tenants that --only-tenants leaves out or invents', () => {
    const found = plan([tenant('a', 1), tenant('b', 1)], ['a', 'zebra']);
    expect(found.batches.flatMap((batch) => batch.schemas)).toEqual(['a']);
    expect(found.leftOut).toEqual(['b']);
    expect(found.unknown).toEqual(['zebra']);
  });
});

const result = (schema: string, outcome: TenantResult['outcome']): TenantResult => ({
  kind: 'tenant',
  schema,
  outcome,
  seconds: 0,
  applied: 1,
  faked: [],
  schemaCreated: false,
  failedMigration: null,
  failedAtomic: null,
  error: null,
});

const fleet = (
  schemas: readonly string[][],
  migrate: RunFleetOptions['migrate'],
  rest: Partial<RunFleetOptions> = {},
) =>
  runFleet({
    batches: schemas.map((names) => ({ group: 1, first: false, schemas: names })),
    workers: 2,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    migrate,
    ...rest,
  });

const outcomes = async (run: ReturnType<typeof runFleet>) => {
  const { results, notAttempted } = await run;
  return { results: results.map((found) => `${found.schema} ${found.outcome}`), notAttempted };
};

describe('runFleet', () => {
  it('starts nothing else before the first batches are done', async () => {
    const order: string[] = [];
    await runFleet({
      batches: [
        { group: 1, first: false, schemas: ['a'] },
        { group: 1, first: true, schemas: ['base'] },
      ],
      workers: 2,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      migrate: async (batch, on) => {
        order.push(`starts ${batch.schemas.join()}`);
        await Promise.resolve();
        for (const schema of batch.schemas) on.finished(result(schema, 'migrated'));
        order.push(`ends ${batch.schemas.join()}`);
      },
    });
    expect(order).toEqual(['starts base', 'ends base', 'starts a', 'ends a']);
  });

  it('one failing tenant hides no other', async () => {
    const run = fleet(
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      async (batch, on) => {
        for (const schema of batch.schemas) on.finished(result(schema, schema === 'b' ? 'failed' : 'migrated'));
      },
    );
    expect(await outcomes(run)).toEqual({
      results: ['a migrated', 'b failed', 'c migrated', 'd migrated'],
      notAttempted: [],
    });
  });

  it('a worker that dies fails the tenant it was at; the rest of its batch is still migrated', async () => {
    const run = fleet([['a', 'b', 'c']], async (batch, on) => {
      for (const schema of batch.schemas) {
        on.started(schema);
        if (schema === 'b') throw new DevsetupError({ code: 'CRASHED', message: 'killed by SIGKILL' });
        on.finished(result(schema, 'migrated'));
      }
    });
    expect(await outcomes(run)).toEqual({ results: ['a migrated', 'b failed', 'c migrated'], notAttempted: [] });
  });

  it('when Django itself is gone fails only what was begun', async () => {
    const run = fleet(
      [['a', 'b'], ['c']],
      async (batch, on) => {
        on.started(batch.schemas[0] ?? '');
        throw new DevsetupError({ code: 'COMPANION_GONE', message: 'ended by SIGKILL' });
      },
      { workers: 1 },
    );
    expect(await outcomes(run)).toEqual({ results: ['a failed'], notAttempted: ['b', 'c'] });
  });

  it('with fail-fast begins nothing after a failure and names what was not attempted', async () => {
    const run = fleet(
      [['a'], ['b'], ['c']],
      async (batch, on) => on.finished(result(batch.schemas[0] ?? '', 'failed')),
      { endsRun: () => true, workers: 1 },
    );
    expect(await outcomes(run)).toEqual({ results: ['a failed'], notAttempted: ['b', 'c'] });
  });

  it('keeps as many workers busy as it is told, and no more', async () => {
    let running = 0;
    let most = 0;
    await fleet(
      ['a', 'b', 'c', 'd', 'e'].map((name) => [name]),
      async (batch, on) => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        on.finished(result(batch.schemas[0] ?? '', 'migrated'));
      },
      { workers: 3 },
    );
    expect(most).toBe(3);
  });

  it('stops when interrupted', async () => {
    const controller = new AbortController();
    const run = fleet(
      [['a'], ['b']],
      async (batch, on) => {
        on.finished(result(batch.schemas[0] ?? '', 'migrated'));
        controller.abort();
      },
      { workers: 1, signal: controller.signal },
    );
    expect(await outcomes(run)).toEqual({ results: ['a migrated'], notAttempted: ['b'] });
  });
});

describe('countWorkers', () => {
  it.each([
    ['cores', { configured: 'auto', cores: 4, freeConnections: 90, tenants: 50 }, 4],
    ['what configuration says', { configured: 7, cores: 2, freeConnections: 90, tenants: 50 }, 7],
    ['free connections less a reserve', { configured: 'auto', cores: 16, freeConnections: 8, tenants: 50 }, 5],
    ['the work there is', { configured: 'auto', cores: 16, freeConnections: 90, tenants: 2 }, 2],
    ['at least one', { configured: 'auto', cores: 16, freeConnections: 1, tenants: 2 }, 1],
    ['cores where connections are unknown', { configured: 'auto', cores: 3, freeConnections: null, tenants: 9 }, 3],
  ] as const)('%s', (_, limits, expected) => {
    expect(countWorkers(limits)).toBe(expected);
  });
});
