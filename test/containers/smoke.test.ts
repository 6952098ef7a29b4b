import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { describe, expect, inject, it } from 'vitest';

import type { UpReport } from '../../src/core/up-report.ts';
import { cleanEnvironment, runProgram, type ProgramRun } from '../e2e/support/run-program.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';
import { answerOf } from './support/answer-of.ts';
import { PYTHON_IMAGE } from './support/base-images.ts';

const provided = inject('containers');
const IMAGE = process.env['DEVSETUP_BASE_IMAGE'] ?? PYTHON_IMAGE;

/** What every engine and every compose has to do, without Django. */
const FILES = {
  'devcontainer.json': JSON.stringify({
    dockerComposeFile: 'compose.yml',
    service: 'app',
    workspaceFolder: '/workspaces/app',
  }),
  'compose.yml': JSON.stringify({
    services: {
      app: {
        build: '.',
        command: 'python3 -m http.server 8000',
        ports: ['127.0.0.1:${DEVSETUP_SITE_PORT:-}:8000'],
        volumes: ['..:/workspaces/app', 'data:/data'],
      },
    },
    volumes: { data: {} },
  }),
  Dockerfile: `FROM ${IMAGE}\nRUN touch /built\n`,
} as const;

describe('a dev container of compose on this engine', needs(provided.ok, 'no container engine answers'), () => {
  it('is built, reached from the host, entered, stopped and removed; its volume stays', async () => {
    if (!provided.ok) return;
    const { suite } = provided;
    const folder = path.join(suite.root, `smoke-compose-${suite.id}`);
    await mkdir(path.join(folder, '.devcontainer'), { recursive: true });
    for (const [name, text] of Object.entries(FILES)) {
      await writeFile(path.join(folder, '.devcontainer', name), text);
    }
    const env = cleanEnvironment({ ...suite.env, DEVSETUP_STATE_DIR: path.join(suite.root, 'state') });
    const devsetup = (...args: readonly string[]): Promise<ProgramRun> =>
      runProgram(process.execPath, [suite.cli, ...args], { cwd: folder, env });

    const up = await devsetup('up', '--json');
    expect(up.exitCode, up.stderr).toBe(0);
    const { stages, site } = JSON.parse(up.stdout) as UpReport;
    expect(stages.map(({ id }) => id)).toEqual(['build', 'start', 'check']);
    await until('the server in the container answers', async () => (await answerOf(site?.url)) === 200);

    const inside = await devsetup('exec', '--container', '--', 'sh', '-c', 'pwd; cat; exit 3');
    expect([inside.exitCode, inside.stdout.trim()], inside.stderr).toEqual([3, '/workspaces/app']);
    expect((await devsetup('down')).stdout).toMatch(/^Stopped: /);
    expect(await answerOf(site?.url)).toBeNull();
    const removed = await devsetup('down', '--remove', '--json');
    expect(JSON.parse(removed.stdout), removed.stderr).toMatchObject({
      outcome: 'done',
      removed: [expect.any(String)],
      volumes: { kept: [expect.stringContaining('data')], deleted: [] },
    });
  });
});
