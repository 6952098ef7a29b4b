import { spawn } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { beforeAll, describe, expect, inject, it } from 'vitest';

import type { DoctorReport } from '../../src/core/doctor-report.ts';
import type { InitReport } from '../../src/core/init-report.ts';
import type { UpReport } from '../../src/core/up-report.ts';
import { cleanEnvironment, runProgram, runToSuccess, type ProgramRun } from '../e2e/support/run-program.ts';
import { needs } from '../support/needs.ts';
import { createSampleProject } from '../support/sample-project.ts';
import { until } from '../support/until.ts';
import { plainDjango } from '../support/variations.ts';
import { answerOf } from './support/answer-of.ts';
import { imageWithNode } from './support/base-images.ts';
import { giveToContainerUser } from './support/container-user.ts';
import { report } from './support/report.ts';

const provided = inject('containers');

/** Who works in the container, and where its file is: one of both on each engine. */
const KIND =
  provided.ok && provided.suite.hasBuildKit
    ? ({ file: '.devcontainer/devcontainer.json', remoteUser: 'vscode' } as const)
    : ({ file: '.devcontainer.json', remoteUser: 'root' } as const);

// One container, with nothing edited by hand between the commands.
describe(
  'a repository whose dev container is an image alone',
  needs(provided.ok, 'no container engine answers'),
  () => {
    let folder: string;
    let env: NodeJS.ProcessEnv;
    let cli: string;
    let devsetup: (...args: readonly string[]) => Promise<ProgramRun>;

    beforeAll(async () => {
      if (!provided.ok) return;
      const { suite } = provided;
      folder = path.join(suite.root, `image only ${suite.id}`);
      const project = await createSampleProject({ into: folder, dependencies: true, variations: [plainDjango] });
      await rm(project.frontend, { recursive: true });
      const cache = `source=${path.join(suite.root, '.cache')},target=/cache,type=bind`;
      const properties = {
        image: await imageWithNode(suite),
        remoteUser: KIND.remoteUser,
        mounts: [cache],
        containerEnv: { PIP_CACHE_DIR: '/cache/pip' },
      };
      const file = path.join(folder, KIND.file);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, `${JSON.stringify(properties, null, 2)}\n`);
      await runToSuccess('git', ['init', '--quiet'], { cwd: folder, env: cleanEnvironment() });
      // The container sees the checkout and nothing next to it.
      await mkdir(path.join(folder, 'vendor'));
      await copyFile(suite.tarball, path.join(folder, 'vendor/devsetup.tgz'));
      cli = suite.cli;
      env = cleanEnvironment({ ...suite.env, DEVSETUP_STATE_DIR: path.join(suite.root, 'state') });
      devsetup = (...args) => runProgram(process.execPath, [cli, ...args], { cwd: folder, env });
    });

    const up = async (): Promise<UpReport & { readonly log: string }> => {
      const { exitCode, stdout, stderr } = await devsetup('up', '--json');
      expect(exitCode, stderr + stdout).toBe(0);
      const said = JSON.parse(stdout) as UpReport;
      report('devsetup up of an image', said.milliseconds / 1000);
      return { ...said, log: await readFile(said.logFile ?? '', 'utf8') };
    };

    it('gets a database, and a port that the host reaches, by devsetup init', async () => {
      const { exitCode, stdout, stderr } = await devsetup(
        'init',
        '--yes',
        '--json',
        '--package',
        'file:vendor/devsetup.tgz',
      );
      expect(exitCode, stderr).toBe(0);
      expect(JSON.parse(stdout) as InitReport).toMatchObject({ outcome: 'done', problems: [] });
      await giveToContainerUser(folder);
    });

    it('comes up with a migrated database and a site whose server, started as printed, answers the host', async () => {
      const { setup, site, devcontainer } = await up();
      expect(setup).toMatchObject({ outcome: 'succeeded' });
      expect(devcontainer).toMatchObject({ remoteUser: KIND.remoteUser });
      const typed = (site?.start ?? 'false').replace('npx devsetup', `exec '${process.execPath}' '${cli}'`);
      const server = spawn('sh', ['-c', `${typed} --noreload`], { cwd: folder, env, stdio: 'ignore' });
      try {
        await until('the site answers', async () => {
          if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode}: ${typed}`);
          return (await answerOf(`${site?.url}admin/login/`)) === 200;
        });
      } finally {
        server.kill();
      }
    });

    it('is healthy inside', async () => {
      const inside = ['exec', '--container', '--', 'npx', '--no-install', 'devsetup', 'doctor', '--json'];
      const { exitCode, stdout, stderr } = await devsetup(...inside);
      expect(exitCode, stdout + stderr).toBe(0);
      const { checks } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as DoctorReport;
      const codes = checks.flatMap(({ findings }) => findings.map(({ code }) => code));
      expect(codes).toEqual(KIND.remoteUser === 'root' ? ['devcontainer-root-user'] : []);
    });

    it('keeps its database when the container is removed, killed server included, and created again', async () => {
      expect((await devsetup('down', '--remove')).stdout).toMatch(/^Removed: /);
      const { setup, log } = await up();
      expect(setup).toMatchObject({ outcome: 'succeeded' });
      expect(log).toContain('Nothing to do');
      const stopped = await devsetup('down');
      expect([stopped.exitCode, stopped.stdout], stopped.stderr).toEqual([0, expect.stringMatching(/^Stopped: /)]);
    });
  },
);
