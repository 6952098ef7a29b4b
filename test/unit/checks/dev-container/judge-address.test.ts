import { describe, expect, it } from 'vitest';

import { appEnvironment, serviceEnvironment } from '../../../../src/checks/dev-container/app-environment.ts';
import { claimedDatabase } from '../../../../src/checks/dev-container/claimed-database.ts';
import { judgeAddress, serverOf } from '../../../../src/checks/dev-container/database-address.ts';
import { databaseServices } from '../../../../src/devcontainer/database-services.ts';
import type { Tree } from '../../project/make-tree.ts';
import { composeSideOf } from './dev-container-of.ts';

const judge = async (
  app: string,
  db: string,
  more: { readonly properties?: object; readonly services?: string; readonly tree?: Tree } = {},
): Promise<readonly string[]> => {
  const services = `  app:\n    image: x:1\n${indent(app)}  db:\n    image: postgres:17\n${indent(db)}${more.services ?? ''}`;
  const side = await composeSideOf(services, more.properties, more.tree);
  const databases = databaseServices(side.compose.services);
  const claimed = claimedDatabase(await appEnvironment(side, side.root), 'DATABASE_URL');
  if (claimed === null) return ['nothing is claimed'];
  const server = serverOf(claimed, side, databases);
  const variables = server === null ? new Map() : await serviceEnvironment(server, side.root);
  const problems = judgeAddress(claimed, side, databases, variables);
  expect(JSON.stringify(problems)).not.toMatch(/hush|quiet/);
  return problems.map(({ code }) => code.replace('devcontainer-database-', ''));
};

const indent = (lines: string): string => (lines === '' ? '' : `${lines.replaceAll(/^/gm, '    ')}\n`);

const DB = 'environment: { POSTGRES_USER: me, POSTGRES_PASSWORD: hush }';
const url = (text: string): string => `environment: { DATABASE_URL: "${text}" }`;

describe('agree', () => {
  it.each<[string, string]>([
    [url('postgres://me:hush@db/x'), DB],
    [url('postgres://postgres:hush@db:5432/x'), 'environment: { POSTGRES_PASSWORD: hush }'],
    ['environment: [DB_HOST=db, DB_USER=me, DB_PASS=hush, DB_NAME=other]', DB],
    ['environment: { POSTGRES_HOST: db, POSTGRES_USER: me, POSTGRES_PASSWORD: hush }', DB],
    [`${url('postgres://me:hush@localhost/x')}\nnetwork_mode: service:db`, DB],
    [url('postgres://me:hush@database/x'), `${DB}\nnetworks: { default: { aliases: [database] } }`],
    [url('postgres://me:hush@my-db/x'), `${DB}\ncontainer_name: my-db`],
    [
      url('postgres://me:${PASSWORD:-hush}@db/x'),
      'environment: { POSTGRES_USER: me, POSTGRES_PASSWORD: "${PASSWORD:-hush}" }',
    ],
  ])('%s | %s', async (app, db) => {
    expect(await judge(app, db)).toEqual([]);
  });
});

describe('are not judged, as it is not known', () => {
  it.each<[string, string]>([
    [url('postgres://me:hush@db.example.org/x'), DB],
    [url('postgres://me:hush@/x?host=/var/run/postgresql'), DB],
    [`${url('postgres://me:hush@gateway/x')}\nextra_hosts: ["gateway:10.0.0.1"]`, DB],
    [`${url('postgres://me:hush@localhost/x')}\nnetwork_mode: host`, DB],
    [url('postgres://you:quiet@db/x'), `${DB}\nvolumes: ["./init:/docker-entrypoint-initdb.d"]`],
    [url('postgres://me:quiet@db/x'), 'environment: { POSTGRES_USER: me, POSTGRES_PASSWORD: "${SECRET}" }'],
    [url('postgres://me:quiet@db/x'), 'environment: { POSTGRES_USER: me, POSTGRES_PASSWORD_FILE: /run/secrets/x }'],
    [
      url('postgres://me:quiet@db/x'),
      `environment: { POSTGRES_USER: me, POSTGRES_PASSWORD: hush, POSTGRES_HOST_AUTH_METHOD: trust }`,
    ],
    [url('postgres://me:hush@db:6432/x'), DB],
  ])('%s | %s', async (app, db) => {
    expect(await judge(app, db)).toEqual([]);
  });

  it.each([
    'environment: { DATABASE_URL: "${DATABASE_URL}" }',
    'environment: [DATABASE_URL]',
    'environment: { DB_HOST: localhost, DB_ENGINE: django.db.backends.mysql }',
    'environment: { DB_HOST: localhost, POSTGRES_HOST: db }',
    'environment: { EMAIL_HOST: localhost }',
    url('sqlite:///db.sqlite3'),
  ])('%s', async (app) => {
    expect(await judge(app, DB)).toEqual(['nothing is claimed']);
  });

  it('names of containers in a network of several projects', async () => {
    const services = 'networks: { shared: { external: true } }\n';
    expect(await judge(url('postgres://me:hush@elsewhere/x'), DB, { services })).toEqual([]);
  });
});

describe('do not agree', () => {
  it.each<[string, string, string]>([
    [url('postgres://me:hush@localhost/x'), DB, 'host'],
    [url('postgres://me:hush@127.0.0.1/x'), DB, 'host'],
    [url('postgres://me:hush@postgres/x'), DB, 'host'],
    ['environment: { PGHOST: localhost }', DB, 'host'],
    [url('postgres://me:hush@db:5433/x'), `${DB}\nports: ["5433:5432"]`, 'port'],
    [url('postgres://me:quiet@db/x'), DB, 'credentials'],
    [url('postgres://you:hush@db/x'), DB, 'credentials'],
    [url('postgres://me:hush@db/x'), 'environment: { POSTGRES_PASSWORD: hush }', 'credentials'],
  ])('%s | %s: %s', async (app, db, code) => {
    expect(await judge(app, db)).toEqual([code]);
  });

  it('with what remoteEnv says over env files', async () => {
    const tree = { '.devcontainer/app.env': 'DB_HOST=db\nDB_USER=me\nDB_PASSWORD=hush\n' };
    expect(await judge('env_file: app.env', DB, { tree })).toEqual([]);
    const properties = { remoteEnv: { DB_PASSWORD: 'quiet' } };
    expect(await judge('env_file: app.env', DB, { tree, properties })).toEqual(['credentials']);
  });
});
