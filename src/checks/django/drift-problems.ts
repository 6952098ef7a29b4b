import type { Problem } from '../../core/check.ts';
import { groupBy } from '../../core/group-by.ts';
import type { Examination } from '../../django/examination.ts';
import { listSome } from './list-some.ts';

export const DRIFT_FINDINGS = { 'schema-drift': 'error' } as const;

export type DriftCode = keyof typeof DRIFT_FINDINGS;

type Drift = NonNullable<Examination['drift']>[number];

const SHOWN = 8;

/** One finding an app and place: what went wrong with one of its tables mostly went wrong with all. */
export const driftProblems = (drift: readonly Drift[]): readonly Problem<DriftCode>[] =>
  [...groupBy(drift, ({ app, schemas }) => JSON.stringify([app, schemas])).values()].map(asProblem);

const asProblem = (tables: readonly [Drift, ...Drift[]]): Problem<DriftCode> => {
  const [first] = tables;
  const { app } = first;
  const schemas = first.schemas.filter((schema) => schema !== null);
  const where = schemas.length === 0 ? '' : ` in ${schemas.length === 1 ? 'schema' : 'schemas'} ${listSome(schemas)}`;
  const what =
    tables.length === 1
      ? lacking(first)
      : `${tables.length} tables of ${app} lack what its migrations should have made`;
  const lines = tables.length === 1 ? [] : tables.map(lacking);
  return {
    code: 'schema-drift',
    message: `${what}${where}, and yet those migrations are recorded as applied.`,
    evidence: lines.length > SHOWN ? [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} more`] : lines,
    remedy: {
      text: tables.every(({ columns }) => columns.length === 0)
        ? `Unrecord the migrations of ${app} there and apply them anew (\`migrate ${app} zero --fake\` and \`migrate ${app}\`, if none of its tables exist), or make the tables as \`sqlmigrate\` shows.`
        : `Add what is missing as \`sqlmigrate\` shows it for the migrations of ${app}.`,
      command: null,
    },
  };
};

const lacking = ({ model, table, columns }: Drift): string =>
  columns.length === 0
    ? `The table ${table} (${model}) is missing`
    : `The table ${table} (${model}) lacks ${columns.length === 1 ? 'the column' : 'the columns'} ${listSome(columns)}`;
