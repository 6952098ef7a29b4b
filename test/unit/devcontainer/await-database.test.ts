import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { planWish, wishesFor } from '../../../src/devcontainer/await-database.ts';
import { databaseServices } from '../../../src/devcontainer/database-services.ts';
import { readComposeProject, type ComposeProject } from '../../../src/project/compose/compose-project.ts';
import { makeTree, type Tree } from '../project/make-tree.ts';

interface Planned {
  readonly after: Readonly<Record<string, string>>;
  readonly left: readonly string[];
  /** `depends_on` of all services, and whether each database can say that it is healthy, once the plan is written. */
  readonly dependsOn: Readonly<Record<string, unknown>>;
  readonly healthy: readonly string[];
}

/** Does all that is missing in these files, the first of which compose starts with; then nothing else is left to do. */
const plan = async (
  tree: Tree,
  files = [Object.keys(tree)[0] ?? ''],
  named: readonly string[] = ['app'],
): Promise<Planned> => {
  const root = await makeTree(tree);
  const read = (): Promise<ComposeProject> =>
    readComposeProject({ root, named, files: files.map((file) => path.join(root, file)) });
  const before = await read();
  const left: string[] = [];
  let copies: ReadonlyMap<string, string> = new Map();
  for (const wish of wishesOf(before)) {
    const planned = await planWish(wish, { root, ...before }, copies);
    copies = planned.copies;
    if (planned.edit === null) left.push(planned.byHand);
  }
  for (const [file, text] of copies) await writeFile(file, text);
  const after = await read();
  expect(after.broken).toEqual([]);
  expect(wishesOf(after)).toHaveLength(left.length);
  return {
    left,
    after: Object.fromEntries([...copies].map(([file, text]) => [path.relative(root, file), text])),
    dependsOn: Object.fromEntries(after.services.map(({ name, dependsOn }) => [name, dependsOn])),
    healthy: after.services.filter(({ healthcheck }) => healthcheck !== null).map(({ name }) => name),
  };
};

const wishesOf = (project: ComposeProject): ReturnType<typeof wishesFor> => {
  const app = project.services.find(({ name }) => name === 'app');
  if (app === undefined) throw new Error('there is no service app');
  return databaseServices(project.services).flatMap((database) => wishesFor(app, database, project));
};

const HEALTHY = 'healthcheck: { test: [CMD, pg_isready], start_period: 5s }';
const DB = `  db:\n    image: postgres:17\n    ${HEALTHY}\n`;
const waits = { db: 'service_healthy' };

describe('the app waits for the database, and nothing else changes', () => {
  it.each<[string, string, string]>([
    ['without depends_on', '    tty: true\n', ''],
    ['a list', '    depends_on: [db, cache]\n', 'cache'],
    ['a list with comments', '    depends_on:\n      # both\n      - cache # first\n      - "db"\n', 'cache'],
    ['a list without it', '    depends_on:\n    - cache\n    tty: true\n', 'cache'],
    ['a table without it', '    depends_on:\n      cache: # first\n        condition: service_started\n', 'cache'],
    ['a table where it has no condition', '    depends_on:\n      db:\n      cache:\n', 'cache'],
    ['a table with another key', '    depends_on:\n      db:\n        restart: true\n      cache:\n', 'cache'],
    [
      'a table with a condition in flow style',
      '    depends_on: { cache: , db: { condition: service_started } }\n',
      'cache',
    ],
    ['a merge key that brings others', '    <<: *base\n', 'cache'],
    ['an alias', '    depends_on: *both # why\n', 'cache'],
    ['an anchor that only it uses', '    depends_on: &mine\n      - cache\n', 'cache'],
  ])('%s', async (_, app, other) => {
    const text =
      `x-base: &base\n  depends_on: &both [cache]\nservices:\n  app:\n    image: x\n${app}` +
      `  cache:\n    image: redis\n  worker:\n    image: x\n    depends_on: *both\n${DB}`;
    const { left, dependsOn, after } = await plan({ 'compose.yml': text });
    expect(left).toEqual([]);
    expect(dependsOn['app']).toEqual(other === '' ? waits : { ...waits, cache: 'service_started' });
    expect(dependsOn['worker']).toEqual({ cache: 'service_started' });
    for (const comment of app.match(/#.*/g) ?? []) expect(after['compose.yml']).toContain(comment);
  });

  it('a database that an included file defines is given its healthcheck there', async () => {
    const { left, healthy, dependsOn } = await plan({
      'compose.yml': 'include: [db/compose.yml]\nservices:\n  app:\n    image: x\n    depends_on: [db]\n',
      'db/compose.yml': 'services:\n  db:\n    image: postgres:17\n',
    });
    expect([left, healthy, dependsOn['app']]).toEqual([[], ['db'], waits]);
  });

  it('of two files, what the later one takes away with !reset is written into the later one', async () => {
    const { left, after } = await plan(
      {
        'a.yml': `services:\n  app:\n    image: x\n    depends_on: [cache]\n  cache:\n    image: redis\n${DB}`,
        'b.yml': 'services:\n  app:\n    depends_on: !override\n      cache:\n        condition: service_started\n',
      },
      ['a.yml', 'b.yml'],
    );
    expect(left).toEqual([]);
    expect(after['b.yml']).toContain('db:\n        condition: service_healthy');
    expect(after['a.yml']).toContain('depends_on: [cache]');
  });
});

describe('what cannot be edited without changing something else stays, with what to write', () => {
  const AWAIT = 'Write into app: depends_on: { db: { condition: service_healthy } }';
  const WITH_CACHE =
    'Write into app: depends_on: { cache: { condition: service_started }, db: { condition: service_healthy } }';
  it.each<[string, string, readonly (string | RegExp)[]]>([
    [
      'a service in flow style',
      `services:\n  app: { image: x }\n${DB}`,
      [`devsetup leaves app as it is: it is written in a way that cannot be edited line by line. ${AWAIT}`],
    ],
    [
      'a database in flow style has no healthcheck, so the app must not wait for one',
      'services:\n  app:\n    image: x\n  db: { image: postgres:17 }\n',
      [
        /^devsetup leaves db as it is: it is written in a way .* Write into db: healthcheck: \{ test: \["CMD-SHELL", "pg_isready/,
        `devsetup leaves app as it is: an edit of compose.yml would keep compose from starting (app waits until db is healthy, and db has no healthcheck). ${AWAIT}`,
      ],
    ],
    ...['disable: true', 'test: ["NONE"]'].map((check): [string, string, readonly RegExp[]] => [
      `a healthcheck with ${check}`,
      `services:\n  app:\n    image: x\n  db:\n    image: postgres:17\n    healthcheck:\n      ${check}\n`,
      [/^devsetup leaves db as it is/, /db has no healthcheck/],
    ]),
    [
      'a list that another service shares',
      `services:\n  app:\n    image: x\n    depends_on: &both\n      - cache\n  worker:\n    image: x\n    depends_on: *both\n  cache:\n    image: redis\n${DB}`,
      [
        `devsetup leaves app as it is: an edit of compose.yml would also change services.worker.depends_on.db. ${WITH_CACHE}`,
      ],
    ],
    [
      'a database that waits for the app',
      `services:\n  app:\n    image: x\n${DB}    depends_on: [app]\n`,
      [/would keep compose from starting \(app waits for itself\)/],
    ],
  ])('%s', async (_, text, expected) => {
    const { left, after } = await plan({ 'compose.yml': text });
    expect(left).toEqual(expected.map((one) => (typeof one === 'string' ? one : expect.stringMatching(one))));
    expect(after).toEqual({ 'compose.yml': text });
  });

  it('a list whose alias would lose its anchor', async () => {
    const text = `services:\n  app:\n    image: x\n    depends_on: &both [cache]\n  worker:\n    image: x\n    depends_on: *both\n  cache:\n    image: redis\n${DB}`;
    const { left, after } = await plan({ 'compose.yml': text });
    expect(left).toEqual([expect.stringContaining(WITH_CACHE)]);
    expect(after['compose.yml']).toBe(text);
  });
});

describe('profiles', () => {
  const text = `services:\n  app:\n    image: x\n  test-db:\n    image: postgres:16\n    profiles: [test]\n${DB}`;

  it('the app waits for the database that is started, and not for that of a profile', async () => {
    const { left, dependsOn } = await plan({ 'compose.yml': text });
    expect([left, dependsOn['app']]).toEqual([[], waits]);
  });

  it.each<[string, Tree, readonly string[]]>([
    ['.env names the profile', { '.env': 'COMPOSE_PROFILES=a,test\n' }, ['app']],
    ['devcontainer.json names the service', {}, ['app', 'test-db']],
  ])('%s: it is started, too', async (_, more, named) => {
    const { dependsOn } = await plan({ 'compose.yml': text, ...more }, undefined, named);
    expect(dependsOn['app']).toEqual({ ...waits, 'test-db': 'service_healthy' });
  });
});
