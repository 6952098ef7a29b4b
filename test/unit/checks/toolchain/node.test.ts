import { describe, expect, it } from 'vitest';

import { judgeNode } from '../../../../src/checks/toolchain/judge-node.ts';
import {
  manifestWishes,
  parseNodePin,
  readNodeWishes,
  type NodeWish,
} from '../../../../src/checks/toolchain/node-wishes.ts';
import { makeTree } from '../../project/make-tree.ts';

it.each([
  ['20', 20],
  ['v20', 20],
  ['20.11.0', 20],
  ['v18.x', 18],
  ['lts/iron', 20],
  ['lts/Jod', 22],
  ['lts/*', null],
  ['lts/-1', null],
  ['lts/unheard-of', null],
  ['node', null],
  ['system', null],
  ['latest', null],
  ['>=20', null],
  ['iojs-v3', null],
])('%j pins %j', (text, major) => {
  expect(parseNodePin(text)).toBe(major);
});

const range = (text: string, isEnforced = false): NodeWish => ({
  kind: 'range',
  source: 'package.json (engines)',
  file: 'package.json',
  text,
  isEnforced,
});

const codes = (version: string, wishes: readonly NodeWish[]): readonly string[] =>
  judgeNode(version, wishes, {}).map(({ code }) => code);

describe('a range', () => {
  it.each([
    ['>=18', []],
    ['>=20 <23', []],
    ['20', []],
    ['20.x || 22.x', []],
    ['^18.18 || ^20.9', []],
    ['*', []],
    ['', []],
    ['please use nvm', []],
    ['>=22', ['node-version-unsupported']],
    ['18.x', ['node-version-unsupported']],
  ])('%j', (text, expected) => {
    expect(codes('v20.20.2', [range(text)])).toEqual(expected);
  });

  it('includes a version before its release', () => {
    expect(codes('v23.0.0-nightly20260101', [range('>=20')])).toEqual([]);
  });

  it('that is enforced is an error', () => {
    expect(judgeNode('v20.1.0', [range('>=22', true)], {})[0]?.severity).toBe('error');
    expect(judgeNode('v20.1.0', [range('>=22')], {})[0]?.severity).toBeUndefined();
  });
});

it('all files that ask for another version are in one finding', () => {
  const pin = (file: string): NodeWish => ({ kind: 'pin', source: file, file, text: '18', majors: [18] });
  const [problem, ...more] = judgeNode('v20.1.0', [pin('.nvmrc'), pin('frontend/.nvmrc')], {});
  expect(more).toEqual([]);
  expect(problem).toMatchObject({
    code: 'node-version-mismatch',
    message: '.nvmrc asks for Node 18, and v20.1.0 is running.',
    evidence: ['.nvmrc: 18', 'frontend/.nvmrc: 18'],
    place: { file: '.nvmrc' },
  });
});

it('a pin beside a range is in its evidence, and no finding of its own', () => {
  const pin: NodeWish = { kind: 'pin', source: '.nvmrc', file: '.nvmrc', text: '22', majors: [22] };
  const [problem, ...more] = judgeNode('v20.1.0', [pin, range('>=22')], {});
  expect(more).toEqual([]);
  expect(problem).toMatchObject({
    code: 'node-version-unsupported',
    evidence: ['package.json (engines): >=22', '.nvmrc: 22'],
  });
});

it.each([
  [{}, null],
  [{ NVM_DIR: '/usr/local/share/nvm' }, 'nvm install 22'],
  [{ FNM_DIR: '/home/me/.fnm' }, 'fnm use --install-if-missing 22'],
  [{ VOLTA_HOME: '/home/me/.volta', NVM_DIR: '/x' }, 'volta install node@22'],
])('with %j it is installed by %j', (env, command) => {
  expect(judgeNode('v20.1.0', [range('>=22.4')], env)[0]?.remedy.command).toBe(command);
});

it.each([
  ['>=22.4', 'Install Node 22 '],
  ['<20', 'Install Node 18 '],
  ['>=16 <18', 'Install Node 16 '],
  ['<0.10', 'Install a Node that suits'],
])('%j is met by: %s', (text, remedy) => {
  expect(judgeNode('v20.1.0', [range(text)], {})[0]?.remedy.text.slice(0, remedy.length)).toBe(remedy);
});

describe('a package.json', () => {
  it('may say it in three places', () => {
    const text = JSON.stringify({
      engines: { node: '>=20', npm: '>=10' },
      volta: { node: '20.11.0', yarn: '1.22.0' },
      devEngines: { runtime: [{ name: 'bun' }, { name: 'node', version: '>=22', onFail: 'warn' }] },
    });
    expect(manifestWishes('package.json', text, false)).toEqual([
      { kind: 'range', source: 'package.json (engines)', file: 'package.json', text: '>=20', isEnforced: false },
      { kind: 'range', source: 'package.json (devEngines)', file: 'package.json', text: '>=22', isEnforced: false },
      { kind: 'pin', source: 'package.json (volta)', file: 'package.json', text: '20.11.0', majors: [20] },
    ]);
  });

  it.each(['not JSON', '[]', 'null', '{"engines": ["node"]}', '{"volta": {"extends": "../package.json"}}'])(
    'that says nothing: %s',
    (text) => {
      expect(manifestWishes('package.json', text, false)).toEqual([]);
    },
  );
});

it('reads the version files of every folder, comments aside', async () => {
  const root = await makeTree({
    '.nvmrc': '# as in production\nv20.11.0 # iron\n',
    '.tool-versions': 'python 3.12.1\nnodejs 22.1.0 20.11.0\n',
    'frontend/.nvmrc': 'lts/*\n',
    'frontend/.node-version': '18\n',
    'frontend/.npmrc': 'engine-strict=true\n',
    'frontend/package.json': '{"engines": {"node": ">=18"}}',
    'docs/.nvmrc': '\n',
  });
  const wishes = await readNodeWishes(
    root,
    ['', 'frontend', 'docs'].map((folder) => `${root}/${folder}`),
  );
  expect(wishes.map(({ source, text }) => `${source}: ${text}`)).toEqual([
    '.nvmrc: v20.11.0',
    '.tool-versions: 22.1.0 20.11.0',
    'frontend/.node-version: 18',
    'frontend/package.json (engines): >=18',
  ]);
  expect(wishes.at(-1)).toMatchObject({ isEnforced: true });
});
