import { describe, expect, it } from 'vitest';

import { NO_SYSTEM, type LibpqSystem } from '../../../src/postgres/libpq-system.ts';
import type { DatabaseSettings } from '../../../src/django/protocol.ts';
import {
  classifyHost,
  describeTarget,
  isLocalHost,
  parseDatabaseUrl,
  sameTarget,
  secretsOf,
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
    expect(error).toMatchObject({
      code: expect.stringMatching(/^DATABASE_(URL_INVALID|OPTION_UNSUPPORTED)$/) as string,
      exitCode: 2,
    });
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

/** Of the user ann, with these variables and private files. */
const system = (
  env: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
  isPrivate = true,
): LibpqSystem => ({
  ...NO_SYSTEM,
  env,
  directory: '/app/backend',
  home: '/home/ann',
  user: 'ann',
  read: (file) => (files[file] === undefined ? null : { text: files[file], isPrivate }),
});
const silent = settings({ host: '', name: null, user: '', password: '' });

describe('targetFromDjango', () => {
  it('follows libpq where settings are silent', () => {
    const target = targetFromDjango(silent, system({ PGPORT: '6000', PGUSER: 'me' }));
    expect(target).toMatchObject({ host: '', port: 6000, database: 'postgres', user: 'me' });
    const options = { sslmode: 'require' };
    expect(targetFromDjango(settings({ options }), system({ PGHOST: 'other' }))).toMatchObject({
      host: 'db',
      port: 5432,
      tls: { mode: 'require' },
    });
  });

  it('takes OPTIONS as Django does: before NAME, after the other keys', () => {
    const options = { dbname: 'real', host: 'elsewhere', port: '7000', user: 'x', password: 'y' };
    expect(targetFromDjango(settings({ options }))).toMatchObject({
      host: 'db',
      port: 7000,
      database: 'real',
      user: 'u',
      password: 'p',
    });
  });

  it.each([
    ['OPTIONS', settings({ host: 'localhost', options: { hostaddr: '10.1.2.3' } }), system({})],
    ['PGHOSTADDR', settings({ host: 'localhost' }), system({ PGHOSTADDR: '10.1.2.3' })],
    [
      'a service',
      settings({ host: 'localhost' }),
      system({ PGSERVICE: 'main' }, { '/home/ann/.pg_service.conf': '[main]\nhostaddr=10.1.2.3\n' }),
    ],
  ])('leads to the address of hostaddr, whatever HOST says (%s)', (_from, asked, around) => {
    const target = targetFromDjango(asked, around);
    expect(target).toMatchObject({ host: '10.1.2.3', serverName: 'localhost' });
    expect(isLocalHost(target.host)).toBe(false);
  });

  const SERVICES =
    '# ours\n[other]\nhost=wrong\n\n [main]\nhost=prod.example\nport=6000\nhost=second\ndbname=shop\nuser=bob\n[last]\nhost=x\n';
  it.each([
    ['OPTIONS', { options: { service: 'main' } }, {}, '/home/ann/.pg_service.conf'],
    ['PGSERVICE', {}, { PGSERVICE: 'main' }, '/home/ann/.pg_service.conf'],
    ['PGSERVICEFILE', {}, { PGSERVICE: 'main', PGSERVICEFILE: 'pg.conf' }, '/app/backend/pg.conf'],
    ['PGSYSCONFDIR', {}, { PGSERVICE: 'main', PGSYSCONFDIR: '/opt' }, '/opt/pg_service.conf'],
  ])('reads the service of %s', (_from, over, env, file) => {
    expect(
      targetFromDjango({ ...silent, ...over }, system({ PGUSER: 'no', ...env }, { [file]: SERVICES })),
    ).toMatchObject({
      host: 'prod.example',
      port: 6000,
      database: 'shop',
      user: 'bob',
      service: 'main',
    });
    expect(targetFromDjango(settings({ ...over, port: '7000' }), system(env, { [file]: SERVICES }))).toMatchObject({
      host: 'db',
      port: 7000,
      user: 'u',
    });
  });

  it.each([
    [{ options: { service: 'main' } }, {}, /OPTIONS of DATABASES\["default"\] names the libpq service "main"/],
    [{}, { PGSERVICE: 'nobody' }, /PGSERVICE names the libpq service "nobody", which is not defined/],
    [{}, { PGSERVICE: 'ldap' }, /LDAP/],
    [{}, { PGSERVICE: 'nested' }, /cannot be read: its line "service"/],
    [{ host: 'a,b' }, {}, /HOST of DATABASES\["default"\] names several database hosts/],
    [{ port: '5432,5433' }, {}, /PORT of DATABASES\["default"\] names several database ports/],
    [{ options: { hostaddr: '10.0.0.1,10.0.0.2' } }, {}, /OPTIONS .* several database hosts/],
    [{ host: '' }, { PGHOST: 'a,b' }, /PGHOST names several database hosts/],
    [{ port: 'five' }, {}, /PORT .* a port that is not a number/],
    [{ options: { sslmode: 'on' } }, {}, /OPTIONS .* has an unknown sslmode/],
    [{}, { PGSSLMODE: 'on' }, /PGSSLMODE has an unknown sslmode/],
    [{ options: { sslmode: 'require', sslrootcert: 'system' } }, {}, /sslrootcert=system needs verify-full/],
    [{ options: { channel_binding: 'yes' } }, {}, /sets channel_binding to something else than disable/],
    [{ options: { target_session_attrs: 'master' } }, {}, /sets target_session_attrs to something else/],
    [{ options: { conninfo: 'host=prod password=Geheim' } }, {}, /OPTIONS .* sets conninfo/],
    [{}, { PGREQUIREAUTH: 'scram-sha-256' }, /PGREQUIREAUTH sets require_auth/],
    [{ options: { gssencmode: 'require' } }, {}, /gssencmode=require/],
  ])('refuses %j with %j and names the setting', (over, env, message) => {
    const files = { '/home/ann/.pg_service.conf': '[ldap]\nldap://x\n[nested]\nservice=main\n' };
    const act = (): unknown => targetFromDjango(settings(over), system(env, files));
    expect(act).toThrow(message);
    expect(act).not.toThrow(/Geheim/);
  });

  it('has what protects a connection, and what routes it', () => {
    const options = {
      channel_binding: 'require',
      target_session_attrs: 'read-write',
      options: '-c search_path=app,public --role=app endpoint=ep-1 -cwork_mem=1MB',
      sslrootcert: 'certificates/ca.crt',
    };
    expect(targetFromDjango(settings({ options }), system({}))).toMatchObject({
      requiresChannelBinding: true,
      sessionAttributes: 'read-write',
      startOptions: 'endpoint=ep-1',
      tls: { rootCertificate: '/app/backend/certificates/ca.crt' },
    });
  });
});

describe('the password file', () => {
  const PASSWORDS = [
    '# db:5432:app:u:comment',
    'other:*:*:*:wrong',
    'db:5433:app:u:other port',
    'db\\:1:5432:app:u:escaped host',
    'db:*:app:u:pa\\:ss\\\\word:ignored',
    'localhost:*:*:ann:of the socket',
    '::1:5432:app:u:unescaped',
    '*:*:*:*:x',
  ].join('\n');
  const passwordOf = (over: Partial<DatabaseSettings>, env: Readonly<Record<string, string>> = {}): string =>
    targetFromDjango(settings({ password: '', ...over }), system(env, { '/home/ann/.pgpass': PASSWORDS })).password;

  it.each([
    ['wildcards, escapes, and the first line that fits', {}, {}, 'pa:ss\\word'],
    ['another port', { port: '5433' }, {}, 'other port'],
    [
      'localhost for the default socket, and the name of the system’s user',
      { host: '', user: '' },
      {},
      'of the socket',
    ],
    ['localhost for the folder of the socket', { host: '/var/run/postgresql', user: '' }, {}, 'of the socket'],
    ['another folder as it is named', { host: '/srv/sockets', user: '' }, {}, 'x'],
    ['an address with colons, escaped or not', { host: '::1' }, {}, 'unescaped'],
    ['the name of the host where its address is given, too', { options: { hostaddr: '10.0.0.1' } }, {}, 'pa:ss\\word'],
    ['a password that is set', { password: 'set' }, {}, 'set'],
    ['a password in OPTIONS', { options: { password: 'set' } }, {}, 'set'],
    ['PGPASSWORD', {}, { PGPASSWORD: 'of the variable' }, 'of the variable'],
  ])('knows %s', (_what, over, env, expected) => {
    expect(passwordOf(over, env)).toBe(expected);
  });

  it.each([
    ['OPTIONS', { options: { passfile: 'secret/pass' } }, {}],
    ['PGPASSFILE', {}, { PGPASSFILE: '/app/backend/secret/pass' }],
  ])('is the one of %s', (_from, over, env) => {
    const files = { '/app/backend/secret/pass': 'db:5432:app:u:right\r\n', '/home/ann/.pgpass': '*:*:*:*:wrong' };
    const around = system(env, files);
    const asked = settings({ password: '', ...over });
    expect(targetFromDjango(asked, around).password).toBe('right');
    expect(secretsOf(asked, around)).toContain('right');
  });

  it('is one of several places whose secrets are masked', () => {
    const options = { password: 'of OPTIONS', sslpassword: 'of the key' };
    const secrets = secretsOf(settings({ password: 'of the settings', options }), system({ PGPASSWORD: 'unused' }));
    expect(secrets).toEqual(expect.arrayContaining(['of OPTIONS', 'of the key', 'of the settings']));
    expect(secretsOf(settings({ host: 'a,b', password: 'kept' }), system({}))).toEqual(['kept']);
  });

  it('is ignored where others can read it, and the message about a missing password says so', () => {
    const files = { '/home/ann/.pgpass': '*:*:*:*:x' };
    const target = targetFromDjango(settings({ password: '' }), system({}, files, false));
    expect(target.password).toBe('');
    expect(target.passwordFile).toMatch(/\.pgpass is ignored.*0600/);
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
