import { defineCheck, notApplicable, problemsOr, type Problem } from '../../core/check.ts';
import type { Examination } from '../../django/examination.ts';
import type { CheckContext } from '../context.ts';
import { partOf } from './examined-part.ts';
import { listSome } from './list-some.ts';

const FINDINGS = { 'schema-drift': 'error' } as const;

type Code = keyof typeof FINDINGS;

type Drift = NonNullable<Examination['drift']>[number];

/** Tables have the columns that the migrations recorded as applied should have made. */
export const schemaDrift = defineCheck<CheckContext, Code>({
  id: 'schema-drift',
  group: 'django',
  title: 'Tables and migrations',
  findings: FINDINGS,
  timeoutSeconds: 60,
  run: async (context) => {
    // Stops with what is wrong with the database.
    await context.inspection();
    const { drift, failures } = await context.examination();
    return partOf(failures, 'drift', () =>
      drift === null
        ? notApplicable('there are no applied migrations to compare with')
        : problemsOr(drift.map(driftProblem), 'tables are as the applied migrations made them'),
    );
  },
});

export const driftProblem = ({ app, model, table, columns, schemas }: Drift): Problem<Code> => {
  const named = schemas.filter((schema) => schema !== null);
  const lacks =
    columns.length === 0
      ? `The table ${table} of ${model} is missing`
      : `The table ${table} of ${model} lacks ${columns.length === 1 ? 'the column' : 'the columns'} ${listSome(columns)}`;
  return {
    code: 'schema-drift',
    message: `${lacks}, although the migrations of ${app} that make ${columns.length === 1 ? 'it' : 'them'} are recorded as applied.`,
    evidence: named.length === 0 ? [] : [`${named.length === 1 ? 'schema' : 'schemas'} ${listSome(named)}`],
    remedy: {
      text: `Compare the table with \`sqlmigrate\` of the migrations of ${app}, and add what is missing by hand or by unrecording them and applying them anew.`,
      command: null,
    },
  };
};
