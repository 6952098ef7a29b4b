import { describe, expect, test } from 'vitest';

import { findCommittedSecrets } from '../../../../src/checks/environment/find-committed-secrets.ts';
import {
  findEmptyVariables,
  findPassedVariables,
  type EmptyFacts,
} from '../../../../src/checks/environment/find-empty-local-env.ts';
import {
  findInterpolated,
  findLackingVariables,
  type LackingFacts,
} from '../../../../src/checks/environment/find-lacking-variables.ts';
import { findMissingVariables } from '../../../../src/checks/environment/find-missing-variables.ts';
import { findUnusable } from '../../../../src/checks/environment/find-unusable-value.ts';
import { findWeakSecrets, type SecretFacts } from '../../../../src/checks/environment/find-weak-secrets.ts';
import { readEnvVariables } from '../../../../src/config/read-env-lines.ts';
import type { SettingsLookup } from '../../../../src/checks/environment/settings/scan-settings.ts';

const lookup = (name: string, otherwise: SettingsLookup['otherwise'], always = true): SettingsLookup => ({
  name,
  otherwise,
  always,
  line: 7,
  file: '/p/settings.py',
});

describe('missing variables', () => {
  const missing = (lookups: readonly SettingsLookup[], set: readonly string[] = [], handled: readonly string[] = []) =>
    findMissingVariables({ lookups, handled: new Set(handled) }, (name) => set.includes(name)).map(({ name }) => name);

  test('only what is needed in any case', () => {
    expect(missing([lookup('A', 'raises'), lookup('A', 'raises'), lookup('B', 'raises')])).toEqual(['A', 'B']);
    expect(missing([lookup('A', 'raises', false), lookup('B', 'nothing'), lookup('C', 'default')])).toEqual([]);
    expect(missing([lookup('A', 'raises'), lookup('B', 'raises')], ['A', 'B_FILE'])).toEqual([]);
    expect(missing([lookup('A', 'raises')], [], ['A'])).toEqual([]);
  });
});

describe('an env file out of step', () => {
  const lacking = (sample: string, facts: Partial<LackingFacts> = {}) =>
    findLackingVariables({
      sample: readEnvVariables(sample),
      isSet: () => false,
      scan: { lookups: [lookup('A', 'nothing')], handled: new Set() },
      unset: new Set(['A']),
      interpolated: new Map(),
      reported: new Set(),
      ...facts,
    }).map(({ name, isUsable, isNeeded }) => `${name}${isUsable ? ' usable' : ''}${isNeeded ? ' needed' : ''}`);

  test('what is asked for, without a default', () => {
    expect(lacking('A=b')).toEqual(['A usable needed']);
    expect(lacking('A=changeme')).toEqual(['A']);
    expect(lacking('A=https://mail.localhost')).toEqual(['A']);
  });

  test.each<readonly [string, string, Partial<LackingFacts>]>([
    ['commented out', '# A=b', {}],
    ['empty in the sample', 'A=', {}],
    ['set elsewhere', 'A=b', { isSet: () => true }],
    ['asked for by nobody', 'B=b', {}],
    ['not looked up by Django', 'A=b', { unset: new Set() }],
    ['with a default', 'A=b', { scan: { lookups: [lookup('A', 'default')], handled: new Set() } }],
    [
      'optional at one place',
      'A=b',
      { scan: { lookups: [lookup('A', 'nothing'), lookup('A', 'optional')], handled: new Set() } },
    ],
    ['asked about first', 'A=b', { scan: { lookups: [lookup('A', 'raises')], handled: new Set(['A']) } }],
    [
      'perhaps not reached, without Django',
      'A=b',
      { unset: null, scan: { lookups: [lookup('A', 'raises', false)], handled: new Set() } },
    ],
    ['reported already', 'A=b', { reported: new Set(['A']) }],
    ['settings unknown', 'A=b', { scan: null, unset: null }],
  ])('none: %s', (_name, sample, facts) => {
    expect(lacking(sample, facts)).toEqual([]);
  });

  test('compose asks as well', () => {
    expect(findInterpolated('a: ${A}\nb: ${B:-x}\nc: $C\nd: $$D # ${E}\nf: ${F?x}')).toEqual(['A', 'C']);
    expect(lacking('P=b', { interpolated: new Map([['P', '/p/compose.yaml']]) })).toEqual(['P usable needed']);
  });
});

describe('committed secrets', () => {
  test.each([
    'DB_PASSWORD=postgres',
    'SECRET_KEY=django-insecure-8zr4wlmc2vt9bkx',
    'SECRET_KEY=changeme-changeme',
    'API_KEY=your-api-key-here',
    'API_KEY=',
    'DATABASE_URL=postgres://app:app@db/app',
    'STRIPE_PUBLIC_KEY=pk_8Zr4wLmC2vT9bKx',
    'DOTENV_PUBLIC_KEY=03a8Zr4wLmC2vT9bKx\nAPI_KEY="encrypted:BE9Y8Zr4wLmC2vT9bKx"',
    'DEBUG=1\nNAME=8Zr4wLmC2vT9bKx',
  ])('none in %j', (text) => {
    expect(findCommittedSecrets(text)).toEqual([]);
  });

  test('named by their variables', () => {
    const text = 'API_KEY=q8Zr4wLmC2vT9bKx\nDATABASE_URL=postgres://app:Hn4vR9wq2z@db.example.net/app\nDEBUG=1';
    expect(findCommittedSecrets(text)).toEqual(['API_KEY', 'DATABASE_URL']);
  });
});

describe('variables of the host', () => {
  test('are found wherever they make up the whole value', () => {
    const properties = {
      containerEnv: {
        A: '${localEnv:A}',
        B: '${localEnv:B:x}',
        C: 'x-${localEnv:C}',
        D: '${localEnv:HOME}${localEnv:USERPROFILE}',
      },
      remoteEnv: { E: '${localEnv:F}', G: null },
      runArgs: ['--rm', '-e', 'H=${localEnv:H}', '--env=I=${localEnv:I}', 3],
    };
    expect(findPassedVariables(properties).map(({ name, sources }) => `${name} ${sources.join()}`)).toEqual([
      'A A',
      'D HOME,USERPROFILE',
      'E F',
      'H H',
      'I I',
    ]);
    expect(findPassedVariables({ containerEnv: 'x', runArgs: 3 })).toEqual([]);
  });

  const empty = (facts: Partial<EmptyFacts>) =>
    findEmptyVariables([{ name: 'A', sources: ['B', 'C'], path: [] }], {
      standpoint: 'container',
      env: {},
      isInFile: () => false,
      isNeeded: () => true,
      ...facts,
    }).length === 1;

  test.each<readonly [boolean, Partial<EmptyFacts>]>([
    [true, { standpoint: 'dev-container' }],
    [true, { standpoint: 'dev-container', env: { A: '' } }],
    [false, { standpoint: 'dev-container', env: { A: 'x' } }],
    [false, { standpoint: 'dev-container', isInFile: () => true }],
    [true, { standpoint: 'dev-container', env: { A: '' }, isInFile: () => true }],
    [false, { standpoint: 'container' }],
    [true, { standpoint: 'container', env: { A: '' } }],
    [true, { standpoint: 'host' }],
    [false, { standpoint: 'host', env: { C: 'x' } }],
    [false, { standpoint: 'elsewhere' }],
    [false, { standpoint: 'container', env: { A: '' }, isNeeded: () => false }],
  ])('empty: %s for %j', (expected, facts) => {
    expect(empty(facts)).toBe(expected);
  });
});

test.each([
  ['DATABASE_URL', 'postgres://app:***@db/app', 'masked'],
  ['API_KEY', '***', 'masked'],
  ['API_KEY', '${{ secrets.API_KEY }}', 'unexpanded'],
  ['API_KEY', '${API_KEY}', 'unexpanded'],
  ['DATABASE_URL', 'postgres://app:${PASSWORD}@db/app', 'unexpanded'],
  ['DATABASE_URL', '"postgres://app:app@db/app"', 'quoted'],
  ['DB_HOST', 'db\r', 'padded'],
  ['DB_PASSWORD', 'horse\n', 'padded'],
  ['DB_PASSWORD', '"horse"', null],
  ['DB_PASSWORD', ' horse', null],
  ['API_KEY', 'a${b}', null],
  ['PAGE_URL_TEMPLATE', 'https://${tenant}.localhost', null],
  ['GREETING', '"hello"', null],
  ['DEBUG', '', null],
])('%s=%j is %s', (name, value, expected) => {
  expect(findUnusable(name, value, name === 'DATABASE_URL')).toBe(expected);
});

describe('weak secrets', () => {
  const STRONG = 'k3Zr4wLmC2vT9bKxQ7nPdY5sHfJ1gAeUiOqW6tRzXc8MuV0pBo4';
  const database = { host: 'localhost', user: 'app', name: 'app', password: 'postgres' };
  const weak = (facts: Partial<SecretFacts>) =>
    findWeakSecrets({
      configured: 'auto',
      isDevelopment: false,
      debug: false,
      secretKey: STRONG,
      database: null,
      services: ['db'],
      isPipeline: false,
      ...facts,
    }).map(({ code, kind, severity }) => `${code} ${kind} ${severity}`);

  test.each<readonly [Partial<SecretFacts>, readonly string[]]>([
    [{}, []],
    [{ isDevelopment: true, secretKey: 'changeme', database }, []],
    [{ secretKey: 'django-insecure-x' }, ['secret-key-weak known warning']],
    [{ secretKey: 'django-insecure-x', configured: false }, ['secret-key-weak known error']],
    [{ secretKey: 'x', isPipeline: true, database }, []],
    [{ secretKey: STRONG.slice(0, 40) }, []],
    [{ secretKey: STRONG.slice(0, 40), configured: false }, ['secret-key-weak short warning']],
    [{ debug: true, secretKey: 'changeme', database: { ...database, host: 'far.example.net' } }, []],
    [{ database }, []],
    [{ database: { ...database, host: 'db' } }, ['database-password-weak known warning']],
    [{ database: { ...database, host: 'far.example.net' } }, ['database-password-weak known error']],
    [{ database, configured: false }, ['database-password-weak known error']],
    [{ database: { ...database, password: '' }, configured: false }, []],
    [{ database: { ...database, password: 'Hn4vR9wq2z' }, configured: false }, []],
    [{ database: { ...database, password: 'app' }, configured: false }, ['database-password-weak known error']],
  ])('%j', (facts, expected) => {
    expect(weak(facts)).toEqual(expected);
  });
});
