import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createRequire } from 'node:module';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import type { InitReport } from '../../src/core/init-report.ts';
import { REPOSITORY } from './support/installed-package.ts';
import { runProgram } from './support/run-program.ts';

interface Service {
  readonly image?: string;
  readonly build?: { readonly args: Readonly<Record<string, string>> };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: Readonly<Record<string, unknown>>;
}

interface Container {
  readonly service: string;
  readonly remoteUser: string;
  readonly dockerComposeFile: string;
  readonly onCreateCommand: string;
  readonly updateContentCommand: string;
}

const FOLDER = path.join(REPOSITORY, '.devcontainer');

const readCompose = async (): Promise<Readonly<Record<string, Service>>> =>
  (parse(await readFile(path.join(FOLDER, 'docker-compose.yml'), 'utf8')) as { services: Record<string, Service> })
    .services;

describe("this repository's own dev container", () => {
  it('is what devsetup init makes of the template: there is nothing to do, and lines of its own stay', async () => {
    const args = [path.join(REPOSITORY, 'dist/cli.js'), 'init', '--yes', '--no-install', '--dry-run', '--json'];
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, args, { cwd: REPOSITORY });
    expect(exitCode, stderr).toBe(0);
    const { outcome, files } = JSON.parse(stdout) as InitReport;
    expect(files.filter(({ action }) => action !== 'keep')).toEqual([]);
    expect(outcome).toBe('unchanged');
    const own = files.filter(({ reason }) => reason === 'it has lines of your own').map((file) => file.path);
    expect(own).toEqual(['.devcontainer/Dockerfile', '.devcontainer/devcontainer.json']);
  });

  it('is read by the dev container program', async () => {
    const manifest = createRequire(import.meta.url).resolve('@devcontainers/cli/package.json');
    const cli = path.join(path.dirname(manifest), 'devcontainer.js');
    // It asks for docker even to read; any program that ends with 0 will do.
    const docker = ['--docker-path', 'true', '--docker-compose-path', 'true'];
    const args = [cli, 'read-configuration', '--workspace-folder', REPOSITORY, ...docker];
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, args, { cwd: REPOSITORY });
    expect(exitCode, stderr).toBe(0);
    const { configuration } = JSON.parse(stdout) as { configuration: Container };
    expect(configuration).toMatchObject({ service: 'app', dockerComposeFile: 'docker-compose.yml' });
    expect(configuration.remoteUser).not.toBe('root');
  });

  it('builds devsetup before its hooks call it', async () => {
    const text = await readFile(path.join(FOLDER, 'devcontainer.json'), 'utf8');
    expect(text).toContain('"onCreateCommand": "npm ci && npm run build"');
  });

  it('waits until its database is healthy', async () => {
    const { app, db } = await readCompose();
    expect(app?.depends_on).toEqual({ db: { condition: 'service_healthy' } });
    expect(db?.healthcheck).toMatchObject({
      test: expect.arrayContaining(['pg_isready']),
      start_period: expect.any(String),
    });
  });

  it('pins its versions, with Node the oldest that is supported', async () => {
    const { app, db } = await readCompose();
    expect(db?.image).toMatch(/:\d+\.\d+-/);
    expect(app?.build?.args).toMatchObject({
      PYTHON_VERSION: expect.stringMatching(/^3\.\d+$/),
      NODE_VERSION: expect.stringMatching(/^20\.19\.\d+$/),
    });
    const dockerfile = await readFile(path.join(FOLDER, 'Dockerfile'), 'utf8');
    expect(dockerfile).toMatch(/^ARG BASE_IMAGE=\S+:2-\$\{PYTHON_VERSION\}-bookworm$/m);
  });

  it('brings what tests need', async () => {
    const dockerfile = await readFile(path.join(FOLDER, 'Dockerfile'), 'utf8');
    for (const program of ['openssl', 'pgbouncer'])
      expect(dockerfile).toMatch(new RegExp(`install .*\\b${program}\\b`));
  });
});
