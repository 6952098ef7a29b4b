import { execFileSync } from 'node:child_process';
import { linkSync, renameSync, symlinkSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { declareRoot } from '../../../src/checkout/boundary.ts';
import { readBytes, type ReadOptions } from '../../../src/checkout/read-bytes.ts';
import { makeTree } from '../project/make-tree.ts';

const OUTSIDE = 'it leads outside the checkout';

const told = (file: string, options: ReadOptions = {}): string => {
  const found = readBytes(file, options);
  return found.kind === 'bytes' ? found.bytes.toString('utf8') : found.kind === 'absent' ? 'absent' : found.reason;
};

describe('a checkout in a git work tree', () => {
  test.each([
    ['a link to a file outside', 'shop/link', '../secret'],
    ['a link to a file outside by its absolute path', 'shop/link', '/etc/passwd'],
    ['a link to the environment of this process', 'shop/link', '/proc/self/environ'],
    ['a link to another checkout', 'shop/link', '../other/settings.yml'],
    ['a link through a link that stays inside', 'shop/link', 'hop'],
    ['a file in a folder that is a link to another checkout', 'shop/folder/settings.yml', null],
    ['a file below a link to the root of the file system', 'shop/top/etc/passwd', null],
    ['a link to a device without end', 'shop/link', '/dev/zero'],
  ])('refuses %s', async (_, file, target) => {
    const root = await makeTree({
      secret: 'password',
      'other/.git': null,
      'other/settings.yml': 'other',
      'shop/.git': null,
      'shop/hop': { link: '../secret' },
      'shop/folder': { link: '../other' },
      'shop/top': { link: '/' },
      ...(target === null ? {} : { [file]: { link: target } }),
    });
    expect(told(path.join(root, file))).toBe(OUTSIDE);
    expect(told(path.join(root, file), { within: path.join(root, 'shop') })).toBe(OUTSIDE);
    expect(told(path.join(root, file), { from: path.join(root, 'shop') })).toBe(OUTSIDE);
  });

  test.each([
    ['a relative link', 'shop/a/link', '../b/real'],
    ['a link in a project folder to the folder next to it', 'shop/a/shared', '../b'],
    ['a link through two folders', 'shop/link', 'a/../b/real'],
  ])('follows %s inside it', async (_, link, target) => {
    const root = await makeTree({ 'shop/.git': null, 'shop/a/x': '', 'shop/b/real': 'ok', [link]: { link: target } });
    const file = link.endsWith('shared') ? path.join(root, link, 'real') : path.join(root, link);
    expect(told(file)).toBe('ok');
    expect(told(file, { within: path.join(root, 'shop/a') })).toBe('ok');
    expect(told(file, { from: path.join(root, 'shop/a') })).toBe('ok');
  });

  test('is found where the checkout itself is reached through a link', async () => {
    const root = await makeTree({
      'real/.git': null,
      'real/file': 'ok',
      'real/inner': { link: 'file' },
      'real/outer': { link: '../secret' },
      secret: 'password',
      link: { link: 'real' },
    });
    expect(told(path.join(root, 'link/inner'), { within: path.join(root, 'link') })).toBe('ok');
    expect(told(path.join(root, 'link/inner'))).toBe('ok');
    expect(told(path.join(root, 'link/outer'))).toBe(OUTSIDE);
  });

  test('names files of its own only: a path that leads out is refused without any link', async () => {
    const root = await makeTree({ secret: 'password', 'shop/.git': null, 'shop/a.txt': '-r ../secret' });
    const file = path.join(root, 'secret');
    expect(told(file, { from: path.join(root, 'shop') })).toBe(OUTSIDE);
    expect(told(file, { within: path.join(root, 'shop') })).toBe(OUTSIDE);
    // What the user typed may be anywhere.
    expect(told(file)).toBe('password');
  });
});

test('a checkout without git ends at its root', async () => {
  const root = await makeTree({ secret: 'password', 'shop/..odd': 'ok', 'shop/link': { link: '../secret' } });
  expect(told(path.join(root, 'shop/link'), { within: path.join(root, 'shop') })).toBe(OUTSIDE);
  expect(told(path.join(root, 'shop/..odd'), { within: path.join(root, 'shop') })).toBe('ok');
});

test('a link of a declared project without git must not lead out of it, one inside may', async () => {
  const root = await makeTree({
    secret: 'password',
    'shop/real': 'ok',
    'shop/out': { link: '../secret' },
    'shop/inner': { link: 'real' },
    'link/x': { link: '../shop/real' },
  });
  const shop = path.join(root, 'shop');
  expect(told(path.join(shop, 'out'))).toBe('password');
  declareRoot(shop);
  expect(told(path.join(shop, 'out'))).toBe(OUTSIDE);
  expect(told(path.join(shop, 'inner'))).toBe('ok');
  // Other folders are not concerned, nor are places that the user typed.
  expect(told(path.join(root, 'link/x'))).toBe('ok');
  expect(told(path.join(root, 'secret'))).toBe('password');
});

test('declaring a folder of a git work tree does not narrow it', async () => {
  const root = await makeTree({ '.git': null, common: 'ok', 'backend/link': { link: '../common' } });
  declareRoot(path.join(root, 'backend'));
  expect(told(path.join(root, 'backend/link'))).toBe('ok');
});

test('a home directory that is kept in git is not the checkout of what lies in it', async () => {
  const home = await makeTree({ '.git': null, '.netrc': 'password', 'shop/link': { link: '../.netrc' } });
  vi.stubEnv('HOME', home);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(told(path.join(home, 'shop/link'), { within: path.join(home, 'shop') })).toBe(OUTSIDE);
});

test('a virtual environment may be a link to anywhere', async () => {
  const root = await makeTree({
    'venvs/x/pyvenv.cfg': 'home = /usr',
    'shop/.git': null,
    'shop/.venv': { link: '../venvs/x' },
  });
  expect(told(path.join(root, 'shop/.venv/pyvenv.cfg'), { anywhere: true })).toBe('home = /usr');
});

describe('what is no file to read', () => {
  test('a named pipe that nobody writes to is refused without waiting', async () => {
    const root = await makeTree({ a: null });
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    expect(told(path.join(root, 'pipe'))).toBe('it is not a regular file');
  });

  test.each(['/dev/zero', '/dev/null'])('the device %s is refused', (device) => {
    expect(told(device)).toBe('it is not a regular file');
  });

  test('a folder is refused', async () => {
    expect(told(await makeTree({}))).toBe('it is a folder');
  });

  test('a socket is refused', async () => {
    const root = await makeTree({});
    const server = createServer().listen(path.join(root, 'socket'));
    await new Promise((resolve) => {
      server.once('listening', resolve);
    });
    onTestFinished(() => void server.close());
    expect(told(path.join(root, 'socket'))).toBe('it is not a regular file');
  });

  test('a circle of links is refused', async () => {
    const root = await makeTree({ '.git': null, a: { link: 'b' }, b: { link: 'a' } });
    expect(told(path.join(root, 'a'))).toBe('it cannot be read (ELOOP)');
  });

  test('a link to nothing is absent', async () => {
    const root = await makeTree({ '.git': null, a: { link: 'b' } });
    expect(told(path.join(root, 'a'))).toBe('absent');
  });

  test('a name with a zero byte is refused', () => {
    expect(told('/etc/passwd\0.yml')).toMatch(/^it cannot be read/);
  });

  test('a file of 10 GB is refused without reading it', async () => {
    const root = await makeTree({ large: '' });
    truncateSync(path.join(root, 'large'), 10_000_000_000);
    expect(told(path.join(root, 'large'))).toBe('it is larger than 32 MB');
  });

  test('a file that claims to be empty and is not is read up to the limit', () => {
    expect(told('/proc/self/status')).toMatch(/^Name:/);
    expect(told('/proc/self/status', { mostBytes: 10 })).toMatch(/^it is larger/);
  });
});

test('a file with a second name (hard link) is read', async () => {
  const root = await makeTree({ '.git': null, a: 'ok' });
  linkSync(path.join(root, 'a'), path.join(root, 'b'));
  expect(told(path.join(root, 'b'), { within: root })).toBe('ok');
});

test('whatever a folder is replaced by while files are read from it, nothing outside is read', async () => {
  const root = await makeTree({
    'shop/.git': null,
    'shop/inside/f': 'ok',
    'evil/f': 'password',
    'shop/link': { link: 'inside' },
  });
  const at = (name: string): string => path.join(root, 'shop', name);
  for (let round = 0; round < 20; round += 1) {
    symlinkSync(round % 2 === 0 ? '../evil' : 'inside', at('next'));
    renameSync(at('next'), at('link'));
    expect(told(at('link/f'))).toBe(round % 2 === 0 ? OUTSIDE : 'ok');
  }
});
