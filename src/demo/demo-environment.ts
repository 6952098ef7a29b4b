/** What the sample's settings and its database driver would take from the user's own project, and where devsetup would install. */
const NOT_THE_DEMOS =
  /^(DATABASE_URL|SECRET_KEY|ALLOWED_HOSTS|VIRTUAL_ENV|PYTHONPATH|PYTHONHOME|DB_.*|DJANGO_.*|PG[A-Z]+)$/;

/** The user's environment without what belongs to another project, and with the demo's own variables. */
export const demoEnvironment = (
  env: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !NOT_THE_DEMOS.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...own };
};

export interface DemoServer {
  /** Of any database on the server, with credentials. */
  readonly url: string;
  readonly superuserPassword: string;
}

export const SUPERUSER = 'admin';

/** What the demo's .env says. The database named here does not exist at first: devsetup creates it. */
export const demoVariables = ({ url, superuserPassword }: DemoServer): Readonly<Record<string, string>> => {
  const database = new URL(url);
  database.pathname = '/lending';
  return {
    DATABASE_URL: database.href,
    DJANGO_SUPERUSER_USERNAME: SUPERUSER,
    DJANGO_SUPERUSER_PASSWORD: superuserPassword,
    DJANGO_SUPERUSER_EMAIL: 'admin@example.com',
  };
};
