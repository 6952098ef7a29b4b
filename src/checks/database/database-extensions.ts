import { defineCheck, notApplicable, passed, problemsOr } from '../../core/check.ts';
import type { Inspection } from '../../django/protocol.ts';
import type { CheckContext } from '../context.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';
import { EXTENSION_FINDINGS, judgeExtensions, type ExtensionCode } from './judge-extensions.ts';
import { serverService } from './server-service.ts';

/** What migrations will create by CREATE EXTENSION is on the server, and this role may create it. */
export const databaseExtensions = defineCheck<CheckContext, ExtensionCode>({
  id: 'database-extensions',
  group: 'database',
  title: 'Extensions',
  findings: EXTENSION_FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    const { extensions, role, isSuperuser, canCreateSchema, serverVersionNumber } = await context.server();
    if (extensions === null) return notApplicable(`${role} may not see which extensions there are`);
    const { extensions: wanted } = await context.examination();
    if (wanted.length === 0) return passed('no migration creates one');
    const pending = pendingMigrations(await context.inspection());
    const problems = judgeExtensions({
      // What an applied migration created may have been dropped for good.
      wanted: wanted.filter(({ migration }) => pending.has(migration)),
      extensions,
      role,
      mayCreateAll: isSuperuser || extensions.isManaged,
      mayCreateTrusted: canCreateSchema,
      major: Math.floor(serverVersionNumber / 10_000),
      service: await serverService(context),
    });
    return problemsOr(problems, wanted.map(({ name }) => name).join(', '));
  },
});

const pendingMigrations = ({ shared, groups }: Inspection): ReadonlySet<string> =>
  new Set([...shared.pending, ...groups.flatMap(({ pending }) => pending)]);
