import { randomBytes } from 'node:crypto';

import { escapeIdentifier } from 'pg';

import { adminUrl, query } from '../postgres.ts';
import type { DatabaseValues } from './database-text.ts';

export interface NewDatabase {
  readonly values: DatabaseValues;
  /** Also where nobody has created it. */
  drop(): Promise<void>;
}

/** A name on the shared server under which there is no database yet. */
export const newDatabase = (): NewDatabase => {
  const url = new URL(adminUrl());
  const name = `layout_${randomBytes(6).toString('hex')}`;
  url.pathname = `/${name}`;
  const values = {
    name,
    url: url.href,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    host: url.hostname,
    port: url.port,
  };
  return {
    values,
    drop: async () => {
      await query(adminUrl(), `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
    },
  };
};
