import { describe, expect, it } from 'vitest';

import type { DatabaseSettings } from '../../../src/django/protocol.ts';
import {
  classifyHost,
  describeTarget,
  isLocalHost,
  parseDatabaseUrl,
  sameTarget,
  targetFromDjango,
  type DatabaseTarget,
} from '../../../src/postgres/target.ts';

const parse = (url: string): DatabaseTarget => {
  const address = parseDatabaseUrl(url);
  if (address.kind !== 'postgresql') throw new Error(address.kind);
  return address.target;
};
const errorOf = (url: string): { code?: string; message: string; hint?: string } => {
  try {
    parseDatabaseUrl(url, 'DB_URL');
  } catch (error) {
    return error as Error;
  }
  throw new Error('was accepted');
};

describe('parseDatabaseUrl', () => {
  it.each([
    ['postgres://u:p@db.example:6000/app', 'db.example', 6000, 'app', 'u', 'p'],
    ['postgresql://u:p@db/app', 'db', 5432, 'app', 'u', 'p'],
    ['postgis://u@db/app', 'db', 5432, 'app', 'u', ''],
    ['pgsql://db/app', 'db', 5432, 'app', '', ''],
    ['psql://db:/app', 'db', 5432, 'app', '', ''],
    ['postgresql+psycopg://u:p@db/app', 'db', 5432, 'app', 'u', 'p'],
    ['POSTGRES://u:p@db/app', 'db', 5432, 'app', 'u', 'p'],
    ['postgres://u%40corp:p%40%3A%2F%25%20x@db/my%20app', 'db', 5432, 'my app', 'u@corp', 'p@:/% x'],
    // What Python's urlsplit forgives is forgiven here, or the two would see different databases.
    ['postgres://u:p@ss:word@db/app', 'db', 5432, 'app', 'u', 'p@ss:word'],
    ['postgres://u:100%@db/app', 'db', 5432, 'app', 'u', '100%'],
    ['postgres://u:p@[::1]:6000/app', '::1', 6000, 'app', 'u', 'p'],
    ['postgres://%2Fvar%2Frun%2Fpostgresql/app', '/var/run/postgresql', 5432, 'app', '', ''],
    ['postgres://u:p@/app?host=/tmp&port=6000', '/tmp', 6000, 'app', 'u', 'p'],
    ['postgres:///app', '', 5432, 'app', '', ''],
    [' postgres://u:p@db/app\n', 'db', 5432, 'app', 'u', 'p'],
  ])('reads %s', (url, host, port, database, user, password) => {
    expect(parse(url)).toMatchObject({ host, port, database, user, password });
  });

  it('reads the TLS parameters', () => {
    expect(parse('postgres://db/app?sslmode=verify-full&sslrootcert=/etc/ca.pem').tls).toMatchObject({
      mode: 'verify-full',
      rootCertificate: '/etc/ca.pem',
    });
    expect(parse('postgres://db/app').tls.mode).toBe('prefer');
  });

  it.each([
    ['sqlite:///db.sqlite3', { kind: 'sqlite', path: 'db.sqlite3' }],
    ['sqlite:////srv/db.sqlite3', { kind: 'sqlite', path: '/srv/db.sqlite3' }],
    ['sqlite://:memory:', { kind: 'sqlite', path: ':memory:' }],
    ['mysql://u:p@db/app', { kind: 'other', engine: 'mysql' }],
  ])('recognises %s as another engine', (url, address) => {
    expect(parseDatabaseUrl(url)).toEqual(address);
  });

  it.each([
    'postgres://user:Geheim/77@db/app',
    'postgres://user:Geheim#77@db/app',
    'postgres://user:77#Geheim@db/app',
    'postgres://user:77/Geheim@db/app',
    'postgres://user:Geheim?77@db/app',
    'postgres://user:Geheim@db:port/app',
    'postgres://user:Geheim@db:99999/app',
    'postgres://user:Geheim@db',
    'postgres://user:Geheim@db/app?sslmode=Geheim',
    'user:Geheim@db/app',
    'Geheim',
  ])('refuses %s without repeating the password', (url) => {
    const error = errorOf(url);
    expect(error).toMatchObject({ code: 'DATABASE_URL_INVALID', exitCode: 2 });
    expect(error.message).toContain('DB_URL');
    expect(`${error.message} ${error.hint}`).not.toContain('Geheim');
  });

  it('says how to encode', () => {
    expect(errorOf('postgres://user:a/b@db/app').hint).toContain('%2F');
  });
});

const settings = (over: Partial<DatabaseSettings>): DatabaseSettings => ({
  engine: 'django.db.backends.postgresql',
  alias: 'default',
  vendor: 'postgresql',
  name: 'app',
  host: 'db',
  port: '',
  user: 'u',
  password: 'p',
  options: {},
  ...over,
});

describe('targetFromDjango', () => {
  it('follows libpq where settings are silent', () => {
    const target = targetFromDjango(settings({ host: '', name: null, user: '', password: '' }), {
      PGPORT: '6000',
      PGUSER: 'me',
    });
    expect(target).toMatchObject({ host: '', port: 6000, database: 'postgres', user: 'me' });
    expect(targetFromDjango(settings({ options: { sslmode: 'require' } }), { PGHOST: 'other' })).toMatchObject({
      host: 'db',
      port: 5432,
      tls: { mode: 'require' },
    });
  });

  it('refuses what it does not read', () => {
    expect(() => targetFromDjango(settings({ options: { service: 'main' } }))).toThrow(/service "main"/);
    expect(() => targetFromDjango(settings({ host: 'a,b' }))).toThrow(/several/);
  });
});

describe('hosts', () => {
  it.each([
    '',
    '/tmp',
    'localhost',
    'LOCALHOST.',
    'db.localhost',
    '127.0.0.1',
    '127.1',
    '::1',
    '[::1]',
    '0:0:0:0:0:0:0:1',
    '0.0.0.0',
  ])('%j is this machine', (host) => expect(isLocalHost(host)).toBe(true));
  it.each([
    'db',
    'localhost.example.com',
    '127.example.com',
    '128.0.0.1',
    '10.0.0.1',
    '2001:db8::1',
    'mylocalhost',
    '1',
  ])('%j is not', (host) => expect(isLocalHost(host)).toBe(false));

  it('tells services of this project and the container host from the rest', () => {
    expect(classifyHost('db', ['db', 'redis'])).toBe('compose');
    expect(classifyHost('db', ['redis'])).toBe('remote');
    expect(classifyHost('localhost', [])).toBe('local');
    expect(classifyHost('host.docker.internal', [])).toBe('docker-host');
  });

  it('describes a target without credentials', () => {
    expect(describeTarget(parse('postgres://u:secret@[::1]:6000/app'))).toBe('[::1]:6000/app');
    expect(describeTarget(parse('postgres:///app'))).toBe('local socket:5432/app');
  });

  it('knows the spellings of one place', () => {
    const at = (host: string): DatabaseTarget => parse(`postgres://u:p@${host}/app`);
    expect(sameTarget(at('localhost'), at('127.0.0.1:5432'))).toBe(true);
    expect(sameTarget(at('DB.example'), at('db.example.'))).toBe(true);
    expect(sameTarget(at('localhost'), at('localhost:6000'))).toBe(false);
    expect(sameTarget(at('db'), parse('postgres://u:other@db/app'))).toBe(false);
  });
});
