import path from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { runProgram } from '../../e2e/support/run-program.ts';
import { CLI } from '../../support/run-devsetup.ts';
import { checkoutOf, MANAGE_PY, type Checkout } from './support/checkout.ts';

const ON_TERMINAL = path.resolve(import.meta.dirname, 'support/answer-on-terminal.py');

type Answer = readonly [question: string, typed: string];

/** `devsetup init` as a person runs it; what the terminal showed, with the exit code in its last line. */
const answer = async (checkout: Checkout, answers: readonly Answer[], ...flags: string[]): Promise<string> => {
  const command = [process.execPath, CLI, 'init', '--no-install', ...flags];
  const { stdout } = await runProgram('python3', [ON_TERMINAL, JSON.stringify(answers), ...command], {
    cwd: checkout.root,
    env: { PATH: process.env['PATH'] ?? '', HOME: checkout.root, TERM: 'xterm' },
  });
  return stdout.replaceAll('\r\n', '\n');
};

describe('devsetup init on a terminal', () => {
  let checkout: Checkout;
  afterEach(() => checkout.remove());

  it('asks for what nothing says, shows the plan, and writes once it may', async () => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY });
    const screen = await answer(checkout, [
      ['Python version [3.12]: ', '\n'],
      ['[17.7]: ', '16.11\n'],
      ['Do this? [y/N] ', 'y\n'],
    ]);
    expect(screen).toContain('create    .devcontainer/docker-compose.yml');
    expect(screen).toMatch(/The dev container is set up\.[^]*\nexit 0\n$/);
    const compose = await checkout.read('.devcontainer/docker-compose.yml');
    expect(compose).toContain('image: postgres:16.11-bookworm');
    expect(compose).toContain("PYTHON_VERSION: '3.12'");
  });

  it('does not ask for what the checkout or a flag says', async () => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY, '.python-version': '3.11\n' });
    const screen = await answer(checkout, [['Do this? [y/N] ', 'y\n']], '--postgres', '16');
    expect(screen).toMatch(/exit 0\n$/);
    expect(screen).not.toContain(']: ');
  });

  it('writes nothing after a no', async () => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY, '.python-version': '3.11\n' });
    const screen = await answer(checkout, [['Do this? [y/N] ', '\n']], '--postgres', '16');
    expect(screen).toMatch(/Nothing was written\..*\nexit 1\n$/);
    expect(await checkout.exists('.devcontainer')).toBe(false);
  });

  it('writes nothing after Ctrl-C', async () => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY, '.python-version': '3.11\n' });
    const screen = await answer(checkout, [['Do this? [y/N] ', '\u0003']], '--postgres', '16');
    expect(screen).toMatch(/exit 130\n$/);
    expect(await checkout.exists('.devcontainer')).toBe(false);
  });

  it("asks for each file of somebody else's, having shown how it differs", async () => {
    const files = {
      '.devcontainer/Dockerfile': 'FROM python:3.11\n',
      'manage.py': MANAGE_PY,
      '.python-version': '3.11\n',
    };
    checkout = await checkoutOf(files);
    const question = 'Replace .devcontainer/Dockerfile by what is shown? [y/N] ';
    const refused = await answer(checkout, [[question, 'n\n']], '--postgres', '16');
    expect(refused).toContain('-FROM python:3.11');
    expect(refused).toMatch(/exit 1\n$/);
    expect(await checkout.read('.devcontainer/Dockerfile')).toBe('FROM python:3.11\n');

    const allowed = await answer(
      checkout,
      [
        [question, 'y\n'],
        ['Do this? [y/N] ', 'y\n'],
      ],
      '--postgres',
      '16',
    );
    expect(allowed).toMatch(/exit 0\n$/);
    expect(await checkout.read('.devcontainer/Dockerfile')).toContain('ARG PYTHON_VERSION=3.11');
  });

  it('asks which of several backends it is', async () => {
    checkout = await checkoutOf({
      'shop/manage.py': MANAGE_PY,
      'admin/manage.py': MANAGE_PY,
      '.python-version': '3.11',
    });
    const screen = await answer(
      checkout,
      [
        ['Which folder is the backend? ', 'admin\n'],
        ['Do this? [y/N] ', 'y\n'],
      ],
      '--postgres',
      '16',
    );
    expect(screen).toMatch(/exit 0\n$/);
    expect(await checkout.read('devsetup.config.jsonc')).toContain('admin/manage.py');
  });
});
