import type { Problem } from '../../core/check.ts';
import { quoteIdentifier, quoteLiteral } from '../../postgres/quote-sql.ts';
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
        text: `As the owner of ${names.length === 1 ? 'the schema' : 'each schema'}: GRANT CREATE ON SCHEMA ${names.map(quoteIdentifier).join(', ')} TO ${quoteIdentifier(role)};`,
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
        text: `As a superuser, in this database: ${takeOver(owners, role)} Or let Django connect as ${quoteIdentifier(owner)}.`,
        command: null,
      },
    },
  ];
};

/** Tables and views of the schemas that Django migrates. REASSIGN OWNED refuses the server's first superuser, and takes everything else of a role along. */
const takeOver = (owners: readonly string[], role: string): string => {
  const isForeign = `relowner IN (${owners.map((owner) => `${quoteLiteral(quoteIdentifier(owner))}::regrole`).join(', ')})`;
  const schemas = `SELECT relnamespace FROM pg_class WHERE relname = 'django_migrations' AND ${isForeign}`;
  const tables = `SELECT oid FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') AND ${isForeign} AND relnamespace IN (${schemas})`;
  return `DO $$ DECLARE t regclass; BEGIN FOR t IN ${tables} LOOP EXECUTE format('ALTER TABLE %s OWNER TO %I', t, ${quoteLiteral(role)}); END LOOP; END $$;`;
};

const namesOf = (schemas: PrivilegeFacts['schemas']): readonly string[] => schemas.map(({ name }) => name);
