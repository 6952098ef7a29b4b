import { defineCheck, notApplicable, problemsOr } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';
import { judgePrivileges, PRIVILEGE_FINDINGS, type PrivilegeCode } from './judge-privileges.ts';

/** The role may make what migrations make. Asked in development only: elsewhere another role may be the one that migrates. */
export const databasePrivileges = defineCheck<CheckContext, PrivilegeCode>({
  id: 'database-privileges',
  group: 'database',
  title: 'Privileges',
  findings: PRIVILEGE_FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    const { role, isSuperuser, schemas, canCreateSchema, currentSchema } = await context.server();
    const { tenancy, database } = (await context.django()).description;
    const development = await context.development();
    if (!development.yes) return notApplicable(`another role may migrate here: ${development.reason}`);
    const { tenants } = await context.inspection();
    const problems = judgePrivileges({
      role,
      database: (await context.target()).database,
      canCreateSchema,
      schemas: schemas ?? [],
      needsSchemas: tenancy.mode === 'schemas' && tenancy.autoCreateSchema,
      homeSchema: tenancy.mode === 'schemas' ? tenancy.publicSchema : homeSchema(database.options, currentSchema),
      tenants: (tenants ?? []).map(({ schema }) => schema),
    });
    return problemsOr(problems, isSuperuser ? `${role} is a superuser` : `${role} may create what migrations create`);
  },
});

/** Where Django sets a search path of its own, the session of this check knows nothing of it. */
const homeSchema = (options: Readonly<Record<string, string>>, current: string | null): string | null =>
  /search_path/i.test(options['options'] ?? '') ? null : current;
