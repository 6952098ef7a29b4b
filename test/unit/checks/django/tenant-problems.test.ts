import { expect, test } from 'vitest';

import { tenantProblems, type TenantFacts } from '../../../../src/checks/django/tenant-problems.ts';
import type { Inspection, TenantState } from '../../../../src/django/protocol.ts';

const tenant = (schema: string, domains: readonly string[]): TenantState => ({
  schema,
  schemaExists: true,
  createsSchema: true,
  domains,
  tenantType: null,
  group: 0,
});

const inspection = (tenants: readonly TenantState[], more: Partial<Inspection> = {}): Inspection => ({
  shared: { schema: 'public', initialised: true, applied: 1, pending: [], orphaned: [] },
  tenants,
  groups: [],
  publicTenant: { exists: true, domains: ['localhost'] },
  straySchemas: [],
  templates: [],
  unannounced: [],
  otherDatabases: [],
  conflicts: {},
  unmigratedApps: [],
  ownApps: [],
  squashes: [],
  modelChanges: [],
  absent: [],
  history: [],
  failingChecks: [],
  extensions: [],
  fingerprint: null,
  ...more,
});

const FACTS: TenantFacts = {
  hasDomains: true,
  withoutPrimary: [],
  ofSteps: ['guest'],
  createDomain: null,
  isWithoutSchema: () => false,
};

const codes = (of: Inspection, facts: Partial<TenantFacts> = {}): readonly string[] =>
  tenantProblems(of, { ...FACTS, ...facts }).map(({ code }) => code);

test('a tenant without a domain is named, with the command that gives it one', () => {
  const [problem] = tenantProblems(inspection([tenant('north', []), tenant('south', ['south.localhost'])]), {
    ...FACTS,
    createDomain: (schema) => `create_domain ${schema}`,
  });
  expect(problem).toMatchObject({
    code: 'tenant-without-domain',
    message: 'The tenant north has no domain: no request reaches it.',
    remedy: { command: 'create_domain north' },
  });
});

test('projects that find tenants by something else than domains are left alone', () => {
  const none = inspection([tenant('north', []), tenant('south', [])], { publicTenant: { exists: true, domains: [] } });
  expect(codes(none)).toEqual([]);
  expect(codes(inspection([tenant('north', [])]), { hasDomains: false })).toEqual([]);
});

test('what a step reports is not reported again', () => {
  expect(codes(inspection([tenant('guest', [])]))).toEqual([]);
});

test('many are counted, not listed', () => {
  const names = Array.from({ length: 40 }, (_, index) => `t${index}`);
  const [problem] = tenantProblems(inspection([], { straySchemas: names }), FACTS);
  expect(problem?.message).toMatch(/^The schemas t0, t1, t2, t3, t4 and 35 more hold/);
});

test('a healthy fleet gives nothing', () => {
  expect(codes(inspection([tenant('north', ['north.localhost'])]))).toEqual([]);
});

test('a tenant that has no schema on purpose needs no domain', () => {
  const archived: TenantState = { ...tenant('archived', []), schemaExists: false, group: null };
  const all = inspection([archived, tenant('south', ['south.localhost'])]);
  expect(codes(all)).toEqual(['tenant-without-domain']);
  expect(codes(all, { isWithoutSchema: (schema) => schema === 'archived' })).toEqual([]);
});
