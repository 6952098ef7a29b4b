import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { describe, expect, inject, it } from 'vitest';

import type { RunReport } from '../../src/core/report.ts';
import { findFreePort } from '../../src/postgres/free-port.ts';
import { cleanEnvironment, runProgram } from '../e2e/support/run-program.ts';
import { needs } from '../support/needs.ts';
import { createSampleProject } from '../support/sample-project.ts';
import { plainDjango } from '../support/variations.ts';
import { DJANGO_52, ensureVenv } from '../support/venv.ts';
import { VERSIONS } from './support/base-images.ts';
import { dockerList } from './support/docker.ts';

const provided = inject('containers');

const composeFile = (port: number, volume: string): string => `services:
  db:
    image: postgres:${VERSIONS.postgres}-bookworm
    environment: { POSTGRES_PASSWORD: of-this-test }
    ports: ['127.0.0.1:${port}:5432']
    volumes: ['${volume}:/var/lib/postgresql/data']
volumes: { data: {} }
`;

describe('a database that a compose service of the checkout publishes', needs(provided.ok, 'no engine answers'), () => {
  it('is started by devsetup with the compose of this machine, whose refusal is quoted', async () => {
    if (!provided.ok) return;
    const { suite } = provided;
    const folder = path.join(suite.root, `compose-${suite.id}`);
    const project = await createSampleProject({ into: folder, variations: [plainDjango] });
    await writeFile(project.config, '{ "database": { "start": "compose" } }');
    const port = await findFreePort();
    const env = cleanEnvironment({
      ...suite.env,
      DATABASE_URL: `postgres://postgres:of-this-test@localhost:${port}/app`,
      VIRTUAL_ENV: (await ensureVenv(DJANGO_52)).directory,
      DEVSETUP_STATE_DIR: path.join(suite.root, 'state'),
    });
    const run = async (): Promise<RunReport> => {
      const args = [suite.cli, '--only', 'database', '--json'];
      const { stdout, stderr } = await runProgram(process.execPath, args, { cwd: folder, env });
      expect(stdout, stderr).toMatch(/^\{/);
      return JSON.parse(stdout) as RunReport;
    };
    const file = path.join(folder, 'compose.yaml');

    await writeFile(file, composeFile(port, 'undeclared'));
    const failure = (await run()).steps.find(({ id }) => id === 'database')?.failure;
    expect(failure?.message).toMatch(/and `docker[ -]compose up -d db` failed\.$/);
    expect(failure?.output.join('\n')).toContain('undeclared');

    await writeFile(file, composeFile(port, 'data'));
    const started = await run();
    expect(started.outcome, JSON.stringify(started.steps)).toBe('done');
    const label = 'label=com.docker.compose.service=db';
    expect(await dockerList('ps', '--filter', label, '--filter', `publish=${port}`, '--quiet')).toHaveLength(1);
    await rm(file);
  });
});
