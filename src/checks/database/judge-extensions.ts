import type { Problem } from '../../core/check.ts';
import type { ServerExtensions } from '../../postgres/server-extensions.ts';

export const EXTENSION_FINDINGS = { 'extension-unavailable': 'error', 'extension-denied': 'error' } as const;

export type ExtensionCode = keyof typeof EXTENSION_FINDINGS;

export interface ExtensionFacts {
  /** By migrations that are still to be applied. */
  readonly wanted: readonly { readonly name: string; readonly migration: string }[];
  readonly extensions: Pick<ServerExtensions, 'installed' | 'available' | 'trusted'>;
  readonly role: string;
  readonly mayCreateAll: boolean;
  /** CREATE on the database. */
  readonly mayCreateTrusted: boolean;
  /** Of the server. */
  readonly major: number;
  /** The compose service that the server is; null: it is none. */
  readonly service: string | null;
}

export const judgeExtensions = (facts: ExtensionFacts): readonly Problem<ExtensionCode>[] =>
  facts.wanted
    .filter(({ name }) => !facts.extensions.installed.includes(name))
    .flatMap(({ name, migration }) => {
      if (!facts.extensions.available.includes(name)) return [unavailable(name, migration, facts)];
      const mayCreate = facts.mayCreateAll || (facts.mayCreateTrusted && facts.extensions.trusted.includes(name));
      return mayCreate ? [] : [denied(name, migration, facts.role)];
    });

const unavailable = (
  name: string,
  migration: string,
  { major, service }: Pick<ExtensionFacts, 'major' | 'service'>,
): Problem<ExtensionCode> => {
  const where = service === null ? 'where the server runs' : `in the compose service ${service}`;
  const image = IMAGES[name]?.(major);
  return {
    code: 'extension-unavailable',
    message: `Migration ${migration} creates the extension "${name}", and the server does not have it.`,
    evidence: ['it is not in pg_available_extensions'],
    remedy: {
      text: `Install it ${where}${image === undefined ? '' : ` (an image that has it: ${image})`}, and run devsetup again.`,
      command: null,
    },
  };
};

const denied = (name: string, migration: string, role: string): Problem<ExtensionCode> => ({
  code: 'extension-denied',
  message: `Migration ${migration} creates the extension "${name}", and role "${role}" may not.`,
  evidence: ['it is on the server and not installed in this database'],
  remedy: {
    text: `As a superuser, in this database: CREATE EXTENSION IF NOT EXISTS "${name}"; the migration then finds it there.`,
    command: null,
  },
});

/** Public images that hold it. */
const IMAGES: Readonly<Record<string, (major: number) => string>> = {
  postgis: (major) => `postgis/postgis:${major}-3.5`,
  vector: (major) => `pgvector/pgvector:pg${major}`,
  timescaledb: (major) => `timescale/timescaledb:latest-pg${major}`,
};
