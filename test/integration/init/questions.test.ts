import { afterEach, describe, expect, it } from 'vitest';

import { answerDevsetup, KEYS, question, type Answer } from '../../support/on-terminal.ts';
import { checkoutOf, MANAGE_PY, type Checkout } from './support/checkout.ts';

const { enter: ENTER, up: UP, down: DOWN, clearLine: CLEAR } = KEYS;
const YES: Answer = ['Do this? [y/N]', `y${ENTER}`];

interface Answered {
  readonly exitCode: number;
  readonly screen: string;
}

/** `devsetup init` as a person runs it. */
const answer = async (checkout: Checkout, answers: readonly Answer[], ...flags: string[]): Promise<Answered> => {
  const open = answers.map(([shown, typed]): Answer => [
    /^(?:It takes|Type) /.test(shown) ? shown : question(shown),
    typed,
  ]);
  const { raw, exitCode } = await answerDevsetup(['init', '--no-install', ...flags], open, { cwd: checkout.root });
  return { exitCode, screen: raw.replaceAll('\r\n', '\n') };
};

describe('devsetup init on a terminal', () => {
  let checkout: Checkout;
  afterEach(() => checkout.remove());

  it('asks for what nothing says, shows the plan, and writes once it may', async () => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY });
    const { screen, exitCode } = await answer(checkout, [
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
    expect(exitCode, screen).toBe(0);
    expect(screen).toContain('The dev container is set up.');
    const compose = await checkout.read('.devcontainer/docker-compose.yml');
    expect(compose).toContain('image: postgres:16.11-bookworm');
    expect(compose).toContain("PYTHON_VERSION: '3.12'");
  });

  it('does not ask for what the checkout or a flag says', async () => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY, '.python-version': '3.11\n' });
    const { screen, exitCode } = await answer(checkout, [YES], '--postgres', '16');
    expect(exitCode, screen).toBe(0);
    expect(screen).not.toContain('Python version');
  });

  it('writes nothing after a no', async () => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY, '.python-version': '3.11\n' });
    const { screen, exitCode } = await answer(checkout, [['Do this? [y/N]', ENTER]], '--postgres', '16');
    expect(exitCode, screen).toBe(1);
    expect(screen).toContain('Nothing was written.');
    expect(await checkout.exists('.devcontainer')).toBe(false);
  });

  it("asks for each file of somebody else's, having shown how it differs", async () => {
    const files = {
      '.devcontainer/Dockerfile': 'FROM python:3.11\n',
      'manage.py': MANAGE_PY,
      '.python-version': '3.11\n',
    };
    checkout = await checkoutOf(files);
    const replace = 'Replace .devcontainer/Dockerfile by what is shown? [y/N]';
    const refused = await answer(checkout, [[replace, `n${ENTER}`]], '--postgres', '16');
    expect(refused.screen).toContain('-FROM python:3.11');
    expect(refused.exitCode, refused.screen).toBe(1);
    expect(await checkout.read('.devcontainer/Dockerfile')).toBe('FROM python:3.11\n');

    const allowed = await answer(checkout, [[replace, `y${ENTER}`], YES], '--postgres', '16');
    expect(allowed.exitCode, allowed.screen).toBe(0);
    expect(await checkout.read('.devcontainer/Dockerfile')).toContain('ARG PYTHON_VERSION=3.11');
  });

  it('asks which of several backends it is', async () => {
    checkout = await checkoutOf({
      'shop/manage.py': MANAGE_PY,
      'admin/manage.py': MANAGE_PY,
      '.python-version': '3.11',
    });
    const { screen, exitCode } = await answer(
      checkout,
      [['Which folder is the backend?', ENTER], YES],
      '--postgres',
      '16',
    );
    expect(exitCode, screen).toBe(0);
    expect(await checkout.read('devsetup.config.jsonc')).toContain('admin/manage.py');
  });

  it('says what is wrong with an answer at once, and asks again', async () => {
    const image = { name: 'shop', image: 'mcr.microsoft.com/devcontainers/python:3.12' };
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY });
    const { screen, exitCode } = await answer(checkout, [
      ['Python version', UP + ENTER],
      ['Python version', `banana${ENTER}`],
      ['It takes a version such as 3.12.', `${CLEAR}3.11${ENTER}`],
      ['PostgreSQL version', UP + ENTER],
      ['PostgreSQL version', `latest${ENTER}`],
      ['It takes a version such as 17 or 17.7.', `${CLEAR}16${ENTER}`],
      ['Do this? [y/N]', `banana${ENTER}`],
      ['Type y for yes, or n for no.', `${CLEAR}y${ENTER}`],
    ]);
    expect(exitCode, screen).toBe(0);
    expect(screen).toContain('The dev container is set up.');
    expect(await checkout.read('.devcontainer/docker-compose.yml')).toContain("PYTHON_VERSION: '3.11'");
    await checkout.remove();

    checkout = await checkoutOf({
      'manage.py': MANAGE_PY,
      '.devcontainer/api/devcontainer.json': JSON.stringify(image),
      '.devcontainer/web/devcontainer.json': JSON.stringify(image),
    });
    const other = await answer(checkout, [
      ['Which dev container is set up?', DOWN + DOWN + ENTER],
      ['This dev container has no database.', DOWN + ENTER],
      YES,
    ]);
    expect(other.exitCode, other.screen).toBe(0);
    expect(await checkout.read('.devcontainer/web/devcontainer.json')).toContain('docker-compose.yml');
    expect(await checkout.read('.devcontainer/api/devcontainer.json')).toBe(JSON.stringify(image));
    expect(other.screen).toContain('Note: .devcontainer/api/devcontainer.json stays as it is.');
  });
});
