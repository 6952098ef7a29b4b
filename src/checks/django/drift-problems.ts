import type { Problem } from '../../core/check.ts';
import { groupBy } from '../../core/group-by.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { Examination } from '../../django/examination.ts';
import { createCommand, movedNote } from '../../steps/missing-tables.ts';
import { listSome } from './list-some.ts';

export const DRIFT_FINDINGS = { 'schema-drift': 'error' } as const;

export type DriftCode = keyof typeof DRIFT_FINDINGS;

type Drift = NonNullable<Examination['drift']>[number];

const SHOWN = 8;

/** One finding per app, place and kind of lack: what went wrong with one of its tables mostly went wrong with all. */
export const driftProblems = (drift: readonly Drift[], publicSchema: string | null): readonly Problem<DriftCode>[] =>
  [...groupBy(drift, ({ app, schemas, columns }) => JSON.stringify([app, schemas, columns.length > 0])).values()].map(
    (tables) => asProblem(tables, publicSchema),
  );

const asProblem = (tables: readonly [Drift, ...Drift[]], publicSchema: string | null): Problem<DriftCode> => {
  const [first] = tables;
  const { app } = first;
  const schemas = first.schemas.filter((schema) => schema !== null);
  const where = schemas.length === 0 ? '' : ` in ${schemas.length === 1 ? 'schema' : 'schemas'} ${listSome(schemas)}`;
  const what =
    tables.length === 1
      ? lacking(first)
      : `${tables.length} tables of ${app} lack what its migrations should have created`;
  const lines = tables.length === 1 ? [] : tables.map(lacking);
  return {
    code: 'schema-drift',
    message: `${what}${where}, and yet those migrations are recorded as applied.`,
    evidence: lines.length > SHOWN ? [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} more`] : lines,
    remedy: first.columns.length === 0 ? createTables(tables, publicSchema) : addColumns(first),
  };
};

const createTables = (tables: readonly Drift[], publicSchema: string | null): Problem['remedy'] => ({
  text: [
    'Let devsetup create the tables, in one transaction for each schema. Recorded migrations, existing tables and other schemas stay as they are.',
    // One missing table of several was dropped; where an app moves, more than one is missing in most cases.
    ...[
      movedNote(
        tables.map((table) => ({ ...table, entire: tables.length > 1 })),
        publicSchema,
      ),
    ].filter((note) => note !== null),
  ].join(' '),
  command: createCommand(
    tables.map(({ app, table, schemas }) => ({ app, tables: [table], schemas, entire: false })),
    'npx devsetup',
    publicSchema,
  ),
});

const addColumns = ({ app, schemas }: Drift): Problem['remedy'] => {
  const tenant = schemas.find((schema) => schema !== null);
  const show =
    tenant === undefined
      ? `sqlmigrate ${app} MIGRATION`
      : `tenant_command sqlmigrate ${app} MIGRATION --schema=${shellWord(tenant)}`;
  return {
    text: `Add the columns by hand, as \`python manage.py ${show}\` shows them for the migration that adds them.`,
    command: null,
  };
};

const lacking = ({ model, table, columns }: Drift): string =>
  columns.length === 0
    ? `The table ${table} (${model}) is missing`
    : `The table ${table} (${model}) lacks ${columns.length === 1 ? 'the column' : 'the columns'} ${listSome(columns)}`;
