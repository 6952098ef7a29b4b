import { randomBytes } from 'node:crypto';

import { onTestFinished } from 'vitest';

import { adminUrl, query } from '../../../support/postgres.ts';
import type { DoctorSite } from '../support/healthy-site.ts';

/**
 * Gives the site's tables to a role of its own that is no superuser and may create tables everywhere and schemas; answers with its
 * name and the environment in which Django is that role.
 */
export const ownedByRole = async (
  site: DoctorSite,
): Promise<{ readonly role: string; readonly env: { readonly DATABASE_URL: string } }> => {
  const role = `r_${randomBytes(6).toString('hex')}`;
  await query(adminUrl(), `CREATE ROLE ${role} LOGIN PASSWORD 'horse'`);
  onTestFinished(async () => {
    await query(adminUrl(), `DROP ROLE ${role}`);
  });
  await site.sql(`ALTER DATABASE ${site.database.name} OWNER TO ${role}`);
  await site.sql(`DO $$
    DECLARE schema text; relation text;
    BEGIN
      FOR schema IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('ALTER SCHEMA %I OWNER TO ${role}', schema);
        FOR relation IN SELECT tablename FROM pg_tables WHERE schemaname = schema LOOP
          EXECUTE format('ALTER TABLE %I.%I OWNER TO ${role}', schema, relation);
        END LOOP;
      END LOOP;
    END $$`);
  const url = new URL(site.database.url);
  url.username = role;
  url.password = 'horse';
  return { role, env: { DATABASE_URL: url.href } };
};
