import { describe, expect, it } from 'vitest';

import { DevsetupError } from '../../../src/core/errors.ts';
import { composeHint } from '../../../src/postgres/compose-hint.ts';
import { connectionProblem, type ConnectionFailure } from '../../../src/postgres/connection-problem.ts';
import { parseDatabaseUrl, type DatabaseTarget } from '../../../src/postgres/target.ts';

const parse = (url: string): DatabaseTarget => {
  const address = parseDatabaseUrl(url);
  if (address.kind !== 'postgresql') throw new Error(address.kind);
  return address.target;
};
const target = parse('postgres://ann:Geheim@db:5432/app');

const withCode = (code: string, message = 'text', more: object = {}): Error =>
  Object.assign(new Error(message), { code, ...more });
const problem = (error: Error, failure: Partial<ConnectionFailure> = {}) =>
  connectionProblem(
    { error, connected: false, firstBytes: null, transport: 'plain', timedOut: false, ...failure },
    target,
  );

describe('connectionProblem', () => {
  it.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ECONNRESET',
    '57P03',
    '57P01',
    '53300',
  ])('%s may heal', (code) => expect(problem(withCode(code)).kind).toBe('wait'));

  it.each([
    ['28P01', 'DATABASE_PASSWORD_REJECTED'],
    ['28000', 'DATABASE_ACCESS_DENIED'],
    ['3D000', 'DATABASE_MISSING'],
    ['42501', 'DATABASE_ACCESS_DENIED'],
    ['XX000', 'DATABASE_CONNECTION_REFUSED'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'DATABASE_CERTIFICATE_REJECTED'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'DATABASE_CERTIFICATE_REJECTED'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'DATABASE_CERTIFICATE_REJECTED'],
  ])('%s stops with %s', (code, expected) => {
    const found = problem(withCode(code));
    expect(found).toMatchObject({ kind: 'stop', code: expected });
    expect(found.hint).not.toBe('');
    expect(JSON.stringify(found)).not.toContain('Geheim');
  });

  it('knows a missing role in every language of the server', () => {
    const found = problem(withCode('28000', 'Rolle »ann« existiert nicht', { routine: 'InitializeSessionUserId' }));
    expect(found.code).toBe('DATABASE_ROLE_MISSING');
    expect(found.hint).toContain('CREATE ROLE "ann"');
  });

  it('looks into the joined error of several addresses', () => {
    const joined = new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')], '');
    expect(problem(joined)).toMatchObject({ kind: 'wait', message: expect.stringContaining('nothing listens') });
  });

  it.each([
    ['HTTP/1.1 400 Bad Request\r\n', 'HTTP'],
    ['SSH-2.0-OpenSSH_9.2\r\n', 'SSH'],
    ['-ERR unknown command\r\n', 'Redis'],
    ['J\0\0\0\n8.0.36\0', 'MySQL'],
    ['SOMETHING', 'something else'],
  ])('names who answers %j', (bytes, name) => {
    const found = problem(new Error('x'), { connected: true, firstBytes: Buffer.from(bytes), transport: 'tls' });
    expect(found).toMatchObject({
      kind: 'stop',
      code: 'DATABASE_NOT_POSTGRES',
      message: expect.stringContaining(name),
    });
  });

  it('takes silence for something else, and a closed connection for a forwarded port', () => {
    const silent = problem(new Error('timeout expired'), { connected: true, timedOut: true });
    expect(silent).toMatchObject({ kind: 'stop', code: 'DATABASE_NOT_POSTGRES' });
    const closed = problem(new Error('Connection terminated unexpectedly'), { connected: true });
    expect(closed).toMatchObject({ kind: 'wait', message: expect.stringContaining('closes them at once') });
    const slow = problem(new Error('timeout expired'), {
      connected: true,
      timedOut: true,
      firstBytes: Buffer.from('S'),
      transport: 'tls',
    });
    expect(slow.kind).toBe('wait');
  });

  it('understands poolers, that have one code for everything', () => {
    expect(problem(withCode('08P01', 'no such database: app')).code).toBe('DATABASE_MISSING');
    expect(problem(withCode('08P01', 'password authentication failed')).code).toBe('DATABASE_PASSWORD_REJECTED');
    expect(problem(withCode('08P01', 'server login has been failing, try again later')).kind).toBe('wait');
  });
});

describe('TLS that is demanded', () => {
  const at = (url: string, error: Error, advice = {}) => {
    const failure = {
      error,
      connected: true,
      firstBytes: Buffer.from('N'),
      transport: 'tls',
      timedOut: false,
    } as const;
    return connectionProblem(failure, parse(url), advice);
  };
  const noTls = new Error('The server does not support SSL connections');
  const selfSigned = withCode('DEPTH_ZERO_SELF_SIGNED_CERT');
  const ownCertificate = '/state/my data/server.crt';

  it('names what demands it: the variable of the URL, or the line of the settings', () => {
    const found = at('postgres://db/app?sslmode=require', noTls);
    expect(found.message).toContain('sslmode=require (DATABASE_URL) demands it');
    expect(found.hint).toContain('sslmode=prefer (or disable) for this server in DATABASE_URL, or turn TLS on there');
    expect(at('postgres://db/app?sslmode=require', noTls, { place: 'conf/dev.py:94' }).hint).toContain(
      'in conf/dev.py:94',
    );
    expect(at('postgres://db/app?sslmode=verify-ca', selfSigned, { place: 'conf/dev.py:94' }).hint).toContain(
      'sslmode=require in conf/dev.py:94',
    );
  });

  it("says of devsetup's own server how it gets TLS, and how its certificate is trusted", () => {
    const old = at('postgres://localhost/app?sslmode=require', noTls, { ownCertificate });
    expect(old).toMatchObject({
      code: 'DATABASE_TLS_REFUSED',
      hint: expect.stringMatching(/npx devsetup db stop && npx devsetup db start$/),
    });
    const unreadable = new DevsetupError({ code: 'DATABASE_CERTIFICATE_UNREADABLE', message: 'x' });
    for (const error of [selfSigned, unreadable]) {
      const found = at('postgres://localhost/app?sslmode=verify-full', error, { ownCertificate });
      expect(found.message).toContain('(sslmode=verify-full, DATABASE_URL)');
      expect(found.hint).toContain("export PGSSLROOTCERT='/state/my data/server.crt'");
    }
    const other = at('postgres://localhost/app?sslmode=verify-full&sslrootcert=ca.pem', selfSigned, { ownCertificate });
    expect(other.hint).toMatch(/let sslrootcert name .*\/state\/my data\/server\.crt/);
  });
});

describe('composeHint', () => {
  const services = [
    {
      name: 'db',
      isPostgres: true,
      publishedPorts: [{ host: 5433, container: 5432 }],
      up: 'docker compose -f local.yml up -d db',
    },
    { name: 'hidden', isPostgres: false, publishedPorts: [], up: 'docker compose up -d hidden' },
  ];
  it('gives the published port, or says that there is none', () => {
    expect(composeHint(target, services)).toMatch(/`docker compose -f local\.yml up -d db`.* 127\.0\.0\.1:5433/);
    expect(composeHint(parse('postgres://u@hidden/app'), services)).toContain('publishes no port');
    expect(composeHint(parse('postgres://u@elsewhere/app'), services)).toBeNull();
    expect(composeHint(parse('postgres://u@localhost/app'), services)).toBeNull();
  });
});
