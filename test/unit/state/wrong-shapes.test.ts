import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readCachedRun } from '../../../src/cache/cached-run.ts';
import { readSetupAnswer } from '../../../src/container/ask-setup.ts';
import { readOutcome } from '../../../src/container/read-outcome.ts';
import { ensureDemoFolder } from '../../../src/demo/demo-folder.ts';
import { readLinks } from '../../../src/postgres/embedded-binaries.ts';
import { readKept, verifyNothingIsLost } from '../../../src/postgres/embedded-kept.ts';
import { readKeeperMark } from '../../../src/server/keeper-mark.ts';
import { readLastRun, readRunning } from '../../../src/state/last-run.ts';
import { openStateStore, type StateStore } from '../../../src/state/state-store.ts';
import { readInstalled } from '../../../src/steps/backend-stamp.ts';
import { rememberedTenants } from '../../../src/steps/command-memory.ts';
import { unfinishedSchemas } from '../../../src/steps/unfinished-schemas.ts';
import { doneReport } from '../ui/support/example-report.ts';

type Document = Readonly<Record<string, unknown>>;

interface Kind {
  /** The file below a folder of its own. */
  readonly file: string;
  readonly good: Document | readonly unknown[];
  /** Fields that an older version did not write. */
  readonly optional?: readonly string[];
  /** The field that another version writes differently. */
  readonly version?: string;
  /** What devsetup makes of the file. */
  readonly read: (at: { readonly folder: string; readonly store: StateStore }) => unknown;
  /** What it makes of one that it does not understand; default: undefined or null, as null. */
  readonly discarded?: unknown;
}

/** What is read, or the error. */
const outcomeOf = async (read: () => unknown): Promise<unknown> => {
  try {
    return await read();
  } catch (error) {
    return error;
  }
};

const python = (folder: string): Parameters<typeof readInstalled>[1] =>
  ({ venv: join(folder, 'venv') }) as Parameters<typeof readInstalled>[1];

const TARGET = {
  host: 'h',
  port: 5432,
  database: 'd',
  user: 'u',
  tls: { mode: 'disable', rootCertificate: '', certificate: '', key: '' },
};

const KINDS: Readonly<Record<string, Kind>> = {
  'the last report': {
    file: 'last-run.json',
    good: { ...doneReport },
    optional: Object.keys(doneReport).filter((key) => ['database', 'unmigrated'].includes(key)),
    version: 'schemaVersion',
    read: ({ store }) => readLastRun(store),
  },
  'the mark of a run that goes on': {
    file: 'running.json',
    good: { pid: 7, startedAt: '2026-01-02T03:04:05.000Z', processStart: '12', logFile: null },
    optional: ['processStart', 'logFile'],
    read: ({ store }) => readRunning(store),
  },
  'the cache of the last good run': {
    file: 'cache.json',
    good: {
      version: 1,
      key: 'k',
      observed: { files: [], written: [], listed: [], scanned: [], trees: [] },
      observedDigest: '',
      checkoutDigest: '',
      variables: null,
      salt: '',
      environmentDigest: '',
      target: TARGET,
      password: { kind: 'none' },
      tables: [],
      databaseDigest: '',
      states: {},
    },
    version: 'version',
    read: ({ store }) => readCachedRun(store),
  },
  'what a command has done': {
    file: 'guest-tenant.json',
    good: { fingerprint: 'f', command: 'c', tenants: ['t'], finished: true, incomplete: false },
    optional: ['finished', 'incomplete'],
    read: ({ store }) => rememberedTenants({ state: store }, 'guest-tenant'),
    discarded: [],
  },
  'a schema whose migration was cut short': {
    file: 'unfinished-schema.a.json',
    good: { database: '', schema: 'a' },
    read: ({ store }) => unfinishedSchemas(store).list(),
    discarded: [],
  },
  'what was installed into a virtual environment': {
    file: 'venv/.devsetup-stamp.json',
    good: { inputs: 'i', distributions: [{ name: 'django', version: '5.2', places: ['django'] }] },
    read: ({ folder, store }) => readInstalled(store, python(folder)),
  },
  'the keeper of the local server': {
    file: 'keeper.json',
    good: { pid: 7, processStart: null, state: 'ready', port: 5432, failure: null },
    read: ({ folder }) => readKeeperMark(join(folder, 'keeper.json')),
  },
  'what a dev container ended with': {
    file: 'outcome.json',
    good: { outcome: 'success', containerId: 'c' },
    optional: ['containerId'],
    read: ({ folder }) => readOutcome(textOf(folder)).kind,
    discarded: expect.toBeOneOf(['absent', 'unreadable']),
  },
  'what devsetup in a container answers': {
    file: 'answer.json',
    good: { command: 'status', outcome: 'failed', step: null, logFile: null },
    read: ({ folder }) => readSetupAnswer(textOf(folder)).kind,
    discarded: expect.toBeOneOf(['absent', 'unreadable']),
  },
  'the address of the local server': {
    file: 'server.json',
    good: { port: 5432, password: 'p', data: '' },
    read: ({ folder }) => readKept(folder),
  },
  'the links of the embedded PostgreSQL': {
    file: 'pg-symlinks.json',
    good: [{ source: 'native/a', target: 'native/b' }],
    read: ({ folder }) => readLinks(join(folder, 'pg-symlinks.json')),
    discarded: expect.objectContaining({ code: 'EMBEDDED_POSTGRES_DAMAGED' }),
  },
  'the mark of a demo': {
    file: '.devsetup-demo.json',
    good: { superuserPassword: 'p', copied: true },
    read: ({ folder }) => ensureDemoFolder(folder, folder),
    discarded: expect.objectContaining({ code: 'DEMO_FOLDER_NOT_EMPTY' }),
  },
};

const texts = new Map<string, string>();
const textOf = (folder: string): string => texts.get(folder) ?? '';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'shapes-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** The file with this text in a folder of its own, as devsetup reads it. */
const readText = async ({ file, read }: Kind, text: string): Promise<unknown> => {
  const folder = await mkdtemp(join(root, 'a-'));
  const path = join(folder, file);
  mkdirSync(join(path, '..'), { recursive: true });
  if (file === 'server.json') {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'PG_VERSION'), '18');
  }
  writeFileSync(path, text.replace('"data":""', `"data":${JSON.stringify(join(folder, 'data'))}`));
  texts.set(folder, text);
  return (await outcomeOf(() => read({ folder, store: openStateStore(folder) }))) ?? null;
};

const wrongOnes = ({ good, optional = [], version }: Kind): readonly (readonly [string, unknown])[] => {
  const general: (readonly [string, unknown])[] = [
    ['null', null],
    ['a text', 'text'],
    ['a number', 7],
    ['a list of null', [null]],
    ['a list of lists', [[]]],
  ];
  if (!isDocument(good)) return [...general, ['an object', {}], ['a list of objects without fields', [{}]]];
  const keys = Object.keys(good).filter((key) => !optional.includes(key));
  return [
    ...general,
    ['an empty list', []],
    ['an empty object', {}],
    ['a list around it', [good]],
    ...keys.map(
      (key) => [`without ${key}`, Object.fromEntries(Object.entries(good).filter(([each]) => each !== key))] as const,
    ),
    ...Object.keys(good).map((key) => [`with ${key} of another type`, { ...good, [key]: { nested: [7] } }] as const),
    ...(version === undefined ? [] : [['of another version', { ...good, [version]: 99 }] as const]),
  ];
};

const isDocument = (good: Kind['good']): good is Document => !Array.isArray(good);

describe.each(Object.entries(KINDS))('%s', (_name, kind) => {
  const { discarded = null } = kind;

  test('is read as it was written', async () => {
    expect(await readText(kind, JSON.stringify(kind.good))).not.toEqual(discarded);
  });

  test('of any other shape is discarded, or a clear error', async () => {
    const odd = wrongOnes(kind).map(([name, value]) => [name, JSON.stringify(value)] as const);
    const texts = [
      ...odd,
      ['empty', ''],
      ['cut short', JSON.stringify(kind.good).slice(0, -3)],
      ['not text', '\0\uFFFD'],
    ] as const;
    for (const [name, text] of texts) expect([name, await readText(kind, text)]).toEqual([name, discarded]);
  });
});

test('a damaged address of the local server is an error as long as there is data, which is left alone', async () => {
  const folder = await mkdtemp(join(root, 'a-'));
  mkdirSync(join(folder, 'data'));
  expect(() => verifyNothingIsLost(folder)).not.toThrow();
  writeFileSync(join(folder, 'server.json'), 'null');
  expect(() => verifyNothingIsLost(folder)).not.toThrow();
  writeFileSync(join(folder, 'data', 'PG_VERSION'), '18');
  expect(() => verifyNothingIsLost(folder)).toThrow(expect.objectContaining({ code: 'EMBEDDED_POSTGRES_UNREADABLE' }));
});

test('the address of the local server names no folder but its own', async () => {
  const kept = { port: 5432, password: 'p', data: '/etc' };
  expect(
    await readText({ ...KINDS['the address of the local server'], file: 'server.json' } as Kind, JSON.stringify(kept)),
  ).toBeNull();
});
