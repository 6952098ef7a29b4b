import {
  hasShape,
  isExactly,
  isListOf,
  isOptional,
  isOrNull,
  isPort,
  isRecord,
  isText,
  isTexts,
  type Guard,
} from '../core/shape.ts';
import type { State } from '../core/step.ts';
import type { Inputs, WatchedTable } from '../django/protocol.ts';
import type { DatabaseTarget } from '../postgres/target.ts';
import type { StateStore } from '../state/state-store.ts';
import type { PasswordSource } from './find-password.ts';

/** Of this format: another devsetup's is not read. */
const VERSION = 1;
const STORE_KEY = 'cache';

/** What Django found in the last good run, and the fingerprint of everything that depended on. */
export interface CachedRun {
  /** Of devsetup, the configuration, the machine: see `CacheOptions.key`. */
  readonly key: string;
  /** What is compared outside of the checkout. */
  readonly observed: Observed;
  readonly observedDigest: string;
  readonly checkoutDigest: string;
  readonly variables: readonly string[] | null;
  readonly salt: string;
  readonly environmentDigest: string;
  /** Without its password. */
  readonly target: Omit<DatabaseTarget, 'password'>;
  readonly password: PasswordSource;
  readonly tables: readonly WatchedTable[];
  readonly databaseDigest: string;
  readonly states: Readonly<Record<string, State>>;
}

export type Observed = Pick<Inputs, 'files' | 'written' | 'listed' | 'scanned' | 'trees'>;

/** undefined: there is none, or not one of this format. Never throws. */
export const readCachedRun = (store: StateStore): CachedRun | undefined => {
  const found = store.read(STORE_KEY);
  return isCachedRun(found) ? found : undefined;
};

export const writeCachedRun = (store: StateStore, run: CachedRun): void =>
  store.write(STORE_KEY, { version: VERSION, ...run });

export const removeCachedRun = (store: StateStore): void => store.remove(STORE_KEY);

const isTable: Guard<WatchedTable> = hasShape({
  schema: isOrNull(isText),
  table: isText,
  columns: isTexts,
  where: isOrNull(hasShape({ column: isText, value: isText })),
});

const isSource: Guard<PasswordSource> = (value): value is PasswordSource =>
  hasShape({ kind: isExactly('none') })(value) || hasShape({ kind: isExactly('variable', 'url'), name: isText })(value);

const isTls = hasShape({
  mode: isExactly('disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'),
  source: isOptional(isText),
  rootCertificate: isText,
  certificate: isText,
  key: isText,
  keyPassword: isOptional(isText),
  minimumVersion: isOptional(isText),
});

const isExtra = {
  serverName: isOptional(isText),
  startOptions: isOptional(isText),
  requiresChannelBinding: isOptional((value): value is boolean => typeof value === 'boolean'),
  sessionAttributes: isOptional(isText),
  service: isOptional(isText),
  passwordFile: isOptional(isText),
};

const isState: Guard<State> = (value): value is State =>
  hasShape({
    kind: isExactly('satisfied'),
    evidence: isText,
    details: isOptional(isTexts),
    warnings: isOptional(isTexts),
    data: isOptional(isRecord),
  })(value) || hasShape({ kind: isExactly('not-applicable', 'skipped'), reason: isText })(value);

const isStates = (value: unknown): value is CachedRun['states'] =>
  isRecord(value) && Object.values(value).every(isState);

const isCachedRun = hasShape({
  version: isExactly(VERSION),
  key: isText,
  observed: hasShape({ files: isTexts, written: isTexts, listed: isTexts, scanned: isTexts, trees: isTexts }),
  observedDigest: isText,
  checkoutDigest: isText,
  variables: isOrNull(isTexts),
  salt: isText,
  environmentDigest: isText,
  target: hasShape({ host: isText, port: isPort, database: isText, user: isText, tls: isTls, ...isExtra }),
  password: isSource,
  tables: isListOf(isTable),
  databaseDigest: isText,
  states: isStates,
}) satisfies Guard<CachedRun>;
