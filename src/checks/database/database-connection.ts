import { CheckStopped, defineCheck, notApplicable, passed, type Problem } from '../../core/check.ts';
import { isDevsetupError, type DevsetupError } from '../../core/errors.ts';
import { findingCode } from '../../core/finding-code.ts';
import { describeTarget, libpqSystem, parseDatabaseUrl } from '../../postgres/target.ts';
import { waitForDatabase } from '../../postgres/wait-for-database.ts';
import { namedServices } from '../../project/compose-services.ts';
import type { CheckContext } from '../context.ts';
import { CONNECTION_FINDINGS } from './connection-findings.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';
import { EMBEDDED_REMEDY, isOtherThanLastRun } from './examined-database.ts';

type Code = keyof typeof CONNECTION_FINDINGS;

/**
 * The database of the URL variable answers, where Django cannot be asked which one it uses. With Django the step `database` looks,
 * and what its settings say counts.
 */
export const databaseConnection = defineCheck<CheckContext, Code>({
  id: 'database-connection',
  group: 'database',
  title: 'Connection',
  findings: CONNECTION_FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    if ((await context.djangoFailure()) === null) {
      return notApplicable('Django starts: the step "database" looks at the one its settings name');
    }
    const { urlVariable } = context.config.database;
    const url = context.environment.get(urlVariable);
    if (url === undefined || url === '') return notApplicable(`Django does not start, and ${urlVariable} is not set`);
    try {
      const system = libpqSystem(context.environment.asRecord(), context.backend?.directory ?? context.root);
      const address = parseDatabaseUrl(url, urlVariable, system);
      if (address.kind !== 'postgresql') return notApplicable(`${urlVariable} does not name a PostgreSQL database`);
      // Stops where the host is not allowed.
      await context.server().catch(stopIfRemote);
      const { serverVersion } = await waitForDatabase(address.target, {
        deadlineSeconds: 0,
        composeServices: await namedServices(context.root, await context.compose()),
        signal: context.signal,
      });
      return passed(`PostgreSQL ${serverVersion} at ${describeTarget(address.target)}, as ${urlVariable} says`);
    } catch (error) {
      if (!isDevsetupError(error)) throw error;
      const problem = connectionFinding(error, urlVariable);
      // Of a URL that cannot be read the step itself tells: it never comes to look.
      if (problem === undefined)
        return { kind: 'could-not-check', reason: error.message, blockedBy: findingCode(error.code) };
      const remedy =
        problem.code === 'database-unreachable' && isOtherThanLastRun(context) ? { remedy: EMBEDDED_REMEDY } : {};
      return { kind: 'problems', problems: [{ ...problem, ...remedy }] };
    }
  },
});

/** Any other reason why the server cannot be asked is what this check reports. */
const stopIfRemote = (error: unknown): void => {
  if (!(error instanceof CheckStopped)) throw error;
  const { outcome } = error;
  if (outcome.kind === 'could-not-check' && outcome.blockedBy === 'database-remote') throw error;
};

/** What a failed connection is reported as; undefined: it is none of these. */
export const connectionFinding = (error: DevsetupError, urlVariable: string): Problem<Code> | undefined => {
  const code = findingCode(error.code);
  if (!(code in CONNECTION_FINDINGS)) return undefined;
  const text = error.hint ?? `Correct ${urlVariable}.`;
  const found = { code: code as Code, message: error.message, evidence: [`${urlVariable} names it`] };
  // A run creates it in development, and whether this is one nobody can tell before Django starts.
  return code === 'database-missing'
    ? { ...found, severity: 'warning', remedy: { text: CREATED_LATER, command: null } }
    : { ...found, remedy: { text, command: null } };
};

const CREATED_LATER =
  'Mend first what keeps Django from starting: in development devsetup then creates the database by itself.';
