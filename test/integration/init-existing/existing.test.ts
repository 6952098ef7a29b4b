import { stat } from 'node:fs/promises';
import path from 'node:path';

import { parse } from 'jsonc-parser';
import { parse as parseYaml } from 'yaml';
import { afterEach, describe, expect, it } from 'vitest';

import { runDevsetup } from '../../support/run-devsetup.ts';
import { checkoutOf, MANAGE_PY, type Checkout } from '../init/support/checkout.ts';

const CALL = 'npx --no-install devsetup';
const startingWith = (text: string): string => expect.stringMatching(new RegExp(`^${text} \\|\\| \\{`)) as string;
const DEV_CONTAINER = '.devcontainer/devcontainer.json';

const COMPOSE = `services:
  # where we work
  web:
    image: example.org/web:1
    depends_on: [database] # short form
  database:
    image: postgres:16-alpine
    environment:
      POSTGRES_PASSWORD: postgres
`;

describe('devsetup init in a checkout with a dev container of its own', () => {
  let checkout: Checkout;
  afterEach(() => checkout.remove());

  it('shows what would change and why, and changes nothing', async () => {
    const hooks = { postCreateCommand: 'pip install -r requirements.txt && python manage.py migrate' };
    const files = {
      'manage.py': MANAGE_PY,
      [DEV_CONTAINER]: JSON.stringify({ image: 'example.org/web:1', ...hooks }, null, 2),
    };
    checkout = await checkoutOf(files);
    const { report } = await checkout.report('--dry-run');
    expect(report.outcome).toBe('would-change');
    const planned = report.files.find(({ path }) => path === DEV_CONTAINER);
    expect(planned).toMatchObject({ action: 'update', written: false });
    expect(planned?.reason).toContain(
      'postCreateCommand runs devsetup instead of pip install -r requirements.txt, python manage.py migrate, which it does',
    );
    expect(await checkout.read(DEV_CONTAINER)).toBe(files[DEV_CONTAINER]);
    const { stderr } = await checkout.init('--dry-run');
    expect(stderr).toContain('-  "postCreateCommand": "pip install -r requirements.txt && python manage.py migrate"');
    expect(stderr).toContain(`+  "postCreateCommand": "${CALL} --db embedded || {`);
  });

  it('fixes scripts of hooks that cannot start, and warns of a hook that deletes data as long as it does', async () => {
    const SCRIPT = '.devcontainer/setup.sh';
    checkout = await checkoutOf({
      'manage.py': MANAGE_PY,
      [SCRIPT]: '#!/bin/sh\r\necho ready\r\n',
      [DEV_CONTAINER]: JSON.stringify({
        image: 'example.org/web:1',
        initializeCommand: 'docker volume prune -f',
        onCreateCommand: `./${SCRIPT}`,
        updateContentCommand: ['cd .devcontainer && echo ready'],
        postAttachCommand: 'bash gone.sh',
      }),
    });
    const first = await checkout.report();
    expect(first.report.outcome, first.stderr).toBe('done');
    expect(first.report.files.find(({ path }) => path === SCRIPT)).toEqual({
      path: SCRIPT,
      action: 'update',
      written: true,
      reason: 'a hook starts it, so it becomes executable, also in git; a hook runs it, so it gets LF line ends',
    });
    expect(await checkout.read(SCRIPT)).toBe('#!/bin/sh\necho ready\n');
    expect((await stat(path.join(checkout.root, SCRIPT))).mode & 0o111).toBe(0o111);
    const hooks = parse(await checkout.read(DEV_CONTAINER));
    expect(hooks.updateContentCommand).toMatch(/^\(cd \.devcontainer && echo ready\) && npm install && /);
    const warnings = [
      expect.stringMatching(/^initializeCommand runs `docker volume prune` each time .* Remove `docker volume prune`/),
      expect.stringMatching(/^postAttachCommand cannot run gone\.sh: gone\.sh does not exist/),
    ];
    const kept = expect.stringContaining('The data of the embedded PostgreSQL lasts as long as the container');
    expect(first.report.notes).toEqual([...warnings, kept]);
    const second = await checkout.report();
    expect([second.report.outcome, second.report.notes]).toEqual(['unchanged', warnings]);
  });

  it('edits a compose file elsewhere, keeps the comments, and has nothing to do the second time', async () => {
    checkout = await checkoutOf({
      'manage.py': MANAGE_PY,
      'docker-compose.yml': COMPOSE,
      [DEV_CONTAINER]: `{
  // ours
  "dockerComposeFile": ["../docker-compose.yml"],
  "service": "web", // where we work
  "workspaceFolder": "/workspace",
  "postStartCommand": {
    "server": "python manage.py runserver" // for the designers
  }
}
`,
    });
    const first = await checkout.report();
    expect(first.report.outcome, first.stderr).toBe('done');
    const text = await checkout.read(DEV_CONTAINER);
    expect(text).toContain('"service": "web", // where we work\n');
    expect(parse(text)).toMatchObject({
      postCreateCommand: startingWith(CALL),
      postStartCommand: { server: 'python manage.py runserver', devsetup: startingWith(`${CALL} --if-needed`) },
    });
    const compose = await checkout.read('docker-compose.yml');
    expect(compose).toContain('  # where we work\n');
    expect(parseYaml(compose)).toMatchObject({
      services: {
        web: { depends_on: { database: { condition: 'service_healthy' } } },
        database: { image: 'postgres:16-alpine', healthcheck: { start_period: '30s' } },
      },
    });
    const second = await checkout.report();
    expect(second.report.outcome).toBe('unchanged');
    expect(await checkout.read(DEV_CONTAINER)).toBe(text);
  });

  it('the doctor finds nothing to say about the commands it wrote', async () => {
    checkout = await checkoutOf({
      'manage.py': MANAGE_PY,
      [DEV_CONTAINER]: '{ "image": "example.org/web:1", "postCreateCommand": ["pre-commit", "install"] }\n',
    });
    await checkout.report();
    expect(parse(await checkout.read(DEV_CONTAINER))).toMatchObject({
      postCreateCommand: startingWith(`pre-commit install && ${CALL} --db embedded ||`),
    });
    const { stdout } = await runDevsetup(['doctor', '--only', 'devcontainer-hooks', '--json'], { cwd: checkout.root });
    const { checks } = JSON.parse(stdout) as { checks: readonly { id: string; findings: readonly unknown[] }[] };
    expect(checks.find(({ id }) => id === 'devcontainer-hooks')).toMatchObject({ status: 'passed', findings: [] });
  });

  it('leaves a devcontainer.json that is not valid as it is, and says where', async () => {
    const broken = '{\n  "name": "x"\n  "image": "y"\n}\n';
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY, [DEV_CONTAINER]: broken });
    const { report } = await checkout.report();
    expect(report.files.find(({ path }) => path === DEV_CONTAINER)).toMatchObject({
      action: 'keep',
      reason: 'it is not valid in line 3; correct it first',
    });
    expect(await checkout.read(DEV_CONTAINER)).toBe(broken);
  });

  it('never shows a secret of a script', async () => {
    checkout = await checkoutOf({
      'manage.py': MANAGE_PY,
      [DEV_CONTAINER]: '{ "image": "example.org/web:1", "postCreateCommand": "make setup" }\n',
      Makefile: [
        'export DB_PASSWORD := s3cr3t-of-make',
        'setup:',
        '\tPGPASSWORD=s3cr3t-of-psql psql -c "CREATE ROLE shop PASSWORD \'s3cr3t-of-role\'"',
        '\tpython manage.py migrate',
        '\tpython manage.py add_user --password s3cr3t-of-user',
        '',
      ].join('\n'),
    });
    const { stdout, stderr, report } = await checkout.report();
    expect(stdout + stderr).not.toContain('s3cr3t');
    expect(report.scripts[0]).toMatchObject({
      file: 'Makefile',
      takenOver: [{ line: 4, step: 'shared-migrations' }],
      unknown: [{ line: 3 }, { line: 5, step: null }],
    });
    expect((await checkout.init('--dry-run', '--force')).stderr).not.toContain('s3cr3t');
  });
});
