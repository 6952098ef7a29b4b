import { expect, test } from 'vitest';

import { orphanProblems, type OrphanFacts } from '../../../../src/checks/django/orphan-problems.ts';
import type { Inspection } from '../../../../src/django/protocol.ts';

const group = (orphaned: readonly string[]): Inspection['groups'][number] => ({
  initialised: true,
  applied: 1,
  pending: [],
  orphaned,
  appliedNames: [],
});

const inspection = (shared: readonly string[], groups: Inspection['groups'] = []): Inspection => ({
  shared: {
    schema: groups.length === 0 ? null : 'public',
    initialised: true,
    applied: 1,
    pending: [],
    orphaned: shared,
  },
  tenants: groups.map((_, index) => ({
    schema: `t${index}`,
    schemaExists: true,
    createsSchema: true,
    domains: [],
    tenantType: null,
    group: index,
  })),
  groups,
  publicTenant: null,
  straySchemas: [],
  templates: [],
  unannounced: [],
  otherDatabases: [],
  conflicts: {},
  unmigratedApps: ['unborn'],
  absent: [],
  history: [],
  failingChecks: [],
  extensions: [],
  ownApps: [],
  squashes: [],
  modelChanges: [],
  fingerprint: null,
});

const FACTS: OrphanFacts = { ownApps: ['orders', 'unborn'], squashes: [], hasSchemas: false };

test('names the migration, the schemas and the way back', () => {
  const [problem] = orphanProblems(inspection(['orders.0007_more'], [group(['orders.0007_more'])]), {
    ...FACTS,
    hasSchemas: true,
  });
  expect(problem?.evidence).toEqual(['orders.0007_more in public, t0']);
  expect(problem?.remedy.text).toContain('`python manage.py migrate_schemas --schema=public orders 0006`');
});

test('back from the first migration is zero', () => {
  expect(orphanProblems(inspection(['orders.0001_initial']), FACTS)[0]?.remedy.text).toContain('migrate orders zero`');
});

test('a migration without a number has no number before it', () => {
  expect(orphanProblems(inspection(['orders.more']), FACTS)[0]?.remedy.text).toContain('migrate orders PREVIOUS`');
});

test.each([
  ['of packages', ['oauth2_provider.0009_old'], FACTS],
  ['that were squashed', ['orders.0003_x'], { ...FACTS, squashes: ['orders.0001_squashed_0005_x'] }],
  ['of an app whose migrations are not committed', ['unborn.0001_initial'], FACTS],
])('rows %s are no harm', (_, names, facts) => {
  expect(orphanProblems(inspection(names), facts)).toEqual([]);
});

test('a squash says nothing about what came after it, or about other apps', () => {
  const facts = { ...FACTS, squashes: ['orders.0001_squashed_0005_x', 'other.0001_squashed_0009_y'] };
  expect(orphanProblems(inspection(['orders.0006_more']), facts)).toHaveLength(1);
});
