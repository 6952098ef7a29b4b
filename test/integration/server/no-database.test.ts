import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { afterEach, describe, expect, test } from 'vitest';

import type { DoctorReport } from '../../../src/core/doctor-report.ts';
import { findFreePort } from '../../../src/postgres/free-port.ts';
import { KEYS, startOnTerminal, type Session } from '../../support/on-terminal.ts';
import { CLI, runDevsetup } from '../../support/run-devsetup.ts';
import { writeProjectFile } from '../../support/sample-project.ts';
import { plainDjango } from '../../support/variations.ts';
import { openSite, outcomeOf, type Site } from '../behaviour/support/site.ts';
import { openCheckout, type Checkout } from './support/checkout.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Alone extends Site {
  readonly checkout: Checkout;
  readonly port: number;
  onTerminal(...args: readonly string[]): Promise<Session>;
}

/** Settings that name a port of this machine where nothing listens. */
const open = async (): Promise<Alone> => {
  const port = await findFreePort();
  const DATABASE_URL = `postgres://app:pw@localhost:${port}/app`;
  const site = await openSite({ variations: [plainDjango], env: { DATABASE_URL } });
  const checkout = await openCheckout(site.project.root);
  cleanups.push(site.remove, checkout.remove);
  const onTerminal: Alone['onTerminal'] = async (...args) => {
    const { home } = await checkout.run(['status']);
    const env = {
      PATH: process.env['PATH'],
      TERM: 'xterm-256color',
      HOME: home,
      DEVSETUP_STATE_DIR: path.join(home, 'state'),
      DEVSETUP_LOG_FILE: path.join(home, 'devsetup.log'),
      VIRTUAL_ENV: site.python.directory,
      DATABASE_URL,
    };
    const command = [process.execPath, CLI, ...args] as const;
    return startOnTerminal(command, { columns: 100, rows: 40, cwd: site.project.root, env });
  };
  return { ...site, checkout, port, onTerminal };
};

const QUESTION = 'Let devsetup run a PostgreSQL for this checkout, without Docker? [y/N]';

describe('nothing listens at the address that the settings name', () => {
  test('on a terminal devsetup offers its own server, uses it after a yes, and remembers it', async () => {
    const site = await open();
    const interrupted = await site.onTerminal('--only', 'database');
    await interrupted.waitFor(QUESTION);
    interrupted.type(KEYS.ctrlD);
    expect((await interrupted.ended).exitCode, interrupted.shown()).toBe(130);

    const no = await site.onTerminal('--only', 'database');
    await no.waitFor(QUESTION);
    no.type(`banana${KEYS.enter}`);
    await no.waitFor('Type y for yes, or n for no.');
    no.type(`${KEYS.clearLine}${KEYS.enter}`);
    const declined = await no.ended;
    expect(declined.exitCode, declined.raw).toBe(1);
    const text = declined.raw.replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      `Nothing listens at localhost:${site.port}/app, and nothing in this checkout starts a database there.`,
    );
    expect(text).toContain('without Docker: `npx devsetup --db embedded`');

    const yes = await site.onTerminal('--only', 'database');
    await yes.waitFor(QUESTION);
    yes.type('y\r');
    const accepted = await yes.ended;
    expect(accepted.exitCode, accepted.raw).toBe(0);
    // Only the result of what followed.
    expect(accepted.raw).not.toContain('Start PostgreSQL');
    const doctor = await site.show(['doctor', '--only', 'database']);
    expect(doctor.exitCode, doctor.stdout).toBe(0);
  });

  test('without a terminal the sentence, the finding and --yes name it; so --yes does for a service name of compose', async () => {
    const site = await open();
    const { code, message, hint } = (await site.run(['--only', 'database'])).failure('database');
    expect({ code, message }).toEqual({
      code: 'DATABASE_UNREACHABLE',
      message: `Nothing listens at localhost:${site.port}/app, and nothing in this checkout starts a database there.`,
    });
    expect(hint).toContain('`npx devsetup --db embedded`');
    const { checks } = JSON.parse((await site.show(['doctor', '--only', 'database', '--json'])).stdout) as DoctorReport;
    const finding = checks.flatMap(({ findings }) => findings).find((one) => one.code === 'database-unreachable');
    expect(finding?.remedy.text).toContain('`npx devsetup --db embedded`');
    const accepted = await site.run(['--yes', '--only', 'database']);
    expect(accepted.exitCode, accepted.stdout).toBe(0);
    expect(accepted.report.database).toMatchObject({ embedded: true });

    // A service of compose, known by a name that this machine cannot resolve.
    await writeProjectFile(site.project, 'compose.yaml', 'services:\n  db:\n    image: postgres:17\n');
    const DATABASE_URL = 'postgres://app:pw@db:5432/app';
    expect((await site.run(['--only', 'database'], { DATABASE_URL })).failure('database').message).toBe(
      'No database at db:5432/app: the name db belongs to the network of compose, and devsetup runs outside of it.',
    );
    const instead = await site.run(['--yes', '--only', 'database'], { DATABASE_URL });
    expect(instead.exitCode, instead.stdout).toBe(0);
    expect(instead.report.database).toMatchObject({ embedded: true });
  });

  test('a compose service that publishes the port is named, and --yes runs its command, whose failure is shown', async () => {
    const site = await open();
    const file = 'services:\n  db:\n    image: postgres:17\n    ports: ["PORT:5432"]\n';
    await writeProjectFile(site.project, 'compose.yaml', file.replace('PORT', String(site.port)));
    await writeProjectFile(site.project, 'devsetup.config.json', '{"database": {"waitSeconds": 0}}');
    const cwd = path.join(site.project.root, 'backend');
    const named = await runDevsetup(['--only', 'database', '--json'], {
      cwd,
      env: site.env,
      python: site.python,
    });
    expect(outcomeOf(named).failure('database').hint).toBe(
      'The compose service `db` publishes this port: start it with `cd .. && docker compose up -d db`.',
    );

    // In place of Docker a program that writes down what it is asked, and fails as Docker does without an engine.
    const programs = path.join(site.project.root, 'programs');
    await mkdir(programs);
    const asked = path.join(programs, 'asked');
    await writeFile(path.join(programs, 'docker'), `#!/bin/sh\necho "$@" >> '${asked}'\necho no engine >&2\nexit 1\n`);
    await chmod(path.join(programs, 'docker'), 0o755);
    const PATH = `${programs}:${process.env['PATH'] ?? ''}`;
    const failed = (await site.run(['--yes', '--only', 'database'], { PATH })).failure('database');
    expect(failed.message).toContain('and `docker compose up -d db` failed.');
    expect(failed.output).toEqual(['no engine']);
    expect((await site.run(['--dry-run', '--yes'], { PATH })).exitCode).toBe(1);
    expect(await readFile(asked, 'utf8')).toBe('compose up -d db\n');
  });
});
