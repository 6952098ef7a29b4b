import { createHash } from 'node:crypto';

import { hasShape, isText } from '../core/shape.ts';
import type { DjangoClient, RequestOptions } from '../django/companion-client.ts';
import type { StateStore } from '../state/state-store.ts';

/**
 * Schemas in which migrations were started and what Django does after the last one (content types, permissions, the project's own
 * handlers of post_migrate) has not ended: that run was killed or failed there. The records of migrations do not show it, and
 * the next run would find nothing to do.
 */
export interface UnfinishedSchemas {
  list(): readonly string[];
  /** Everything in this schema (null: in a database without tenant schemas) was done. */
  end(schema: string | null): void;
  /** The same client; what it migrates is noted before it starts and crossed off once it has ended well. */
  following(client: DjangoClient): DjangoClient;
}

const PREFIX = 'unfinished-schema.';
const isMemory = hasShape({ database: isText, schema: isText });

/** One document a schema: shards that migrate from one checkout side by side would undo each other's changes of a common list. */
const keyOf = (database: string, schema: string): string => `${PREFIX}${hashOf([database, schema])}`;

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** All of them, of whichever database. */
export const readUnfinished = (
  state: Pick<StateStore, 'keys' | 'read'>,
): readonly { readonly database: string; readonly schema: string }[] =>
  state
    .keys(PREFIX)
    .map((key) => state.read(key))
    .filter(isMemory);

export const unfinishedSchemas = (state: StateStore): UnfinishedSchemas => {
  let database = '';
  const begin = (schema: string): void => state.write(keyOf(database, schema), { database, schema });
  const end = (schema: string): void => state.remove(keyOf(database, schema));

  /** `started`: what this request has begun to migrate. */
  const noting = (options: RequestOptions | undefined, started: Set<string>): RequestOptions => ({
    ...options,
    onProgress: (event) => {
      if (event.kind === 'migration-started') {
        const schema = event.schema ?? WHOLE_DATABASE;
        if (!started.has(schema)) begin(schema);
        started.add(schema);
      }
      if (event.kind === 'tenant' && event.outcome !== 'failed') end(event.schema);
      options?.onProgress?.(event);
    },
  });

  return {
    list: () =>
      readUnfinished(state)
        .filter((found) => found.database === database)
        .map(({ schema }) => schema)
        .toSorted(),
    end: (schema) => end(schema ?? WHOLE_DATABASE),
    following: (client) => {
      const { host, port, name } = client.description.database;
      database = hashOf([host, port, name]);
      return {
        ...client,
        run: async (params, options) => {
          const started = new Set<string>();
          const result = await client.run(params, noting(options, started));
          if (result.exitCode === 0) started.forEach(end);
          return result;
        },
        migrateTenants: (params, options) => client.migrateTenants(params, noting(options, new Set())),
        ensureTenant: async (params, options) => {
          const started = new Set<string>();
          const result = await client.ensureTenant(params, noting(options, started));
          started.forEach(end);
          return result;
        },
      };
    },
  };
};

/** In place of a schema, where there are no tenant schemas. */
const WHOLE_DATABASE = '';

/** Whether this schema (null: the database of a project without tenant schemas) is one of them. */
export const isUnfinished = (unfinished: readonly string[], schema: string | null): boolean =>
  unfinished.includes(schema ?? WHOLE_DATABASE);
