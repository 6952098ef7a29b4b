import { describe, expect, it } from 'vitest';

import { judgeWaiting } from '../../../../src/checks/dev-container/database-waiting.ts';
import { devcontainerConfiguration } from '../../../../src/checks/dev-container/devcontainer-configuration.ts';
import { isFloating } from '../../../../src/checks/dev-container/image-tags.ts';
import { judgeHooks } from '../../../../src/checks/dev-container/judge-hooks.ts';
import { judgeSecrets } from '../../../../src/checks/dev-container/literal-secrets.ts';
import { notForwarded, unknownHosts } from '../../../../src/checks/dev-container/ports.ts';
import { judgeUser } from '../../../../src/checks/dev-container/root-user.ts';
import { judgeWorkspaceFolder } from '../../../../src/checks/dev-container/workspace-folder.ts';
import type { CheckContext } from '../../../../src/checks/context.ts';
import { explained } from '../../../../src/devcontainer/devsetup-call.ts';
import { followHooks } from '../../../../src/devcontainer/follow-hooks.ts';
import { readDockerfile, stagesOf } from '../../../../src/project/read-dockerfile.ts';
import { composeSideOf, devContainerOf } from './dev-container-of.ts';

describe('workspace folder', () => {
  const judge = async (mounts: string, properties: object): Promise<string | undefined> => {
    const side = await composeSideOf(`  app:\n    image: x:1\n    volumes: ${mounts}\n`, properties);
    return judgeWorkspaceFolder(side, side.root)?.remedy.text;
  };

  it.each<[string, object]>([
    ['["..:/workspace:cached"]', {}],
    ['["..:/workspace"]', { workspaceFolder: '/workspace/backend' }],
    ['["../..:/workspaces"]', { workspaceFolder: '/workspaces/${localWorkspaceFolderBasename}' }],
    ['["../..:/workspaces"]', { workspaceFolder: '/workspaces' }],
    ['["..:/code", "data:/workspace"]', {}],
    ['["${CODE:?}:/code"]', {}],
    ['["data:/data"]', { workspaceFolder: '/somewhere' }],
    ['["..:/code"]', { workspaceFolder: '${localEnv:FOLDER}' }],
    ['["..:/code"]', { mounts: ['source=${localWorkspaceFolder},target=/workspace,type=bind'] }],
  ])('%s fits %j', async (mounts, properties) => {
    expect(await judge(mounts, properties)).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['["..:/code"]', {}, 'Set workspaceFolder to /code.'],
    ['["..:/code"]', { workspaceFolder: undefined }, 'Set workspaceFolder to /code.'],
    ['["../..:/all"]', {}, 'Set workspaceFolder to /all/${localWorkspaceFolderBasename}.'],
  ])('%s does not fit %j', async (mounts, properties, text) => {
    expect(await judge(mounts, properties)).toBe(text);
  });
});

describe('waiting for the database', () => {
  const judge = async (app: string, db: string): Promise<readonly string[]> => {
    const side = await composeSideOf(
      `  app:\n    image: x:1\n    ${app}\n  db:\n    image: postgis/postgis:17-3.5\n    ${db}\n`,
    );
    return (await judgeWaiting(side, side.root)).map(({ code }) => code);
  };
  const HEALTHY = 'healthcheck: { test: pg_isready, start_period: 5s }';

  it.each([
    ['depends_on: { db: { condition: service_healthy } }', HEALTHY, []],
    ['depends_on: [db]', HEALTHY, ['database-not-awaited']],
    ['tty: true', HEALTHY, ['database-not-awaited']],
    ['depends_on: [db]', 'tty: true', ['database-healthcheck-missing']],
    [
      'depends_on: { db: { condition: service_healthy } }',
      'healthcheck: { test: x }',
      ['database-start-period-missing'],
    ],
  ])('%s, %s: %j', async (app, db, expected) => {
    expect(await judge(app, db)).toEqual(expected);
  });
});

it.each([
  ['postgres', true],
  ['postgres:latest', true],
  ['localhost:5000/postgres', true],
  ['ghcr.io/a/b:latest', true],
  ['postgres:17', false],
  ['postgres@sha256:abc', false],
  ['postgres:${VERSION}', false],
  ['${IMAGE}', false],
  ['scratch', false],
])('%s floats: %j', (image, expected) => {
  expect(isFloating(image)).toBe(expected);
});

describe('user', () => {
  const judge = async (properties: object, dockerfile = ''): Promise<boolean> => {
    const stages = stagesOf(readDockerfile(dockerfile), null);
    const image = 'image' in properties ? String(properties.image) : null;
    return judgeUser(await devContainerOf(properties), { image, stages }) !== null;
  };

  it.each<[object, string]>([
    [{ image: 'x', remoteUser: 'root' }, ''],
    [{ image: 'x', containerUser: '0' }, ''],
    [{ image: 'python:3.12' }, ''],
    [
      { build: { dockerfile: 'Dockerfile' } },
      'ARG V=3.12\nFROM python:${V}-slim AS base\nUSER app\nFROM base\nUSER root\n',
    ],
    [{ build: { dockerfile: 'Dockerfile' } }, 'FROM node:22\nRUN npm ci\n'],
  ])('is root in %j %j', async (properties, dockerfile) => {
    expect(await judge(properties, dockerfile)).toBe(true);
  });

  it.each<[object, string]>([
    [{ image: 'python:3.12', remoteUser: 'vscode' }, ''],
    [{ image: 'mcr.microsoft.com/devcontainers/python:3.12' }, ''],
    [{ image: 'our/python:3.12' }, ''],
    [{ image: 'python:3.12', features: { 'ghcr.io/devcontainers/features/common-utils:2': {} } }, ''],
    [{ build: { dockerfile: 'Dockerfile' } }, 'FROM python:3.12 AS base\nUSER app\nFROM base\nRUN true\n'],
    [{ build: { dockerfile: 'Dockerfile' } }, 'ARG BASE\nFROM ${BASE}\n'],
    [{ image: 'x', remoteUser: '${localEnv:USER}' }, ''],
  ])('is not, or not for certain, in %j %j', async (properties, dockerfile) => {
    expect(await judge(properties, dockerfile)).toBe(false);
  });
});

describe('hooks', () => {
  const checkoutOf = ({ root }: { readonly root: string }) => ({ root, packageManager: 'pnpm' });
  const judge = async (hooks: object): Promise<readonly string[]> => {
    const found = await devContainerOf({ image: 'x:1', ...hooks });
    return judgeHooks(found, await followHooks(found, found.root), checkoutOf(found)).map(({ code }) => code);
  };
  const CALL = 'npx --no-install devsetup';

  it.each<[object, readonly string[]]>([
    [{ postCreateCommand: CALL, postStartCommand: `${CALL} --if-needed` }, []],
    [{ postCreateCommand: `npm ci && ${CALL}`, postAttachCommand: { a: CALL } }, []],
    [{ postStartCommand: CALL }, []],
    [{ postCreateCommand: '/usr/local/bin/create' }, []],
    [{ postCreateCommand: CALL, postStartCommand: '/usr/local/bin/start' }, []],
    [{ postCreateCommand: './node_modules/.bin/devsetup', postStartCommand: 'uv run x; devsetup' }, []],
    [{ postCreateCommand: CALL }, ['devcontainer-start-does-not-heal']],
    [{ postCreateCommand: 'cp devsetup.config.example devsetup.config.json' }, ['devcontainer-without-devsetup']],
    [{}, ['devcontainer-without-devsetup']],
    [{ features: { './devsetup': {} } }, []],
    [{ features: { 'registry.example/team/devsetup:1': {} }, postCreateCommand: 'echo' }, []],
    [{ features: { './devsetup-notes': {} } }, ['devcontainer-without-devsetup']],
    [{ postStartCommand: 'npx devsetup' }, ['devsetup-may-be-fetched']],
    [{ postStartCommand: ['npx', '--yes', 'devsetup@latest', '--if-needed'] }, ['devsetup-may-be-fetched']],
    [{ postStartCommand: 'npx -p django-devsetup devsetup' }, []],
    [{ postStartCommand: 'npm exec --no devsetup' }, []],
  ])('%j: %j', async (hooks, expected) => {
    expect(await judge(hooks)).toEqual(expected);
  });

  it.each<[object, string]>([
    [{ postCreateCommand: 'pip install uv && uv sync && mkdir -p data && uv run manage.py migrate' }, 'info'],
    [{ postCreateCommand: { db: ['python', 'backend/manage.py', 'migrate_schemas', '--shared'] } }, 'info'],
    [{ postCreateCommand: 'pip install -r requirements.txt' }, 'by its code'],
    [{ postCreateCommand: 'python manage.py migrate --check' }, 'by its code'],
  ])('that migrate without devsetup are worth knowing, and no fault: %j, %s', async (hooks, severity) => {
    const found = await devContainerOf({ image: 'x', ...hooks });
    const problems = judgeHooks(found, await followHooks(found, found.root), checkoutOf(found));
    expect(problems.map((problem) => problem.severity ?? 'by its code')).toEqual([severity]);
  });

  it('are edited word by word', async () => {
    const found = await devContainerOf(
      '{ "image": "x", "postStartCommand": ["npx", "-y", "devsetup", "--if-needed"] }',
    );
    const [problem] = judgeHooks(found, await followHooks(found, found.root), checkoutOf(found));
    const edited = problem?.fix?.by === 'edit' ? problem.fix.edit(found.text) : '';
    expect(JSON.parse(edited)).toEqual({
      image: 'x',
      postStartCommand: ['npx', '--no-install', 'devsetup', '--if-needed'],
    });
  });

  it.each<[object, string]>([
    [{ postCreateCommand: CALL }, `${CALL} --if-needed`],
    [{ postCreateCommand: CALL, postStartCommand: 'npx devsetup --if-needed' }, `${CALL} --if-needed`],
    [{ postCreateCommand: CALL, postStartCommand: { a: 'npx -y devsetup' } }, CALL],
  ])('are fixed as init writes them, with the line that explains a missing devsetup: %j', async (hooks, call) => {
    const found = await devContainerOf({ image: 'x', ...hooks });
    const [problem] = judgeHooks(found, await followHooks(found, found.root), checkoutOf(found));
    const edited = problem?.fix?.by === 'edit' ? problem.fix.edit(found.text) : '{}';
    const { postStartCommand: start } = JSON.parse(edited) as { postStartCommand?: string | { a: string } };
    expect(typeof start === 'object' ? start.a : start).toBe(explained(call, 'pnpm'));
    expect(explained(call, 'pnpm')).toContain('Run: pnpm install');
  });

  it('say nothing of what stands in them', async () => {
    const found = await devContainerOf({ image: 'x', postCreateCommand: 'export TOKEN=hush' });
    const problems = judgeHooks(found, await followHooks(found, found.root), checkoutOf(found));
    expect(JSON.stringify(problems)).not.toContain('hush');
  });
});

describe('ports', () => {
  it.each<[object, number]>([
    [{ forwardPorts: [8000, 'db:5432', 'localhost:3000'] }, 0],
    [{ forwardPorts: ['database:5432'] }, 1],
  ])('%j leads to %i unknown hosts', async (properties, count) => {
    const side = await composeSideOf('  app: { image: "x:1" }\n  db: { image: "postgres:17" }\n', properties);
    expect(unknownHosts(side.devContainer)).toHaveLength(count);
  });

  it.each<[object, number]>([
    [{ otherPortsAttributes: { onAutoForward: 'ignore' } }, 1],
    [{ otherPortsAttributes: { onAutoForward: 'ignore' }, forwardPorts: [3000] }, 0],
    [{ otherPortsAttributes: { onAutoForward: 'silent' } }, 0],
    [{}, 0],
  ])('%j', async (properties, count) => {
    expect(notForwarded(await devContainerOf({ image: 'x', ...properties }))).toHaveLength(count);
  });
});

describe('secrets', () => {
  const judge = async (remoteEnv: object): Promise<number> =>
    judgeSecrets(await devContainerOf({ image: 'x', remoteEnv })).length;
  const RANDOM = 'q8Zr4wLmC2vT9bKxQ7nPdY5sHfJ1gA';

  it.each([
    { GITHUB_TOKEN: `ghp_${'a1B2c3'.repeat(6)}` },
    { WHATEVER: `AKIA${'ABCD'.repeat(4)}` },
    { MAIL_API_KEY: RANDOM },
    { KEY: '-----BEGIN RSA PRIVATE KEY-----' },
  ])('%j is one', async (env) => {
    expect(await judge(env)).toBe(1);
  });

  it.each([
    { GITHUB_TOKEN: '${localEnv:GITHUB_TOKEN}' },
    { POSTGRES_PASSWORD: RANDOM },
    { DATABASE_URL: `postgres://me:${RANDOM}@db/x` },
    { SECRET_KEY: RANDOM },
    { MAIL_API_KEY: 'not-a-real-key-for-development' },
    { STRIPE_API_KEY: 'sk_test_abcdefghijklmnop123456' },
    { API_KEY: 'changeme' },
    { TOKEN_URL: 'https://example.org/oauth/token/v1/2026' },
  ])('%j is none', async (env) => {
    expect(await judge(env)).toBe(0);
  });
});

it('what the Dev Container CLI refuses is a finding, with its words', async () => {
  const found = await devContainerOf({ image: 'x' });
  const context = {
    root: found.root,
    devContainer: async () => found,
    findProgram: async () => '/bin/true',
    run: async () => ({
      exitCode: 1,
      missing: false,
      timedOut: false,
      aborted: false,
      tail: '[2026-11-23T00:00:00.000Z] @devcontainers/cli 0.89.0. Node.js v20.\n[2026-11-23T00:00:01.000Z] It is wrong.\n',
    }),
  } as unknown as CheckContext;
  expect(await devcontainerConfiguration.run(context)).toMatchObject({
    kind: 'problems',
    problems: [{ code: 'devcontainer-not-resolved', evidence: ['It is wrong.'] }],
  });
});
