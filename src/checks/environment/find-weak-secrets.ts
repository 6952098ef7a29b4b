import { isCommonWord } from '../../core/secret-forms.ts';
import { classifyHost } from '../../postgres/target.ts';

export interface SecretFacts {
  /** What configuration says of this set-up. */
  readonly configured: boolean | 'auto';
  /** What devsetup makes of it. */
  readonly isDevelopment: boolean;
  readonly debug: boolean;
  readonly secretKey: string;
  /** null: the database is a file, or needs none. */
  readonly database: {
    readonly host: string;
    readonly user: string;
    readonly name: string;
    readonly password: string;
  } | null;
  /** Services of this project's compose files. */
  readonly services: readonly string[];
  /** A pipeline: everything it holds is thrown away. */
  readonly isPipeline: boolean;
}

export interface WeakSecret {
  readonly code: 'secret-key-weak' | 'database-password-weak';
  /** `known`: everybody knows it · `short`: Django's security.W009. */
  readonly kind: 'known' | 'short';
  readonly severity: 'error' | 'warning';
}

/** Django's own limits. */
const SHORTEST_KEY = 50;
const FEWEST_CHARACTERS = 5;

const KNOWN_KEY =
  /django-insecure|change[-_ ]?(?:me|this|it)|insecure|not[-_ ]?(?:a[-_ ]?|so[-_ ]?)?secret|(?:your|my|super|top)[-_ ]?(?:\w+[-_ ])?secret|placeholder|(?:^|[^a-z0-9])(?:dev|development|test|testing|dummy|example|local|fake)(?:$|[^a-z0-9])/i;

/** A password that a list of the first hundred to try would hold. */
const isKnownPassword = (password: string, user: string, name: string): boolean =>
  isCommonWord(password) ||
  password === user ||
  password === name ||
  /^(?:change[-_]?(?:me|this|it)|(?:my)?secret(?:password)?|passw(?:or)?d\d{0,4}|postgres\d{0,4}|pass\d{0,4}|qwerty\d*|letmein|welcome\d*)$/i.test(
    password,
  );

/** Without a word about it being a server, a set-up with DEBUG off may still be somebody's own machine: then it only warns. */
export const findWeakSecrets = (facts: SecretFacts): readonly WeakSecret[] => {
  const { configured, isDevelopment, debug, isPipeline } = facts;
  const isServer = configured === false;
  // DEBUG with a remote database is a finding of its own; what else is weak there is that machine's business.
  if (isDevelopment || (!isServer && (debug || isPipeline))) return [];
  const key = weakKey(facts.secretKey);
  const host = facts.database === null ? null : classifyHost(facts.database.host, facts.services);
  const isRemote = host === 'remote';
  const severity = isServer || isRemote ? 'error' : 'warning';
  const keys: readonly WeakSecret[] =
    key === null || (key === 'short' && severity === 'warning')
      ? []
      : [{ code: 'secret-key-weak', kind: key, severity: key === 'short' ? 'warning' : severity }];
  const { database } = facts;
  if (database === null || database.password === '') return keys;
  if (!isKnownPassword(database.password, database.user, database.name)) return keys;
  // A server on the same machine that nobody else reaches is no danger by its password alone.
  if (host !== 'remote' && host !== 'compose' && !isServer) return keys;
  return [...keys, { code: 'database-password-weak', kind: 'known', severity }];
};

const weakKey = (key: string): WeakSecret['kind'] | null => {
  if (isCommonWord(key) || KNOWN_KEY.test(key)) return 'known';
  return key.length < SHORTEST_KEY || new Set(key).size < FEWEST_CHARACTERS ? 'short' : null;
};
