import { defineCheck, passed, problemsOr, type Problem } from '../../core/check.ts';
import { describeTarget } from '../../postgres/target.ts';
import { hostProblem } from '../../steps/host-problem.ts';
import type { CheckContext } from '../context.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';

const FINDINGS = { 'database-remote': 'warning' } as const;

/** The database is this machine's or this compose project's, or it is allowed by name: a run refuses any other. */
export const databaseRemote = defineCheck<CheckContext, keyof typeof FINDINGS>({
  id: 'database-remote',
  group: 'database',
  title: 'Place of the database',
  findings: FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    const target = await context.target();
    const { services } = await context.compose();
    const { allowRemote } = context.config.database;
    const names = services.flatMap(({ name, otherNames }) => [name, ...otherNames]).map((name) => ({ name }));
    const refused = hostProblem(target, { services: names, allowRemote });
    if (refused === undefined) return passed(describeTarget(target));
    // A host that does not even answer is a finding of its own, and may well be a name that only compose knows.
    await context.server();
    const problem: Problem<keyof typeof FINDINGS> = {
      code: 'database-remote',
      message: `The database ${describeTarget(target)} is on another host: devsetup looks at it, and refuses to change it.`,
      remedy: {
        text: `If it is meant for development, name it in the configuration: "database": { "allowRemote": ["${target.host}"] }; otherwise point the settings at a local one.`,
        command: null,
      },
    };
    return problemsOr([problem], '');
  },
});
