/** A migration as a row states it; what is left out is what makemigrations would write. */
export interface Migration {
  readonly name: string;
  /** Python: operations, separated by commas. */
  readonly operations?: string;
  /** Python: the body of a RunPython that runs after the operations, with `apps`, `schema_editor` and `connection`. */
  readonly code?: string;
  /** Default: the migration before it in the row. */
  readonly dependencies?: readonly (readonly [app: string, name: string])[];
  readonly also?: readonly (readonly [app: string, name: string])[];
  /** Python: module level. */
  readonly head?: string;
  /** Python: in the class, `atomic = False` for example. */
  readonly attributes?: string;
}

/** One kind of migration history: an app whose first migrations are applied everywhere and whose later ones are new. */
export interface History {
  /** The title of its tests. */
  readonly kind: string;
  readonly app: string;
  readonly before: readonly Migration[];
  readonly after: readonly Migration[];
  readonly isShared?: boolean;
  /** More files of the app. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The first migration of an app in most rows: one table with two rows. */
export const item = (app: string): Migration => ({
  name: '0001_initial',
  attributes: 'initial = True',
  operations: `migrations.CreateModel("Item", [
    ("id", models.BigAutoField(primary_key=True)),
    ("name", models.CharField(max_length=50)),
    ("size", models.IntegerField(null=True)),
  ])`,
  code: `apps.get_model("${app}", "Item").objects.bulk_create([apps.get_model("${app}", "Item")(name=name) for name in ("first", "second")])`,
});

const slug = (kind: string): string =>
  kind
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .slice(0, 34)
    .replace(/_$/, '');

type Step = Omit<Migration, 'name'> & { readonly name?: string };

interface More {
  readonly before?: (app: string) => readonly Migration[];
  readonly isShared?: boolean;
  readonly files?: (app: string) => Readonly<Record<string, string>>;
}

/** A row: a kind, and the migrations that are new. */
export const history = (kind: string, after: (app: string) => readonly Step[], more: More = {}): History => {
  const app = slug(kind);
  return {
    kind,
    app,
    before: (more.before ?? ((own) => [item(own)]))(app),
    after: after(app).map((step, index) => ({ name: `${String(index + 2).padStart(4, '0')}_step`, ...step })),
    ...(more.isShared === undefined ? {} : { isShared: more.isShared }),
    ...(more.files === undefined ? {} : { files: more.files(app) }),
  };
};

/** A RunSQL operation for one text of SQL. */
export const sql = (text: string): string => `migrations.RunSQL(${JSON.stringify(text)})`;
