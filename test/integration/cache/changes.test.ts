import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Host } from '../../../src/setup/host.ts';
import type { SetupOptions } from '../../../src/steps/context.ts';
import { IN_THE_CHECKOUT } from './rows/checkout.ts';
import { IN_THE_DATABASE, NOT_COMPARABLE } from './rows/database.ts';
import { HARMLESS } from './rows/harmless.ts';
import { OUTSIDE } from './rows/outside.ts';
import { openCachedSite, type CachedSite } from './support/cached-site.ts';
import { row, type Place, type Row } from './support/row.ts';
import { undoable } from './support/undoable.ts';

/** One set-up, cached, for all rows: each is one change, after which the cache must not answer, and its way back. */
let site: CachedSite;
const change = undoable();
const placeOf = (found: CachedSite): Place => ({
  site: found,
  change,
  inCheckout: (name) => path.join(found.project.root, name),
  inBackend: (name) => path.join(found.project.backend, name),
  outside: (name) => path.join(found.outside, name),
  installed: (name) => path.join(found.site, name),
});

beforeAll(async () => {
  site = await openCachedSite();
});
afterEach(async () => {
  await change.undo();
  await site.rebase();
});
afterAll(() => site.remove());

const noticed = (rows: readonly Row[], reason: string): void => {
  it.each(rows)('notices $what', async ({ make }) => {
    expect(await site.ask()).toMatchObject({ isValid: true });
    await make(placeOf(site));
    expect(await site.ask()).toEqual({ isValid: false, reason });
  });
};

describe('the cache of the last good run, in the checkout,', () => {
  noticed(IN_THE_CHECKOUT, 'the checkout changed');
});

describe('the cache of the last good run, outside of the checkout,', () => {
  noticed(OUTSIDE, 'installed packages, or other files outside of the checkout, changed');
  noticed(
    [
      row('another interpreter behind the same name', () =>
        change.relink(path.join(site.venv, 'bin/python'), '/bin/true'),
      ),
    ],
    'devsetup, its configuration, its flags or the machine changed',
  );
});

describe('the cache of the last good run, in the environment,', () => {
  const variables: readonly (readonly [string, string, string | undefined])[] = [
    ['looked up by os.environ', 'LOOKED_UP', 'two'],
    ['looked up by os.environb', 'AS_BYTES', 'two'],
    ['looked up by os.getenvb', 'AS_BYTES_TOO', 'two'],
    ['looked up in posix.environ', 'OF_POSIX', 'two'],
    ['looked up in environ._data', 'OF_DATA', 'two'],
    ['looked up and not set', 'UNSET', 'one'],
    ['looked up and not set, set to nothing', 'UNSET', ''],
    ['that libpq reads', 'PGOPTIONS', '-c search_path=x'],
    ['that Python reads', 'PYTHONPATH', '/tmp'],
    ['that the C library reads', 'TZ', 'Asia/Tokyo'],
    ['that may be read by native code', 'GDAL_DATA', '/tmp'],
    ['that decides the settings', 'DJANGO_SETTINGS_MODULE', 'other.settings'],
    ['that nobody is known to read', 'NOBODY_ASKS', 'two'],
    ['with the address of the database', 'DATABASE_URL', 'postgres://localhost:1/other'],
  ];
  it.each(variables)('notices a variable %s', async (_, name, value) => {
    expect(await site.ask()).toMatchObject({ isValid: true });
    expect(await site.ask({ env: { [name]: value ?? '' } })).toEqual({
      isValid: false,
      reason: 'the environment changed',
    });
  });

  const others: readonly (readonly [
    string,
    { readonly options?: Partial<SetupOptions>; readonly host?: Partial<Host> },
  ])[] = [
    ['another devsetup', { host: { version: '0.0.1' } }],
    ['another machine', { host: { machine: ['that machine'] } }],
    ['--allow-remote', { options: { allowRemote: true } }],
  ];
  it.each(others)('notices %s', async (_, changed) => {
    expect(await site.ask(changed)).toMatchObject({ isValid: false });
  });

  noticed(
    [
      row('the configuration', ({ change, site: { project } }) =>
        change.create(project.config, '{ "superuser": { "schemas": ["guest"] } }'),
      ),
      row('what is remembered of a command of the project', ({ change }) => change.create(memory(), '{}')),
    ],
    'devsetup, its configuration, its flags or the machine changed',
  );

  noticed(
    [row('an env file', ({ change, inCheckout }) => change.create(inCheckout('.env'), 'ADDED=1\n'))],
    'the environment changed',
  );

  const memory = (): string => path.join(site.stateDirectory, 'super-tenant.json');
});

describe('the cache of the last good run, in the database,', () => {
  noticed(IN_THE_DATABASE, 'the database changed');
  noticed(NOT_COMPARABLE, 'the database could not be compared');
});

describe('what changes while Django reads it', () => {
  const edited = (file: string) => (): void => writeFileSync(file, readFileSync(file));
  const created = (file: string) => (): void => writeFileSync(file, '');
  const removed = (file: string) => (): void => rmSync(file);
  it.each([
    ['a file of the checkout is saved', ({ inBackend }: Place) => edited(inBackend('fees/models.py'))],
    ['a file appears in the checkout', ({ inBackend }: Place) => created(inBackend('appeared'))],
    ['a file of the checkout is removed', ({ inBackend }: Place) => removed(inBackend('appeared'))],
    ['a file outside is saved', ({ outside }: Place) => edited(outside('text'))],
    ['a file appears in a folder that was listed', ({ outside }: Place) => created(outside('listed/new'))],
    ['a file is removed from a folder that was listed', ({ outside }: Place) => removed(outside('listed/new'))],
  ])('is not cached: %s', async (_, during) => {
    writeFileSync(path.join(site.stateDirectory, 'cache.json'), 'null');
    const { notices } = await site.run(during(placeOf(site)));
    expect(notices.join('\n')).toMatch(/This run is not cached: .* changed during the run\./);
    expect((await site.run()).djangoStarts).toBe(1);
    expect((await site.run()).djangoStarts).toBe(0);
  });
});

describe('a cache file of another shape', () => {
  const file = (): string => path.join(site.stateDirectory, 'cache.json');
  const replaced = (edit: (document: Record<string, unknown>) => unknown) => async (): Promise<void> => {
    const document: Record<string, unknown> = JSON.parse(await readFile(file(), 'utf8'));
    await change.edit(file(), JSON.stringify(edit(document)));
  };
  const without = (key: string) => replaced((document) => ({ ...document, [key]: undefined }));
  const keys = ['version', 'key', 'observed', 'variables', 'target', 'password', 'tables', 'states', 'salt'];
  it.each([
    row(
      'null',
      replaced(() => null),
    ),
    row(
      'a list',
      replaced((document) => [document]),
    ),
    row(
      'a number',
      replaced(() => 7),
    ),
    row(
      'a text',
      replaced(() => 'cache'),
    ),
    row(
      'an empty object',
      replaced(() => ({})),
    ),
    row(
      'of another version',
      replaced((document) => ({ ...document, version: 99 })),
    ),
    row(
      'with a null for its states',
      replaced((document) => ({ ...document, states: null })),
    ),
    row(
      'with a state of another kind',
      replaced((document) => ({ ...document, states: { database: { kind: 'needed' } } })),
    ),
    row(
      'with paths that are no texts',
      replaced((document) => ({ ...document, observed: { files: [1] } })),
    ),
    row(
      'with a port that is a text',
      replaced((document) => ({ ...document, target: { port: '5432' } })),
    ),
    row('cut short', async () => change.edit(file(), (await readFile(file(), 'utf8')).slice(0, 500))),
    row('empty', () => change.edit(file(), '')),
    row('no JSON', () => change.edit(file(), '\u0000\u0001')),
    row('of 100 MB', () => change.edit(file(), 'x'.repeat(100_000_000))),
    row('nested a hundred thousand times', () => change.edit(file(), '['.repeat(100_000))),
    row('a folder', async () => {
      await change.remove(file());
      await change.createFolder(file());
    }),
    ...keys.map((key) => row(`without ${key}`, without(key))),
  ])('is discarded: $what', async ({ make }) => {
    await make(placeOf(site));
    expect(await site.ask()).toEqual({ isValid: false, reason: 'no good run is cached' });
  });
});

describe('the cache of the last good run is still taken', () => {
  it.each(HARMLESS)('$what', async ({ make }) => {
    await make(placeOf(site));
    expect(await site.ask()).toMatchObject({ isValid: true });
  });

  it('in another terminal', async () => {
    const env = {
      PWD: '/elsewhere',
      OLDPWD: '/',
      SHLVL: '7',
      _: '/usr/bin/npx',
      TERM: 'xterm-256color',
      TERM_PROGRAM: 'vscode',
      VSCODE_IPC_HOOK_CLI: '/tmp/x.sock',
      SSH_CLIENT: '10.0.0.1 1 2',
      TMUX: '/tmp/tmux,1,0',
      npm_lifecycle_event: 'setup',
      LS_COLORS: 'x',
      PATH: `/opt/bin:${site.env['PATH']}`,
    };
    expect(await site.ask({ env })).toMatchObject({ isValid: true });
  });
});
