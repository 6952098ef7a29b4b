import path from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { runProgram } from '../../e2e/support/run-program.ts';
import { CLI, runDevsetup } from '../../support/run-devsetup.ts';
import { checkoutOf, MANAGE_PY, type Checkout } from './support/checkout.ts';

const ON_TERMINAL = path.resolve(import.meta.dirname, 'support/answer-on-terminal.py');

type Answer = readonly [question: string, typed: string];
/** Keys as a terminal in raw mode sends them. */
const ENTER = '\r';
const UP = '\u001B[A';
const DOWN = '\u001B[B';
const CLEAR = '\u0015';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const YES: Answer = ['Do this? [y/N]', `y${ENTER}`];

/** `devsetup init` as a person runs it; what the terminal showed, with the exit code in its last line. */
const answer = async (checkout: Checkout, answers: readonly Answer[], ...flags: string[]): Promise<string> => {
  // An open question; one that was answered is shown again with another mark.
  const open = answers.map(([shown, typed]) => [/^(?:It takes|Type) /.test(shown) ? shown : `◆  ${shown}`, typed]);
  const command = [process.execPath, CLI, 'init', '--no-install', ...flags];
  const { stdout } = await runProgram('python3', [ON_TERMINAL, JSON.stringify(open), ...command], {
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
      ['Python version', ENTER],
      ['PostgreSQL version', DOWN + DOWN + ENTER],
      YES,
    ]);
    const found = screen.indexOf('Found:');
    expect(screen.slice(found)).toMatch(
      /backend +manage\.py\n.*settings +.*\n.*database +no file starts one\n.*frontend +none/,
    );
    expect(found).toBeLessThan(screen.indexOf('Python version'));
    expect(screen).toContain('create    .devcontainer/docker-compose.yml');
    expect(screen).toContain('+    image: postgres:16.11-bookworm');
    expect(screen).toMatch(/The dev container is set up\.[^]*\nexit 0\n$/);
    const compose = await checkout.read('.devcontainer/docker-compose.yml');
    expect(compose).toContain('image: postgres:16.11-bookworm');
    expect(compose).toContain("PYTHON_VERSION: '3.12'");
  });

  it('does not ask for what the checkout or a flag says', async () => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY, '.python-version': '3.11\n' });
    const screen = await answer(checkout, [YES], '--postgres', '16');
    expect(screen).toMatch(/exit 0\n$/);
    expect(screen).not.toContain('Python version');
  });

  it('writes nothing after a no', async () => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY, '.python-version': '3.11\n' });
    const screen = await answer(checkout, [['Do this? [y/N]', ENTER]], '--postgres', '16');
    expect(screen).toMatch(/Nothing was written\..*\nexit 1\n$/);
    expect(await checkout.exists('.devcontainer')).toBe(false);
  });

  it.each<[string, string, number]>([
    ['Ctrl-C', CTRL_C, 130],
    ['the end of the input', CTRL_D, 1],
  ])('writes nothing after %s', async (_, key, code) => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY, '.python-version': '3.11\n' });
    const screen = await answer(checkout, [['Do this? [y/N]', key]], '--postgres', '16');
    expect(screen).toMatch(new RegExp(`exit ${code}\n$`));
    expect(await checkout.exists('.devcontainer')).toBe(false);
  });

  it("asks for each file of somebody else's, having shown how it differs", async () => {
    const files = {
      '.devcontainer/Dockerfile': 'FROM python:3.11\n',
      'manage.py': MANAGE_PY,
      '.python-version': '3.11\n',
    };
    checkout = await checkoutOf(files);
    const question = 'Replace .devcontainer/Dockerfile by what is shown? [y/N]';
    const refused = await answer(checkout, [[question, `n${ENTER}`]], '--postgres', '16');
    expect(refused).toContain('-FROM python:3.11');
    expect(refused).toMatch(/exit 1\n$/);
    expect(await checkout.read('.devcontainer/Dockerfile')).toBe('FROM python:3.11\n');

    const allowed = await answer(checkout, [[question, `y${ENTER}`], YES], '--postgres', '16');
    expect(allowed).toMatch(/exit 0\n$/);
    expect(await checkout.read('.devcontainer/Dockerfile')).toContain('ARG PYTHON_VERSION=3.11');
  });

  it('asks which of several backends it is', async () => {
    checkout = await checkoutOf({
      'shop/manage.py': MANAGE_PY,
      'admin/manage.py': MANAGE_PY,
      '.python-version': '3.11',
    });
    const screen = await answer(checkout, [['Which folder is the backend?', ENTER], YES], '--postgres', '16');
    expect(screen).toMatch(/exit 0\n$/);
    expect(await checkout.read('devsetup.config.jsonc')).toContain('admin/manage.py');
  });

  it('says what is wrong with an answer at once, and asks again', async () => {
    const image = { name: 'shop', image: 'mcr.microsoft.com/devcontainers/python:3.12' };
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY });
    const screen = await answer(checkout, [
      ['Python version', UP + ENTER],
      ['Python version', `banana${ENTER}`],
      ['It takes a version such as 3.12.', `${CLEAR}3.11${ENTER}`],
      ['PostgreSQL version', UP + ENTER],
      ['PostgreSQL version', `latest${ENTER}`],
      ['It takes a version such as 17 or 17.7.', `${CLEAR}16${ENTER}`],
      ['Do this? [y/N]', `banana${ENTER}`],
      ['Type y for yes, or n for no.', `${CLEAR}y${ENTER}`],
    ]);
    expect(screen).toMatch(/The dev container is set up\.[^]*\nexit 0\n$/);
    expect(await checkout.read('.devcontainer/docker-compose.yml')).toContain("PYTHON_VERSION: '3.11'");
    await checkout.remove();

    checkout = await checkoutOf({
      'manage.py': MANAGE_PY,
      '.devcontainer/api/devcontainer.json': JSON.stringify(image),
      '.devcontainer/web/devcontainer.json': JSON.stringify(image),
    });
    const other = await answer(checkout, [
      ['Which dev container?', DOWN + ENTER],
      ['This dev container has no database.', DOWN + ENTER],
      YES,
    ]);
    expect(other).toMatch(/exit 0\n$/);
    expect(await checkout.read('.devcontainer/web/devcontainer.json')).toContain('docker-compose.yml');
    expect(await checkout.read('.devcontainer/api/devcontainer.json')).toBe(JSON.stringify(image));
  });

  it('writes nothing without a terminal that could answer, and says what to type', async () => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY });
    const { exitCode, stdout, stderr } = await runDevsetup(['init', '--no-install'], { cwd: checkout.root });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Type npx devsetup init --no-install --yes to write what the plan shows');
    expect(await checkout.exists('.devcontainer')).toBe(false);
  });
});
