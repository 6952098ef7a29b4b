import { defineCheck, problemsOr, type Problem } from '../../core/check.ts';
import { describeTarget } from '../../postgres/target.ts';
import type { CheckContext } from '../context.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';

const FINDINGS = { 'database-encoding': 'warning' } as const;

type Code = keyof typeof FINDINGS;

/** The database stores text as UTF-8, as Django assumes. */
export const databaseEncoding = defineCheck<CheckContext, Code>({
  id: 'database-encoding',
  group: 'database',
  title: 'Encoding',
  findings: FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    const { encoding } = await context.server();
    return problemsOr(judgeEncoding(encoding, describeTarget(await context.target())), encoding);
  },
});

export const judgeEncoding = (encoding: string, database: string): readonly Problem<Code>[] => {
  if (encoding === 'UTF8') return [];
  return [
    {
      code: 'database-encoding',
      message: `The database ${database} stores text as ${encoding}, and Django assumes UTF-8.`,
      remedy: {
        text: "Recreate it from template0 with ENCODING 'UTF8', and load the data into the new one: an encoding cannot be changed.",
        command: null,
      },
    },
  ];
};
