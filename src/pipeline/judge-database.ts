import { judgeUrl, judgeValue, type ValueFault } from './judge-value.ts';

/** A variable, or a setting, that does not hold what it should. */
export interface DatabaseFault {
  /** Of the environment; null: no variable is known to be behind the setting. */
  readonly variable: string | null;
  /** What of the settings it would become, e.g. `HOST`; null: it was judged before Django was asked. */
  readonly setting: string | null;
  readonly fault: ValueFault;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Names that projects use (counted in public ones): DB_HOST, POSTGRES_PASSWORD, DATABASE_NAME, PGUSER, SQL_HOST … */
const PREFIX = '(?:\\w*_)?(?:DB|DATABASE|POSTGRES|POSTGRESQL|PG|SQL|RDS)_?';
const KINDS = {
  host: new RegExp(`^${PREFIX}(?:HOST|HOSTNAME|SERVER)$`),
  name: new RegExp(`^${PREFIX}(?:NAME|DB|DATABASE|DB_NAME)$`),
  user: new RegExp(`^${PREFIX}(?:USER|USERNAME)$`),
  password: new RegExp(`^${PREFIX}(?:PASS|PASSWORD|PWD)$`),
} as const;

type Kind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as readonly Kind[];

const kindOf = (name: string): Kind | undefined => KIND_NAMES.find((kind) => KINDS[kind].test(name.toUpperCase()));

/**
 * What can be told before Django starts: the URL's variable, where it is set at all, and the usual variables for a host, a name, a user
 * and a password. An empty one of those may be meant (a socket, no password), so it is left to `judgeSettings`.
 */
export const judgeVariables = (variables: Variables, urlVariable: string): readonly DatabaseFault[] => {
  const url = variables[urlVariable];
  const ofUrl = url === undefined ? null : judgeUrl(url);
  return [
    ...(ofUrl === null ? [] : [{ variable: urlVariable, setting: null, fault: ofUrl }]),
    ...Object.entries(variables).flatMap(([name, value]): readonly DatabaseFault[] => {
      if (name === urlVariable || value === undefined || kindOf(name) === undefined) return [];
      const fault = judgeValue(value);
      return fault === null || fault === 'empty' ? [] : [{ variable: name, setting: null, fault }];
    }),
  ];
};

export interface DatabaseValues {
  readonly host: string;
  readonly name: string | null;
  readonly user: string;
  readonly password: string;
}

/**
 * What Django's settings ended up with. Nothing where something should be is a fault only if a variable that is set, and empty, tells
 * where it should have come from: this is what GitHub makes of a secret that does not exist.
 */
export const judgeSettings = (settings: DatabaseValues, variables: Variables): readonly DatabaseFault[] =>
  KIND_NAMES.flatMap((kind): readonly DatabaseFault[] => {
    const value = settings[kind] ?? '';
    const fault = judgeValue(value);
    if (fault === null) return [];
    const source = Object.entries(variables).find(([name, other]) => kindOf(name) === kind && other === value)?.[0];
    if (fault === 'empty' && source === undefined) return [];
    return [{ variable: source ?? null, setting: kind.toUpperCase(), fault }];
  });
