import path from 'node:path';
import { chmod } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadEnvironment } from '../../../src/config/load-environment.ts';
import type { Environment } from '../../../src/config/environment.ts';
import { withoutRights } from '../../support/needs.ts';
import { makeTree, type Tree } from '../project/make-tree.ts';

const load = async (
  tree: Tree,
  processEnv: Readonly<Record<string, string | undefined>> = {},
  files?: readonly string[],
): Promise<{ root: string; environment: Environment }> => {
  const root = await makeTree(tree);
  const environment = loadEnvironment({
    root,
    processEnv,
    backendDirectory: path.join(root, 'backend'),
    files: files?.map((file) => path.join(root, file)),
  });
  return { root, environment };
};

describe('a variable', () => {
  const everywhere: Tree = {
    'backend/.env.local': 'A=backend local',
    '.env.local': 'A=root local\nB=root local',
    'backend/.env': 'A=backend\nB=backend\nC=backend',
    '.env': 'A=root\nB=root\nC=root\nD=root',
  };

  it.each([
    ['A', 'backend local', 'backend/.env.local'],
    ['B', 'root local', '.env.local'],
    ['C', 'backend', 'backend/.env'],
    ['D', 'root', '.env'],
  ])('%s is %j and comes from %s', async (name, value, file) => {
    const { root, environment } = await load(everywhere);
    expect(environment.get(name)).toBe(value);
    expect(environment.origin(name)).toEqual({ file: path.join(root, file) });
  });

  it('of the process wins, also an empty one', async () => {
    const { environment } = await load(everywhere, { A: 'process', B: '', C: undefined });
    expect(environment.asRecord()).toEqual({ A: 'process', B: '', C: 'backend', D: 'root' });
    expect(environment.origin('A')).toBe('process');
    expect(environment.origin('C')).not.toBe('process');
    expect(environment.origin('NOWHERE')).toBeUndefined();
  });

  it('of a later configured file wins, and only those files are read', async () => {
    const tree: Tree = { '.env': 'A=0\nB=0', 'one.env': 'A=1\nC=1', 'two.env': 'A=2' };
    const { environment } = await load(tree, {}, ['one.env', 'two.env']);
    expect(environment.asRecord()).toEqual({ A: '2', C: '1' });
  });

  it.each([
    ['export A=b', 'b'],
    ['A = b # comment', 'b'],
    ['A=b#c', 'b#c'],
    ['A=p#ss#w # comment', 'p#ss#w'],
    ['A="b # c"', 'b # c'],
    ["A='b#c'", 'b#c'],
    ['A=@:/%', '@:/%'],
    ['A="a b"', 'a b'],
    ['A="one\ntwo"', 'one\ntwo'],
    ['HOST=db\nA=http://${HOST}/x', 'http://db/x'],
    ['A=${MISSING:-else}', 'else'],
    ['A=pa${MISSING}ss', 'pa${MISSING}ss'],
    ['A=$B$', '$B$'],
    ['A=${A}', '${A}'],
    ['A=x${B}\nB=y${A}', 'xy${A}'],
    ['\uFEFFA=b\r\n', 'b'],
    ['A=', ''],
  ])('written as %j is %j', async (text, value) => {
    expect((await load({ '.env': text })).environment.get('A')).toBe(value);
  });

  it('of the process is not expanded', async () => {
    const { environment } = await load({ '.env': 'B=x' }, { A: '${B}' });
    expect(environment.get('A')).toBe('${B}');
  });
});

describe('a file', () => {
  it('that is a folder, such as a virtual environment called .env, is ignored', async () => {
    const { environment } = await load({ '.env/pyvenv.cfg': '', 'backend/.env': 'A=1' });
    expect(environment.warnings).toEqual([]);
    expect(environment.asRecord()).toEqual({ A: '1' });
  });

  it('that cannot be read is a warning', async () => {
    // A circular link cannot be read by anybody, root included.
    const { root, environment } = await load({ '.env': { link: '.env' }, 'backend/.env': 'A=1' });
    expect(environment.warnings).toEqual([
      `${path.join(root, '.env')}: it cannot be read (ELOOP); its variables are not set.`,
    ]);
    expect(environment.get('A')).toBe('1');
  });

  it('that may not be read is a warning', async () => {
    const root = await makeTree({ '.env': 'A=1' });
    await chmod(path.join(root, '.env'), 0);
    const environment = await withoutRights(root, async () => loadEnvironment({ root, processEnv: {} }));
    expect(environment.warnings).toHaveLength(1);
  });

  it('is listed as a layer, the strongest first', async () => {
    const { root, environment } = await load({ '.env': 'A=1\nB=1', '.env.local': 'A=2' });
    expect(environment.layers.map(({ file, variables }) => [path.relative(root, file), [...variables.keys()]])).toEqual(
      [
        ['.env.local', ['A']],
        ['.env', ['A', 'B']],
      ],
    );
  });
});

describe('secrets', () => {
  it.each([
    'DB_PASSWORD',
    'PGPASSWORD',
    'DB_PASS',
    'SECRET_KEY',
    'DJANGO_SECRET_KEY',
    'GITHUB_TOKEN',
    'STRIPE_API_KEY',
    'APIKEY',
    'AWS_SECRET_ACCESS_KEY',
    'SENTRY_DSN',
    'password',
    'MYSQL_PWD',
  ])('include the value of %s', async (name) => {
    expect((await load({}, { [name]: 'value' })).environment.secrets()).toEqual(['value']);
  });

  it.each([
    'PWD',
    'OLDPWD',
    'PATH',
    'KEYBOARD',
    'DB_USER',
    'SSH_KEY_FILE',
    'PASSWORD_RESET_TIMEOUT',
    'MONKEY',
    'DEBUG',
  ])('do not include the value of %s', async (name) => {
    expect((await load({}, { [name]: 'value' })).environment.secrets()).toEqual([]);
  });

  it.each([
    ['postgres://app:hidden@db/app', 'hidden'],
    ['postgres://app:p@ss/w#rd@db/app', 'p@ss/w#rd'],
    ['redis://:hidden@cache/0', 'hidden'],
    ['postgres://app:p%40ss@db/app', 'p%40ss'],
  ])('include the password in %s', async (url, password) => {
    expect((await load({ '.env': `URL='${url}'` })).environment.secrets()).toEqual([password]);
  });
});
