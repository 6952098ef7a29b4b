import { CheckStopped, defineCheck, passed, type Problem, type Remedy } from '../../core/check.ts';
import { describeTarget } from '../../postgres/target.ts';
import { readLastRun } from '../../state/last-run.ts';
import { embeddedTarget } from '../../steps/embedded-database.ts';
import { findUnmigrated, type UnmigratedDatabase } from '../../steps/other-databases.ts';
import type { CheckContext, Diagnosis } from '../context.ts';
import { manageCommand } from '../../steps/manage-command.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';

const FINDINGS = { 'last-run-embedded': 'warning', 'other-database-pending': 'warning' } as const;

type Code = keyof typeof FINDINGS;

/** Names the database that all other checks examine, and what of the project's databases they do not see. */
export const examinedDatabase = defineCheck<CheckContext, Code>({
  id: 'examined-database',
  group: 'database',
  title: 'Examined database',
  findings: FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    const found = await orStop(nameDatabase(context));
    const embedded = isOtherThanLastRun(context) ? [lastRunEmbedded(found instanceof CheckStopped ? null : found)] : [];
    if (found instanceof CheckStopped) {
      if (embedded.length === 0) throw found;
      return { kind: 'problems', problems: embedded };
    }
    const unmigrated = await orStop(findOthers(context));
    if (unmigrated instanceof CheckStopped || embedded.length + unmigrated.length === 0) {
      return embedded.length === 0 ? passed(found) : { kind: 'problems', problems: embedded };
    }
    return {
      kind: 'problems',
      problems: [...embedded, ...unmigrated.map((one) => pendingElsewhere(one, found))],
    };
  },
});

/** The last run worked on the embedded PostgreSQL, and without its flag another database is meant. */
export const isOtherThanLastRun = (diagnosis: Pick<Diagnosis, 'state' | 'config' | 'environment'>): boolean =>
  readLastRun(diagnosis.state)?.database?.embedded === true && embeddedTarget(diagnosis) === null;

const nameDatabase = async (context: CheckContext): Promise<string> => {
  const target = await context.target();
  const isKnown = (await context.djangoFailure()) === null;
  const source = isKnown
    ? `DATABASES["${(await context.django()).description.database.alias}"]`
    : context.config.database.urlVariable;
  return `${describeTarget(target)} (${source})`;
};

const findOthers = async (context: CheckContext): Promise<readonly UnmigratedDatabase[]> =>
  findUnmigrated(await context.inspection(), (await context.django()).description);

const orStop = async <T>(asked: Promise<T>): Promise<T | CheckStopped> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CheckStopped) return error;
    throw error;
  }
};

const lastRunEmbedded = (found: string | null): Problem<Code> => ({
  code: 'last-run-embedded',
  message: `The last run of devsetup used the embedded PostgreSQL; this examination is of ${found ?? 'the database that the settings name'}.`,
  remedy: EMBEDDED_REMEDY,
});

/** Also where the database that the settings name does not answer: the last run did without it. */
export const EMBEDDED_REMEDY: Remedy = {
  text: 'Examine the embedded one with --db embedded. To set up the other one instead, run npx devsetup; --fix does not.',
  command: 'npx devsetup doctor --db embedded',
};

const pendingElsewhere = ({ alias, problem, manage }: UnmigratedDatabase, found: string): Problem<Code> => ({
  code: 'other-database-pending',
  message: `DATABASES["${alias}"] ${problem}, and devsetup sets up only ${found}.`,
  remedy: {
    text: 'Migrate it yourself.',
    command: manageCommand(manage),
  },
});
