import type { Problem } from '../../core/check.ts';
import { quoteIdentifier } from '../../postgres/quote-sql.ts';
import type { SchemaFacts } from '../../postgres/server-schemas.ts';
import { listSome } from '../django/list-some.ts';

export const PRIVILEGE_FINDINGS = {
  'create-schema-denied': 'error',
  'create-table-denied': 'error',
  'tables-not-owned': 'warning',
} as const;

export type PrivilegeCode = keyof typeof PRIVILEGE_FINDINGS;

export interface PrivilegeFacts {
  readonly role: string;
  readonly database: string;
  readonly canCreateSchema: boolean;
  readonly schemas: readonly Pick<SchemaFacts, 'name' | 'canCreate' | 'foreignOwner'>[];
  /** Tenants are given schemas of their own. */
  readonly needsSchemas: boolean;
  /** Where the shared tables lie; null: unknown. */
  readonly homeSchema: string | null;
  /** Schemas of tenants, existing or not. */
  readonly tenants: readonly string[];
}

export const judgePrivileges = (facts: PrivilegeFacts): readonly Problem<PrivilegeCode>[] => {
  const own = new Set([...(facts.homeSchema === null ? [] : [facts.homeSchema]), ...facts.tenants]);
  const schemas = facts.schemas.filter(({ name }) => own.has(name));
  const { role, database } = facts;
  return [
    ...(facts.needsSchemas && !facts.canCreateSchema ? [schemaDenied(role, database)] : []),
    ...tableDenied(role, namesOf(schemas.filter(({ canCreate }) => !canCreate))),
    ...notOwned(role, schemas),
  ];
};

const schemaDenied = (role: string, database: string): Problem<PrivilegeCode> => ({
  code: 'create-schema-denied',
  message: `Role "${role}" may not create schemas in the database "${database}", and every new tenant needs one.`,
  remedy: {
    text: `As the owner of the database: GRANT CREATE ON DATABASE ${quoteIdentifier(database)} TO ${quoteIdentifier(role)};`,
    command: null,
  },
});

const tableDenied = (role: string, names: readonly string[]): readonly Problem<PrivilegeCode>[] => {
  if (names.length === 0) return [];
  const [first = ''] = names;
  const where = names.length === 1 ? `the schema "${first}"` : `${names.length} schemas`;
  return [
    {
      code: 'create-table-denied',
      message: `Role "${role}" may not create tables in ${where}: migrations that do fail with "permission denied".`,
      evidence: names.length === 1 ? [] : [listSome(names)],
      remedy: {
        text: `As the owner of ${names.length === 1 ? 'the schema' : 'each schema'}: GRANT CREATE ON SCHEMA ${quoteIdentifier(first)} TO ${quoteIdentifier(role)};`,
        command: null,
      },
    },
  ];
};

const notOwned = (role: string, schemas: PrivilegeFacts['schemas']): readonly Problem<PrivilegeCode>[] => {
  const foreign = schemas.filter(({ foreignOwner }) => foreignOwner !== null);
  const owners = [...new Set(foreign.map(({ foreignOwner }) => foreignOwner ?? ''))];
  const [owner] = owners;
  if (owner === undefined) return [];
  const names = namesOf(foreign);
  return [
    {
      code: 'tables-not-owned',
      message: `Django's tables in ${names.length === 1 ? `the schema "${names[0]}"` : `${names.length} schemas`} belong to ${owners.map(quoteIdentifier).join(' and ')}: role "${role}" may not alter them, and migrations that do fail with "must be owner of table".`,
      evidence: names.length === 1 ? [] : [listSome(names)],
      remedy: {
        text: `As a superuser, in this database: REASSIGN OWNED BY ${quoteIdentifier(owner)} TO ${quoteIdentifier(role)}; or let Django connect as ${quoteIdentifier(owner)}.`,
        command: null,
      },
    },
  ];
};

const namesOf = (schemas: PrivilegeFacts['schemas']): readonly string[] => schemas.map(({ name }) => name);
