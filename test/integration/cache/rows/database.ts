import { row, type Row } from '../support/row.ts';

const sql = (what: string, make: string, back: string): Row =>
  row(what, ({ change, site }) =>
    change.call(
      () => site.sql(make),
      () => site.sql(back),
    ),
  );

/** Changes in the database. */
export const IN_THE_DATABASE: readonly Row[] = [
  sql('a schema that is gone', 'ALTER SCHEMA guest RENAME TO gone', 'ALTER SCHEMA gone RENAME TO guest'),
  sql('a new schema', 'CREATE SCHEMA stray', 'DROP SCHEMA stray'),
  sql(
    'a table that a tenant lost',
    'ALTER TABLE guest.fees_fee RENAME TO gone',
    'ALTER TABLE guest.gone RENAME TO fees_fee',
  ),
  sql('a table that public lost', 'ALTER TABLE auth_group RENAME TO gone', 'ALTER TABLE gone RENAME TO auth_group'),
  sql(
    'a table moved to another schema',
    'ALTER TABLE guest.fees_fee SET SCHEMA public',
    'ALTER TABLE public.fees_fee SET SCHEMA guest',
  ),
  sql('a table that appears', 'CREATE TABLE guest.extra (id int)', 'DROP TABLE guest.extra'),
  sql(
    'a table that became a view',
    'ALTER TABLE auth_group RENAME TO gone; CREATE VIEW auth_group AS SELECT * FROM gone',
    'DROP VIEW auth_group; ALTER TABLE gone RENAME TO auth_group',
  ),
  sql(
    'a migration that a tenant lost',
    "UPDATE guest.django_migrations SET name = 'gone' WHERE app = 'fees' AND name LIKE '0005%'",
    "UPDATE guest.django_migrations SET name = '0005_fee_paid_on' WHERE app = 'fees' AND name = 'gone'",
  ),
  sql(
    'a migration that public lost',
    "UPDATE django_migrations SET app = 'gone' WHERE app = 'plans'",
    "UPDATE django_migrations SET app = 'plans' WHERE app = 'gone'",
  ),
  sql(
    'a migration recorded a second time',
    "INSERT INTO guest.django_migrations (app, name, applied) VALUES ('x', 'y', now())",
    "DELETE FROM guest.django_migrations WHERE app = 'x'",
  ),
  sql(
    'migrations recorded at another time',
    "UPDATE django_migrations SET applied = applied + interval '1 day'",
    "UPDATE django_migrations SET applied = applied - interval '1 day'",
  ),
  sql(
    'a table of migrations that is gone',
    'ALTER TABLE guest.django_migrations RENAME TO hidden',
    'ALTER TABLE guest.hidden RENAME TO django_migrations',
  ),
  sql(
    'a tenant that was added',
    "INSERT INTO customers_library (schema_name, name, contact_email, created_on) VALUES ('late', 'Late', '', now())",
    "DELETE FROM customers_library WHERE schema_name = 'late'",
  ),
  sql(
    'a tenant under another name',
    "UPDATE customers_library SET schema_name = 'other' WHERE schema_name = 'guest'",
    "UPDATE customers_library SET schema_name = 'guest' WHERE schema_name = 'other'",
  ),
  sql(
    'a column by which a manager may hide a tenant',
    "UPDATE customers_library SET name = 'Hidden' WHERE schema_name = 'guest'",
    "UPDATE customers_library SET name = 'Guest' WHERE schema_name = 'guest'",
  ),
  sql(
    'a domain under another name',
    "UPDATE customers_domain SET domain = 'elsewhere' WHERE domain = 'localhost'",
    "UPDATE customers_domain SET domain = 'localhost' WHERE domain = 'elsewhere'",
  ),
  sql(
    'a domain that is no longer the primary one',
    'UPDATE customers_domain SET is_primary = false',
    'UPDATE customers_domain SET is_primary = true',
  ),
  sql(
    'a superuser that is gone',
    "UPDATE accounts_user SET username = 'gone' WHERE username = 'admin'",
    "UPDATE accounts_user SET username = 'admin' WHERE username = 'gone'",
  ),
  sql(
    'a superuser that is none any more',
    'UPDATE accounts_user SET is_superuser = false',
    'UPDATE accounts_user SET is_superuser = true',
  ),
  sql(
    'a superuser that may not log in',
    'UPDATE accounts_user SET is_active = false',
    'UPDATE accounts_user SET is_active = true',
  ),
  sql(
    'a superuser that may not enter the admin',
    'UPDATE accounts_user SET is_staff = false',
    'UPDATE accounts_user SET is_staff = true',
  ),
  sql(
    'a superuser without a usable password',
    "UPDATE accounts_user SET password = '!' || password",
    'UPDATE accounts_user SET password = substr(password, 2)',
  ),
  sql('an extension', 'CREATE EXTENSION pg_trgm', 'DROP EXTENSION pg_trgm'),
  sql(
    'a role that the login was given',
    `CREATE ROLE cached_${process.pid}; GRANT cached_${process.pid} TO CURRENT_USER`,
    `DROP ROLE cached_${process.pid}`,
  ),
  sql(
    'a table under another owner',
    `CREATE ROLE owner_${process.pid}; ALTER TABLE guest.fees_fee OWNER TO owner_${process.pid}`,
    `ALTER TABLE guest.fees_fee OWNER TO CURRENT_USER; DROP ROLE owner_${process.pid}`,
  ),
];

/** After which the database cannot even be compared. */
export const NOT_COMPARABLE: readonly Row[] = [
  sql(
    'a table of tenants that is gone',
    'ALTER TABLE customers_domain RENAME TO gone',
    'ALTER TABLE gone RENAME TO customers_domain',
  ),
  sql(
    'a table of users that is gone',
    'ALTER TABLE accounts_user RENAME TO gone',
    'ALTER TABLE gone RENAME TO accounts_user',
  ),
];
