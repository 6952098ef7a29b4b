import { describe, expect, it } from 'vitest';

import { judgeExtensions } from '../../../../src/checks/database/judge-extensions.ts';
import { judgePrivileges } from '../../../../src/checks/database/judge-privileges.ts';

describe('judgePrivileges', () => {
  const schema = (name: string, over = {}) => ({ name, canCreate: true, foreignOwner: null, ...over });
  const facts = {
    role: 'app',
    database: 'app_db',
    canCreateSchema: true,
    schemas: [schema('public'), schema('t1'), schema('t2')],
    needsSchemas: true,
    homeSchema: 'public',
    tenants: ['t1', 't2', 'gone'],
  };

  it('has nothing against a role that may', () => expect(judgePrivileges(facts)).toEqual([]));

  it('says what to grant for schemas', () => {
    expect(judgePrivileges({ ...facts, canCreateSchema: false })).toMatchObject([
      {
        code: 'create-schema-denied',
        remedy: { text: 'As the owner of the database: GRANT CREATE ON DATABASE "app_db" TO "app";' },
      },
    ]);
  });

  it('does not ask for schemas where there are no tenants', () =>
    expect(judgePrivileges({ ...facts, canCreateSchema: false, needsSchemas: false, tenants: [] })).toEqual([]));

  it('says what to grant for tables', () => {
    const schemas = [schema('public', { canCreate: false }), schema('t1')];
    expect(judgePrivileges({ ...facts, schemas })).toMatchObject([
      {
        code: 'create-table-denied',
        message: expect.stringContaining('"public"'),
        remedy: { text: expect.stringContaining('GRANT CREATE ON SCHEMA "public" TO "app";') },
      },
    ]);
  });

  it('puts tenants together', () => {
    const schemas = [schema('public'), schema('t1', { canCreate: false }), schema('t2', { canCreate: false })];
    expect(judgePrivileges({ ...facts, schemas })).toMatchObject([
      { message: expect.stringContaining('2 schemas'), evidence: ['t1, t2'] },
    ]);
  });

  it('does not care for schemas that are no concern of Django', () =>
    expect(
      judgePrivileges({ ...facts, schemas: [...facts.schemas, schema('analytics', { canCreate: false })] }),
    ).toEqual([]));

  it('knows nothing where Django has a search path of its own', () =>
    expect(
      judgePrivileges({ ...facts, homeSchema: null, tenants: [], schemas: [schema('public', { canCreate: false })] }),
    ).toEqual([]));

  it('names who owns the tables', () => {
    const schemas = [schema('public', { foreignOwner: 'postgres' }), schema('t1', { foreignOwner: 'postgres' })];
    expect(judgePrivileges({ ...facts, schemas })).toMatchObject([
      {
        code: 'tables-not-owned',
        message: expect.stringContaining('2 schemas belong to "postgres"'),
        evidence: ['public, t1'],
      },
    ]);
  });
});

describe('judgeExtensions', () => {
  const facts = {
    wanted: [
      { name: 'postgis', migration: 'places.0001_initial' },
      { name: 'hstore', migration: 'tags.0002_hstore' },
    ],
    extensions: { installed: ['plpgsql'], available: ['plpgsql', 'hstore', 'postgis'], trusted: ['hstore'] },
    role: 'app',
    mayCreateAll: false,
    mayCreateTrusted: true,
    major: 16,
    service: null,
  };

  it('asks a superuser for what is not trusted', () => {
    expect(judgeExtensions(facts)).toMatchObject([
      {
        code: 'extension-denied',
        message: expect.stringContaining('places.0001_initial creates the extension "postgis"'),
      },
    ]);
  });

  it('names an image that holds what the server does not have', () => {
    const extensions = { ...facts.extensions, available: ['plpgsql', 'hstore'] };
    const advice = (service: string | null): string | undefined =>
      judgeExtensions({ ...facts, extensions, service })[0]?.remedy.text;
    expect(advice(null)).toMatch(/^Install it where the server runs \(an image that has it: postgis\/postgis:16-/);
    expect(advice('db')).toContain('in the compose service db');
  });

  it('has nothing against what is installed, or a role that may create anything', () => {
    expect(judgeExtensions({ ...facts, mayCreateAll: true })).toEqual([]);
    const extensions = { ...facts.extensions, installed: ['postgis', 'hstore'] };
    expect(judgeExtensions({ ...facts, extensions, mayCreateTrusted: false })).toEqual([]);
  });

  it('needs CREATE on the database for trusted ones, too', () =>
    expect(judgeExtensions({ ...facts, mayCreateTrusted: false }).map(({ code }) => code)).toEqual([
      'extension-denied',
      'extension-denied',
    ]));
});
