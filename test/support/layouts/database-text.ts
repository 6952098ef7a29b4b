import type { Layout } from './layout.ts';

/** What the settings must be told. */
export interface DatabaseValues {
  readonly name: string;
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: string;
  readonly url: string;
}

const parts = (name: string, user: string, password: string, host: string, port: string) => ({
  name,
  user,
  password,
  host,
  port,
});

const DISCRETE = parts('DB_NAME', 'DB_USER', 'DB_PASSWORD', 'DB_HOST', 'DB_PORT');

const VARIABLES: Readonly<Partial<Record<Layout['names'], typeof DISCRETE>>> = {
  DB: DISCRETE,
  both: DISCRETE,
  compose: DISCRETE,
  sqlite: DISCRETE,
  silent: DISCRETE,
  POSTGRES: parts('POSTGRES_DB', 'POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_HOST', 'POSTGRES_PORT'),
  DATABASE: parts('DATABASE_NAME', 'DATABASE_USER', 'DATABASE_PASSWORD', 'DATABASE_HOST', 'DATABASE_PORT'),
  mixture: parts('POSTGRES_DB_NAME', 'DB_USERNAME', 'DB_PASS', 'DATABASE_HOST', 'POSTGRES_PORT'),
};

/** The variables of the database with their values; none where the settings ask for none. */
export const databaseVariables = (layout: Layout, values: DatabaseValues): Readonly<Record<string, string>> => {
  if (layout.names === 'hard-coded' || layout.names === 'sqlite') return {};
  if (layout.names === 'url' || layout.names === 'both') return { DATABASE_URL: values.url };
  const names = VARIABLES[layout.names] ?? DISCRETE;
  return {
    [names.name]: values.name,
    [names.user]: values.user,
    [names.password]: values.password,
    [names.port]: values.port,
    ...(layout.names === 'compose' ? {} : { [names.host]: values.host }),
  };
};

/** A Python expression that reads a variable in the way of the layout's library. */
export const readVariable = (layout: Pick<Layout, 'reader'>, name: string, fallback?: string): string => {
  const quoted = JSON.stringify(name);
  const call = { environ: 'env', decouple: 'config' } as const;
  if (layout.reader === 'environ' || layout.reader === 'decouple')
    return `${call[layout.reader]}(${quoted}${fallback === undefined ? '' : `, default=${fallback}`})`;
  return fallback === undefined ? `os.environ[${quoted}]` : `os.environ.get(${quoted}, ${fallback})`;
};

/** `DATABASES = …` */
export const databaseText = (layout: Layout, values: DatabaseValues): string => {
  const engine = JSON.stringify(
    layout.tenants === 'none' ? 'django.db.backends.postgresql' : 'django_tenants.postgresql_backend',
  );
  const names = VARIABLES[layout.names] ?? DISCRETE;
  const read = (name: string): string => readVariable(layout, name, layout.names === 'silent' ? 'None' : undefined);
  const host = layout.names === 'compose' ? readVariable(layout, names.host, '"db"') : read(names.host);
  const discrete = `{"default": {"ENGINE": ${engine}, "NAME": ${read(names.name)}, "USER": ${read(names.user)}, "PASSWORD": ${read(names.password)}, "HOST": ${host}, "PORT": ${read(names.port)}}}`;
  switch (layout.names) {
    case 'hard-coded':
      return `DATABASES = ${JSON.stringify({ default: { ENGINE: JSON.parse(engine) as string, NAME: values.name, USER: values.user, PASSWORD: values.password, HOST: values.host, PORT: values.port } })}`;
    case 'url':
      return `DATABASES = {"default": ${urlText(layout, engine)}}`;
    case 'both':
      // By the reader: what decouple reads from an env file is not in the environment.
      return `URL = ${layout.reader === 'decouple' ? 'config("DATABASE_URL", default=None)' : 'os.environ.get("DATABASE_URL")'}\nif URL:\n    DATABASES = {"default": dj_database_url.parse(URL, engine=${engine})}\nelse:\n    DATABASES = ${discrete}`;
    case 'sqlite':
      return `DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}\nif "DB_HOST" in os.environ:\n    DATABASES = ${discrete}`;
    default:
      return `DATABASES = ${discrete}`;
  }
};

const urlText = (layout: Layout, engine: string): string => {
  if (layout.reader === 'environ') return `{**env.db("DATABASE_URL"), "ENGINE": ${engine}}`;
  if (layout.reader === 'decouple') return `dj_database_url.parse(config("DATABASE_URL"), engine=${engine})`;
  // Without the variable: {}, and no error.
  return `dj_database_url.config(engine=${engine})`;
};
