import { query } from '../../../support/postgres.ts';
import { LOCK_LIMIT, type Outcome, type Recorded } from './run.ts';

/** What can be compared of an outcome: lines, each with the schema and the app it is about. */
export interface Observed {
  /** Catalogue, rows and `django_migrations`, sorted. */
  readonly database: readonly string[];
  /** Signals and what migrations saw, in order, by schema. */
  readonly records: ReadonlyMap<string, readonly string[]>;
}

const OWN = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

const CATALOGUE = `
  SELECT 'column ' || n.nspname || '.' || c.relname || '.' || a.attname || ' ' || a.attnum || ' ' || format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || a.attidentity::text || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
      || coalesce(' -- ' || col_description(c.oid, a.attnum), '') AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND ${OWN}
  UNION ALL SELECT 'constraint ' || n.nspname || '.' || k.conrelid::regclass || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE ${OWN}
  UNION ALL SELECT 'index ' || pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OWN}
  UNION ALL SELECT 'view ' || n.nspname || '.' || c.relname || ' ' || pg_get_viewdef(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND ${OWN}
  UNION ALL SELECT 'trigger ' || n.nspname || ' ' || pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND ${OWN}
  UNION ALL SELECT 'function ' || n.nspname || ' ' || pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prokind = 'f' AND ${OWN}
      AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = p.oid AND x.deptype = 'e')
  UNION ALL SELECT 'value ' || n.nspname || '.' || t.typname || ' ' || e.enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
    JOIN pg_namespace n ON n.oid = t.typnamespace
  UNION ALL SELECT 'sequence ' || schemaname || '.' || sequencename || ' ' || coalesce(last_value, 0) FROM pg_sequences
  UNION ALL SELECT 'schema ' || n.nspname || ' of ' || pg_get_userbyid(n.nspowner) FROM pg_namespace n WHERE ${OWN}
  UNION ALL SELECT 'extension ' || extname FROM pg_extension
  ORDER BY 1`;

const TABLES = `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND ${OWN} ORDER BY 1, 2`;

export const observe = async (outcome: Outcome): Promise<Observed> => {
  const lines = (await query(outcome.url, CATALOGUE)).map(({ line }) => String(line));
  const tables = await query(outcome.url, TABLES);
  const selects = tables.map(
    ({ schema, name }) =>
      `SELECT 'row ${String(schema)}.${String(name)} ' || (to_jsonb(t) - 'applied')::text AS line FROM "${String(schema)}"."${String(name)}" t`,
  );
  const rows = await query(outcome.url, selects.join(' UNION ALL '));
  // In which order migrations were recorded is in their ids.
  return {
    database: [...lines, ...rows.map(({ line }) => String(line))].sort(),
    records: bySchema(outcome.records.map((record) => withoutLockLimit(record, outcome.hasLockLimit))),
  };
};

/** In a pipeline devsetup limits every wait for a lock, where plain Django has no limit: "0". */
const withoutLockLimit = (record: Recorded, hasLockLimit: boolean): Recorded => {
  const { session } = record;
  if (!hasLockLimit || session === undefined) return record;
  const seen = session['lock_timeout'] ?? '';
  const limit = { [LOCK_LIMIT]: '0', '0': 'lost' }[seen] ?? seen;
  return { ...record, session: { ...session, lock_timeout: limit } };
};

/** Without what is random: how that is spread is compared by `draws`. */
const bySchema = (records: readonly Recorded[]): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>();
  for (const record of records) {
    if (record.kind === 'draw') continue;
    found.set(record.schema, [...(found.get(record.schema) ?? []), ...linesOf(record)]);
  }
  return found;
};

const linesOf = ({ kind, schema: _schema, app, ...facts }: Recorded): readonly string[] => {
  const head = app === undefined ? kind : `${kind} in ${app}`;
  const flat = Object.entries(facts).flatMap<readonly [string, unknown]>(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([key, inner]) => [`${name} ${key}`, inner as unknown] as const)
      : [[name, value]],
  );
  return flat.length === 0 ? [head] : flat.map(([name, value]) => `${head}: ${name} ${JSON.stringify(value)}`);
};

/** Random numbers drawn, by app: how many, and how many of them are different. */
export const draws = (outcome: Outcome): Readonly<Record<string, string>> => {
  const byApp = new Map<string, number[]>();
  for (const { kind, app = '', value = 0 } of outcome.records)
    if (kind === 'draw') byApp.set(app, [...(byApp.get(app) ?? []), value]);
  return Object.fromEntries(
    [...byApp].map(([app, values]) => [app, `${new Set(values).size} of ${values.length} differ`]),
  );
};

/** What concerns one app, by the name of its objects. */
export const ofApp = (observed: Observed, app: string): Readonly<Record<string, readonly string[]>> => ({
  database: observed.database.filter((line) => line.includes(app)),
  ...Object.fromEntries(
    [...observed.records].map(([schema, lines]) => [
      schema,
      lines.filter((line) => line.includes(` in ${app}: `) || line.endsWith(` in ${app}`)),
    ]),
  ),
});

/** What concerns one schema. */
export const ofSchema = (observed: Observed, schema: string): Readonly<Record<string, readonly string[]>> => ({
  database: observed.database.filter((line) => line.includes(` ${schema}.`) || line.endsWith(` ${schema}`)),
  records: observed.records.get(schema) ?? [],
});

/** What migrations printed, sorted: by several workers, the tenants' lines come in any order. */
export const printed = ({ output }: Outcome): readonly string[] =>
  [...output.matchAll(/printed to std\w+ in \w+/g)].map(([line]) => line).toSorted();
