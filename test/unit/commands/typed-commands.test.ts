import { expect, test } from 'vitest';

import { asTyped, repeatCommand, startedAs, typedAs, type Start } from '../../../src/commands/typed-commands.ts';

const INSTALLED = '/shop/node_modules/django-devsetup/dist/cli.js';
const START: Start = {
  argv: ['node', '/shop/node_modules/.bin/devsetup'],
  cwd: '/shop/backend',
  env: {},
  cli: INSTALLED,
  isInstalled: true,
};
const ELSEWHERE = { cwd: '/other', isInstalled: false } as const;
const FETCHED = '/home/me/.npm/_npx/0c1f/node_modules/django-devsetup/dist/cli.js';

test.each([
  [{}, 'npx devsetup'],
  [{ cli: '/srv/devsetup/dist/cli.js', isInstalled: false }, 'npx devsetup'],
  [{ ...ELSEWHERE, env: { npm_command: 'exec' } }, 'npx django-devsetup'],
  [{ ...ELSEWHERE, cli: FETCHED }, 'npx django-devsetup'],
  [{ ...ELSEWHERE, cli: FETCHED.replace('.npm/_npx/0c1f', '.cache/pnpm/dlx/0c1f') }, 'npx django-devsetup'],
  [
    { ...ELSEWHERE, cli: FETCHED.replace('.npm/_npx/0c1f', 'tmp/bunx-0-django-devsetup@latest') },
    'npx django-devsetup',
  ],
  // Fetched by npx, and the run has installed the packages of the checkout meanwhile.
  [{ cli: FETCHED, env: { npm_command: 'exec' } }, 'npx devsetup'],
  [{ ...ELSEWHERE, argv: ['node', '/usr/bin/devsetup'], env: { PATH: '/bin:/usr/bin' } }, 'devsetup'],
  [{ ...ELSEWHERE, argv: ['node', '/usr/bin/django-devsetup'], env: { PATH: '/bin:/usr/bin' } }, 'django-devsetup'],
  [ELSEWHERE, `node ${INSTALLED}`],
] as const)('devsetup is typed as it can be found from there: %j', (changed, typed) => {
  expect(typedAs({ ...START, ...changed })).toBe(typed);
});

test.each([
  [['node', '/usr/bin/django-devsetup'], 'django-devsetup'],
  [['node', '/usr/bin/devsetup'], 'devsetup'],
  [['node', '/srv/devsetup/dist/cli.js'], 'devsetup'],
])('usage lines name the program as it was started: %j', (argv, name) => {
  expect(startedAs(argv)).toBe(name);
});

test('a run is repeated as it was typed', () => {
  const argv = ['node', 'cli.js', '--db', 'embedded', '--project', 'my shop', '--verbose'];
  expect(repeatCommand(argv)).toBe("npx devsetup --db embedded --project 'my shop'");
  expect(repeatCommand(argv, ['--db'])).toBe("npx devsetup --project 'my shop'");
  expect(repeatCommand(['node', 'cli.js', '--db=embedded', '--force'], ['--db'])).toBe('npx devsetup --force');
});

test.each([
  [
    '`npx devsetup --only backend-dependencies --force`.',
    '`npx devsetup --db embedded --only backend-dependencies --force`.',
  ],
  ['  npx devsetup\n', '  npx devsetup --db embedded\n'],
  ['run `npx devsetup doctor`', 'run `npx devsetup doctor --db embedded`'],
  ['  npx devsetup --db embedded\n', '  npx devsetup --db embedded\n'],
  ['`npx devsetup doctor --db embedded`', '`npx devsetup doctor --db embedded`'],
  ['run npx devsetup in that folder', 'run npx devsetup in that folder'],
  ['eval "$(npx devsetup db env)"', 'eval "$(npx devsetup db env)"'],
  ['the npx devsetup-like tool', 'the npx devsetup-like tool'],
  ['npx devsetup db stop && npx devsetup db start', 'npx devsetup db stop && npx devsetup db start'],
  ['`npx devsetup exec -- psql`', '`npx devsetup exec --db embedded -- psql`'],
  ['x && npx devsetup && y', 'x && npx devsetup --db embedded && y'],
])('a printed command keeps the flags of the run: %j', (text, typed) => {
  expect(asTyped(text, { db: 'embedded' }, START)).toBe(typed);
});

test('a printed command names the checkout and the configuration, too', () => {
  expect(asTyped('`npx devsetup`', { project: 'my shop', config: 'x.jsonc' }, START)).toBe(
    "`npx devsetup --project 'my shop' --config x.jsonc`",
  );
  expect(asTyped('npx devsetup db stop && npx devsetup db start', { project: 'x', config: 'y' }, START)).toBe(
    'npx devsetup db stop --project x && npx devsetup db start --project x --config y',
  );
  expect(asTyped('`npx devsetup migrate`, `npx devsetup`', { environment: 'prod' }, START)).toBe(
    '`npx devsetup migrate --environment prod`, `npx devsetup`',
  );
  expect(asTyped('npx devsetup audit', { project: 'x' }, START)).toBe('npx devsetup audit --project x');
  const server = 'npx devsetup exec --container -- python manage.py runserver';
  expect(asTyped(`\`npx devsetup up\` again, ${server}`, { devContainer: '.devcontainer/a' }, START)).toBe(
    `\`npx devsetup up --dev-container .devcontainer/a\` again, ${server.replace('exec', 'exec --dev-container .devcontainer/a')}`,
  );
  expect(asTyped('`npx devsetup`', {}, { ...START, ...ELSEWHERE })).toBe(`\`node ${INSTALLED}\``);
});

test.each([
  [
    'Merge them: `python manage.py makemigrations --merge shop`',
    'Merge them: `cd b && ./python manage.py makemigrations --merge shop`',
  ],
  ['`./python manage.py check`', '`./python manage.py check`'],
  ['`npx devsetup exec -- python manage.py check`', '`npx devsetup exec -- python manage.py check`'],
])('a command of Django is run by the interpreter of the project: %j', (text, typed) => {
  expect(asTyped(text, {}, START, { manage: 'cd b && ./python manage.py' })).toBe(typed);
  expect(asTyped(text, {}, START)).toBe(text);
});

test.each([
  [
    'start it with `docker compose -f docker/local.yml up -d db`.',
    '`cd .. && docker compose -f docker/local.yml up -d db`',
  ],
  ['Copy it: `cp .env.example .env`', '`cd .. && cp .env.example .env`'],
  ['cp .env.example .env', /^cd \.\. && cp/],
  [
    'python3.12 -m venv --clear backend/.venv && npx devsetup',
    /^cd \.\. && python3\.12 -m venv --clear backend\/\.venv/,
  ],
  ['Compose (`docker compose`) is what the dev container uses.', /\(`docker compose`\)/],
  ['Write to `docker-compose.yml`', '`docker-compose.yml`'],
  ['`cd frontend && npm install`', '`cd frontend && npm install`'],
])('a command that names files of the checkout is typed at its root: %j', (text, typed) => {
  const expected = typeof typed === 'string' ? expect.stringContaining(typed) : expect.stringMatching(typed);
  expect(asTyped(text, {}, START, { root: '/shop' })).toEqual(expected);
  expect(asTyped(text, {}, { ...START, cwd: '/shop' }, { root: '/shop' })).toBe(text);
});
