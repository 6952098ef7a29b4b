import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createRequire } from 'node:module';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { REPOSITORY } from './support/installed-package.ts';
import { runProgram } from './support/run-program.ts';

interface Service {
  readonly image?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: Readonly<Record<string, unknown>>;
}

interface Container {
  readonly service: string;
  readonly remoteUser: string;
  readonly dockerComposeFile: string;
  readonly updateContentCommand: string;
}

const readCompose = async (): Promise<Readonly<Record<string, Service>>> => {
  const text = await readFile(path.join(REPOSITORY, '.devcontainer/compose.yaml'), 'utf8');
  return (parse(text) as { services: Record<string, Service> }).services;
};

const imageTag = (image: string): string | undefined => /:([^/:]+)$/.exec(image)?.[1];

describe("this repository's own dev container", () => {
  it('is read by the dev container program', async () => {
    const manifest = createRequire(import.meta.url).resolve('@devcontainers/cli/package.json');
    const cli = path.join(path.dirname(manifest), 'devcontainer.js');
    // It asks for docker even to read; any program that ends with 0 will do.
    const docker = ['--docker-path', 'true', '--docker-compose-path', 'true'];
    const args = [cli, 'read-configuration', '--workspace-folder', REPOSITORY, ...docker];
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, args, { cwd: REPOSITORY });
    expect(exitCode, stderr).toBe(0);
    const { configuration } = JSON.parse(stdout) as { configuration: Container };
    expect(configuration).toMatchObject({
      service: 'app',
      dockerComposeFile: 'compose.yaml',
      updateContentCommand: 'npm ci',
    });
    expect(configuration.remoteUser).not.toBe('root');
  });

  it('waits until its database is healthy', async () => {
    const { app, db } = await readCompose();
    expect(app?.depends_on).toEqual({ db: { condition: 'service_healthy' } });
    expect(db?.healthcheck).toMatchObject({
      test: expect.arrayContaining(['pg_isready']),
      start_period: expect.any(String),
    });
  });

  it('pins its images', async () => {
    const { db } = await readCompose();
    const dockerfile = await readFile(path.join(REPOSITORY, '.devcontainer/Dockerfile'), 'utf8');
    const base = /^ARG BASE_IMAGE=(\S+)$/m.exec(dockerfile)?.[1];
    for (const image of [db?.image, base]) expect(imageTag(image ?? '')).toMatch(/^\d+\.\d+/);
  });
});
