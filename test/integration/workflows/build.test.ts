import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { runJob } from '../../e2e/support/github-runner.ts';
import { allCombinations, renderParts } from './support/all-combinations.ts';
import { openServer, type Server } from './support/server.ts';

const PIPELINE = '.github/workflows/deployment.yml';
const SHA = 'c'.repeat(40);

let server: Server;
beforeEach(async () => {
  server = await openServer();
});
afterEach(() => server.remove());

it('build-and-push pushes both tags, and hands on the digest, in lower case', async () => {
  const parts = allCombinations().find(({ name }) => name === 'ssh-ghcr-url-frontend-npm-pip')?.parts;
  if (parts === undefined) throw new Error('there is no such combination');
  for (const { path: name, text } of await renderParts(parts)) {
    await mkdir(path.join(server.home, path.dirname(name)), { recursive: true });
    await writeFile(path.join(server.home, name), text);
  }
  const { steps, outputs } = await runJob({
    workspace: server.home,
    workflow: PIPELINE,
    job: 'build-and-push',
    values: {
      'inputs.environment': 'uat',
      'github.actor': 'someone',
      'github.token': 'the-token',
      'github.repository': 'Acme/Shop',
    },
    env: { ...server.env, GITHUB_SHA: SHA },
    files: path.join(server.home, 'runner'),
  });
  expect(steps.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
    [0, ''],
    [0, ''],
    [0, ''],
  ]);
  // Both steps have an output of this name; the runner keeps them apart.
  expect(outputs).toEqual({ image: `ghcr.io/acme/shop-frontend@sha256:${'d'.repeat(64)}` });
  const calls = await server.calls();
  expect(calls).toContain(
    `buildx build --push --tag ghcr.io/acme/shop-backend:uat-${SHA} --tag ghcr.io/acme/shop-backend:uat-latest`,
  );
  expect(calls).toContain('--file apps/web/Dockerfile apps/web');
  expect(calls).not.toContain('the-token');
  expect((await server.docker()).logins).toEqual([
    { words: ['ghcr.io', '--username', 'someone', '--password-stdin'], token: 'the-token' },
  ]);
});
