/** What a variable says about the database. */
export type DatabaseRole = 'url' | 'engine' | 'host' | 'port' | 'name' | 'user' | 'password';

export interface DatabaseVariable {
  readonly name: string;
  readonly role: DatabaseRole;
}

const SUBJECT = /^(?:DB|DATABASE|POSTGRES|POSTGRESQL|PSQL|PG|SQL|RDS)$/;
/** Another database than the one that is set up here. */
const ANOTHER =
  /^(?:TEST|TESTS|TESTING|CI|REDIS|CACHE|MONGO|MONGODB|MYSQL|MARIADB|ORACLE|SQLITE|CELERY|READ|READER|READONLY|REPLICA|REPLICAS|SLAVE|LEGACY|OLD|SOURCE|EXTERNAL|REMOTE|PROD|PRODUCTION|STAGING|ANALYTICS|WAREHOUSE|BACKUP)$/;

const ROLES: Readonly<Record<DatabaseRole, RegExp>> = {
  url: /^(?:URL|URI|DSN)$/,
  engine: /^(?:ENGINE|BACKEND)$/,
  host: /^(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS)$/,
  port: /^PORT$/,
  name: /^(?:NAME|DB|DB_?NAME|DATABASE|DATABASE_NAME)$/,
  user: /^(?:DB_)?(?:USER|USERNAME|LOGIN)$/,
  password: /^(?:DB_)?(?:PASS|PASSWORD|PASSWD|PWD)$/,
};

/** Of the variables the settings read, those that name the development database: `DB_HOST`, `POSTGRES_DB`, `APP_DATABASE_URL`, … */
export const databaseVariables = (names: Iterable<string>): readonly DatabaseVariable[] =>
  [...new Set(names)].flatMap((name) => {
    const role = roleOf(name);
    return role === undefined ? [] : [{ name, role }];
  });

const roleOf = (name: string): DatabaseRole | undefined => {
  const words = name
    .toUpperCase()
    .replace(/^(PG|DB)(HOST|PORT|NAME|USER|DATABASE|PASS|PASSWORD|URL)$/, '$1_$2')
    .split('_');
  const at = words.findIndex((word) => SUBJECT.test(word));
  if (at === -1 || words.slice(0, at).some((word) => ANOTHER.test(word))) return undefined;
  const rest = words.slice(at + 1).join('_');
  return (Object.keys(ROLES) as DatabaseRole[]).find((role) => ROLES[role].test(rest));
};
