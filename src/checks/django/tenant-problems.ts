import type { Problem } from '../../core/check.ts';
import type { Inspection } from '../../django/protocol.ts';
import { listSome } from './list-some.ts';

export const TENANT_FINDINGS = {
  'tenant-without-domain': 'warning',
  'tenant-without-primary-domain': 'warning',
  'schema-without-tenant': 'info',
} as const;

export type TenantCode = keyof typeof TENANT_FINDINGS;

export interface TenantFacts {
  /** The project has a Domain model. */
  readonly hasDomains: boolean;
  /** Schemas of tenants with domains, none of which is the primary one. */
  readonly withoutPrimary: readonly string[];
  /** Schemas of tenants that a step makes, and reports itself where they are not complete. */
  readonly ofSteps: readonly string[];
  /** Schemas that are missing on purpose: no request is meant to reach such a tenant. */
  readonly isWithoutSchema: (schema: string) => boolean;
  /** The command that gives a tenant a domain; null where this django-tenants has none. */
  readonly createDomain: ((schema: string) => string) | null;
}

export const tenantProblems = (inspection: Inspection, facts: TenantFacts): readonly Problem<TenantCode>[] => [
  ...withoutDomain(inspection, facts),
  ...withoutPrimary(facts.withoutPrimary),
  ...strays(inspection.straySchemas),
];

/** A project that finds its tenants by something else gives domains to none. */
const withoutDomain = (
  { tenants, publicTenant }: Inspection,
  { hasDomains, ofSteps, createDomain, isWithoutSchema }: TenantFacts,
): readonly Problem<TenantCode>[] => {
  const all = tenants ?? [];
  const usesDomains = hasDomains && [...all, publicTenant].some((tenant) => (tenant?.domains.length ?? 0) > 0);
  if (!usesDomains) return [];
  const names = all
    .filter(({ schema, domains }) => domains.length === 0 && !ofSteps.includes(schema))
    .filter(({ schema, schemaExists }) => schemaExists || !isWithoutSchema(schema))
    .map(({ schema }) => schema);
  const [first] = names;
  if (first === undefined) return [];
  return [
    {
      code: 'tenant-without-domain',
      message: `${tenantsNamed(names)} no domain: no request reaches ${names.length === 1 ? 'it' : 'them'}.`,
      remedy: {
        text: `Give ${names.length === 1 ? 'it' : 'each'} a domain, or delete what nobody needs.`,
        command: createDomain?.(first) ?? null,
      },
    },
  ];
};

const withoutPrimary = (names: readonly string[]): readonly Problem<TenantCode>[] =>
  names.length === 0
    ? []
    : [
        {
          code: 'tenant-without-primary-domain',
          message: `${tenantsNamed(names)} domains, but no primary one: get_primary_domain() answers None.`,
          remedy: { text: 'Set is_primary on one domain of each, in the admin or in a shell.', command: null },
        },
      ];

const strays = (names: readonly string[]): readonly Problem<TenantCode>[] =>
  names.length === 0
    ? []
    : [
        {
          code: 'schema-without-tenant',
          message: `${names.length === 1 ? 'The schema' : 'The schemas'} ${listSome(names)} ${names.length === 1 ? 'holds' : 'hold'} migrated tables, and no tenant has ${names.length === 1 ? 'it' : 'them'}.`,
          remedy: {
            text: 'Add the missing row of the tenant if it was deleted by accident. If you do not need the data, back up the schema before you drop it.',
            command: null,
          },
        },
      ];

const tenantsNamed = (names: readonly string[]): string =>
  names.length === 1 ? `The tenant ${names[0]} has` : `The tenants ${listSome(names)} have`;
