import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test, vi, beforeEach, afterEach } from 'vitest';

import { chooseLog } from '../../../src/setup/choose-log.ts';
import { makeTree } from '../project/make-tree.ts';

let top: string;
beforeEach(async () => {
  top = await makeTree({
    'home/.ssh': null,
    'home/state': null,
    'home/shop/.git/hooks': null,
    'home/shop/logs': null,
    'home/shop/link': { link: '../.ssh' },
    'temporary/x': '',
  });
  // The folders of this test lie in the temporary folder themselves.
  vi.stubEnv('TMPDIR', path.join(top, 'temporary'));
});
afterEach(() => void vi.unstubAllEnvs());

const choose = (configured: string, variable?: string): ReturnType<typeof chooseLog> =>
  chooseLog({
    variable,
    configured: path.resolve(top, configured),
    root: path.join(top, 'home/shop'),
    stateDirectory: path.join(top, 'home/state'),
    temporary: [tmpdir()],
  });

describe('logFile of the configuration', () => {
  test.each(['home/shop/logs/x.log', 'home/shop/x.log', 'home/state/x.log', 'temporary/x.log'])('may be %s', (file) => {
    expect(choose(file)).toEqual({ path: path.join(top, file), refusal: null });
  });

  test.each([
    ['a file in the home directory', 'home/.bashrc'],
    ['a file in a folder of keys', 'home/.ssh/authorized_keys'],
    ['a hook of git', 'home/shop/.git/hooks/pre-commit'],
    ['the configuration of git', 'home/shop/.git/config'],
    ['a path with ..', 'home/shop/../.profile'],
    ['a path through a link of the checkout', 'home/shop/link/config'],
    ['a file of the system', '/etc/profile'],
  ])('may not be %s', (_, file) => {
    expect(choose(file).refusal).toContain('DEVSETUP_LOG_FILE');
  });

  test('gives way to DEVSETUP_LOG_FILE, which may be anywhere', () => {
    mkdirSync(path.join(top, 'home/var'));
    const file = path.join(top, 'home/var/x.log');
    expect(choose('home/.bashrc', file)).toEqual({ path: file, refusal: null });
  });
});
