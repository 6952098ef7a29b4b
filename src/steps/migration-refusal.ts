import type { State } from '../core/step.ts';
import type { HistoryFault, Inspection } from '../django/protocol.ts';
import { quoteIdentifier, quoteLiteral } from '../postgres/quote-sql.ts';
import { databaseWords, manageCommand, printCommand, splitMigration } from './manage-command.ts';

type Refusal = Extract<State, { kind: 'blocked' }>;

/**
 * Why Django would refuse to migrate the shared schema of this database, in the order in which it finds out; null: it would not.
 * `skip` is `doctor.skip` of the configuration: a project may have models that need no table.
 */
export const sharedRefusal = (
  inspection: Inspection,
  alias: string,
  skip: Readonly<Record<string, string>>,
): Refusal | null =>
  conflict(inspection) ??
  (UNCOMMITTED in skip ? null : uncommitted(inspection)) ??
  historyRefusal(
    faultsIn(inspection, (schema) => schema === inspection.shared.schema),
    inspection,
    alias,
  ) ??
  failingChecks(inspection, alias);

/** Records that contradict the code, in these schemas. */
export const faultsIn = (
  { history }: Inspection,
  isWanted: (schema: string | null) => boolean,
): readonly HistoryFault[] =>
  history
    .map((fault) => ({ ...fault, schemas: fault.schemas.filter(isWanted) }))
    .filter(({ schemas }) => schemas.length > 0);

export const historyRefusal = (
  faults: readonly HistoryFault[],
  inspection: Inspection,
  alias: string,
): Refusal | null => {
  const [first] = faults;
  if (first === undefined) return null;
  const hint = historyHint(first, inspection, alias);
  return { kind: 'blocked', code: 'MIGRATION_HISTORY', reason: describeFault(first), hint };
};

/** e.g. `orders.0002_total is recorded as applied in schema guest, and orders.0001_initial, which it depends on, is not` */
export const describeFault = ({ migration, dependency, schemas }: HistoryFault): string => {
  const names = schemas.flatMap((schema) => schema ?? []);
  const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
  const where = names.length === 0 ? '' : ` in schema ${names[0]}${more}`;
  return `${migration} is recorded as applied${where}, and ${dependency}, on which it depends, is not: Django refuses to migrate`;
};

export const historyHint = (fault: HistoryFault, inspection: Inspection, alias: string): string => {
  const { migration, dependency, schemas } = fault;
  const schema = schemas[0] ?? null;
  const isShared = schema === inspection.shared.schema;
  const table = schema === null ? 'django_migrations' : `${quoteIdentifier(schema)}.django_migrations`;
  const { app, name } = splitMigration(dependency);
  const print = printCommand({ migration: dependency, schema, isShared, database: databaseWords(alias) });
  const healthy = isShared ? null : healthySchema(fault, inspection);
  return [
    `If the dependency was added to ${migration} after it had been applied, undo that change.`,
    `Otherwise compare ${schema === null ? 'the database' : `schema ${schema}`} with what ${dependency} does: \`${print}\``,
    ...(healthy === null ? [] : [`Schema ${healthy} has both migrations and can be compared with.`]),
    `Only if all of it is there, record it: INSERT INTO ${table} (app, name, applied) VALUES (${quoteLiteral(app)}, ${quoteLiteral(name)}, now());`,
  ].join('\n');
};

/** A tenant with both migrations in its records and none that contradict the code. */
const healthySchema = (
  { migration, dependency }: HistoryFault,
  { tenants, groups, history }: Inspection,
): string | null => {
  const sick = new Set(history.flatMap(({ schemas }) => schemas));
  const isHealthy = (applied: readonly string[] = []): boolean =>
    applied.includes(migration) && applied.includes(dependency);
  const found = (tenants ?? []).find(
    ({ schema, group }) => group !== null && !sick.has(schema) && isHealthy(groups[group]?.appliedNames),
  );
  return found?.schema ?? null;
};

const conflict = ({ conflicts }: Inspection): Refusal | null => {
  const found = Object.entries(conflicts);
  if (found.length === 0) return null;
  const merge = ['makemigrations', '--merge', ...found.map(([app]) => app)];
  const named = found.map(([app, leaves]) => `${app} (${leaves.join(', ')})`).join('; ');
  return {
    kind: 'blocked',
    code: 'MIGRATION_CONFLICT',
    reason: `two migrations claim to be the last of their app: ${named}`,
    hint: `Merge them: \`${manageCommand(merge)}\``,
    manage: merge,
  };
};

const UNCOMMITTED = 'migrations-not-committed';

const uncommitted = ({ unmigratedApps }: Inspection): Refusal | null => {
  if (unmigratedApps.length === 0) return null;
  const apps = unmigratedApps.join(' ');
  const make = ['makemigrations', ...unmigratedApps];
  return {
    kind: 'blocked',
    code: 'MIGRATIONS_NOT_COMMITTED',
    reason: `these apps have models and no migrations: ${apps}`,
    hint: [
      `Run \`${manageCommand(make)}\` and commit the files: devsetup never creates migration files.`,
      `If ${unmigratedApps.length === 1 ? 'its models need' : 'their models need'} no tables, say so in the configuration: "doctor": { "skip": { "${UNCOMMITTED}": "why" } }`,
    ].join('\n'),
    manage: make,
  };
};

const failingChecks = ({ failingChecks: messages }: Inspection, alias: string): Refusal | null => {
  const [first] = messages;
  if (first === undefined) return null;
  const more = messages.length > 1 ? ` (and ${messages.length - 1} more)` : '';
  const check = ['check', '--database', alias];
  const about = first.object === null ? '' : `${first.object}: `;
  return {
    kind: 'blocked',
    code: 'SYSTEM_CHECK_FAILED',
    reason: `Django's system checks fail, and \`migrate\` does not start: ${about}${first.id === null ? '' : `(${first.id}) `}${first.message}${more}`,
    hint: `${first.hint ?? 'Correct what it names.'} \`${manageCommand(check)}\` shows all of them.`,
    manage: check,
  };
};
