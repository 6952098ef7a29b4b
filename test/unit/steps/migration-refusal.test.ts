import { expect, test } from 'vitest';

import type { Inspection, TenantState } from '../../../src/django/protocol.ts';
import { historyHint, sharedRefusal } from '../../../src/steps/migration-refusal.ts';

const tenant = (schema: string, group: number): TenantState => ({
  schema,
  group,
  schemaExists: true,
  createsSchema: true,
  domains: [],
  tenantType: null,
});

const STATE = { initialised: true, applied: 2, pending: [], orphaned: [] };

const INSPECTION: Inspection = {
  shared: { schema: 'public', ...STATE },
  tenants: [tenant('behind', 0), tenant('sick', 1), tenant('healthy', 2)],
  groups: [
    { ...STATE, appliedNames: ['orders.0001'] },
    { ...STATE, appliedNames: ['orders.0002'] },
    { ...STATE, appliedNames: ['orders.0001', 'orders.0002'] },
  ],
  publicTenant: null,
  straySchemas: [],
  templates: [],
  unannounced: [],
  otherDatabases: [],
  conflicts: {},
  unmigratedApps: [],
  absent: [],
  history: [{ migration: 'orders.0002', dependency: 'orders.0001', schemas: ['sick'] }],
  failingChecks: [],
  extensions: [],
  ownApps: [],
  squashes: [],
  modelChanges: [],
  fingerprint: null,
};

test('the command for failing system checks names the database that is migrated', () => {
  const failing = { id: 'fields.E120', level: 40, message: 'wrong', hint: null, object: null };
  const refusal = sharedRefusal({ ...INSPECTION, history: [], failingChecks: [failing] }, 'tenants', {});
  expect(refusal?.hint).toContain('`python manage.py check --database tenants`');
  expect(refusal?.manage).toEqual(['check', '--database', 'tenants']);
});

test('a contradictory history is compared with a tenant that has both migrations', () => {
  const [fault] = INSPECTION.history;
  const hint = fault === undefined ? '' : historyHint(fault, INSPECTION, 'tenants');
  expect(hint).toContain('tenant_command sqlmigrate orders 0001 --schema=sick');
  expect(hint).toContain('Schema healthy has both migrations');
  const plain = { migration: 'orders.0002', dependency: 'orders.0001', schemas: [null] };
  const alone = historyHint(plain, { ...INSPECTION, shared: { ...STATE, schema: null }, tenants: null }, 'orders');
  expect(alone).toContain('manage.py sqlmigrate orders 0001 --database orders');
  expect(alone).not.toContain('has both migrations');
});
