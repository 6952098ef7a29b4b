import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { parse } from 'jsonc-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { REPOSITORY } from '../../e2e/support/installed-package.ts';
import { violations } from '../../unit/ui/support/json-schema.ts';
import { checkoutOf, MANAGE_PY, type Checkout } from './support/checkout.ts';

const schema = JSON.parse(await readFile(path.join(REPOSITORY, 'schemas/init-report.schema.json'), 'utf8'));

const DEV_CONTAINER = '.devcontainer/devcontainer.json';
const SCRIPT = '.devcontainer/setup.sh';
const GO = 'from django.core.management import call_command\ncall_command("runserver")\n';
const files = {
  'backend/manage.py': MANAGE_PY,
  [DEV_CONTAINER]: [
    '// Ours',
    '{',
    '  "name": "shop", // of the shop',
    '  "image": "mcr.microsoft.com/devcontainers/python:3.12",',
    `  "postCreateCommand": "bash ${SCRIPT}"`,
    '}',
    '',
  ].join('\n'),
  [SCRIPT]: [
    '#!/bin/bash',
    'set -e',
    'cd backend',
    'pip install -r requirements.txt',
    'export API_TOKEN=verysecretvalue',
    'python manage.py migrate',
    'python manage.py loaddata countries',
    'python manage.py createsuperuser --noinput',
    'echo "ready"',
    '',
  ].join('\n'),
};

describe('devsetup init beside a hand-written set-up', () => {
  let checkout: Checkout;
  beforeEach(async () => {
    checkout = await checkoutOf(files);
  });
  afterEach(() => checkout.remove());

  it('says which lines it takes over, offers the others as steps, and leaves the script', async () => {
    const { exitCode, stderr } = await checkout.init();
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/devsetup does:[^]*pip install -r requirements.txt {2}→ backend-dependencies/);
    expect(stderr).toMatch(/becomes a step of its own:\n +7 {2}python manage.py loaddata countries/);
    expect(stderr).toMatch(/postCreateCommand runs devsetup instead of[^]*setup\.sh/);
    expect(stderr).not.toContain('verysecretvalue');
    expect(await checkout.read(SCRIPT)).toBe(files[SCRIPT]);
    expect(parse(await checkout.read('devsetup.config.jsonc'))).toEqual({
      steps: [expect.objectContaining({ manage: ['loaddata', 'countries'], after: 'tenant-migrations' })],
    });
    expect(parse(await checkout.read(DEV_CONTAINER))).toMatchObject({
      postCreateCommand: expect.stringMatching(/^npx --no-install devsetup --db embedded \|\| \{/) as string,
    });
    expect((await checkout.report()).report.outcome).toBe('unchanged');
  });

  it('keeps calling a script whose lines it cannot take over, says which, and makes no step that would run twice', async () => {
    await checkout.write('backend/shop/management/commands/go.py', GO);
    await checkout.write(SCRIPT, `${files[SCRIPT]}git config --global user.name "Me"\npython manage.py go\n`);
    const { exitCode, stderr } = await checkout.init();
    expect(exitCode, stderr).toBe(0);
    const flat = stderr.replaceAll(/\s+/g, ' ');
    expect(flat).toContain('python manage.py loaddata countries (postCreateCommand still runs it');
    expect(flat).toContain('git config --global user.name "Me" (sets up the user or the machine)');
    expect(flat).toContain('python manage.py go (runs until it is stopped)');
    expect(await checkout.exists('devsetup.config.jsonc')).toBe(false);
    // Nothing after a server would ever run.
    expect(parse(await checkout.read(DEV_CONTAINER))).toMatchObject({
      postCreateCommand: `npx --no-install devsetup --db embedded && bash ${SCRIPT}`,
    });
  });

  it('edits the devcontainer.json that is there, with its comments, and writes none of its own', async () => {
    const { report } = await checkout.report();
    expect(report).toMatchObject({ outcome: 'done', options: [] });
    expect(violations(schema, report)).toEqual([]);
    const text = await checkout.read(DEV_CONTAINER);
    expect(text).toMatch(/^\/\/ Ours\n\{\n {2}"name": "shop", \/\/ of the shop\n/);
    expect(parse(text)).toMatchObject({
      image: 'mcr.microsoft.com/devcontainers/python:3.12',
      postStartCommand: expect.stringMatching(/^npx --no-install devsetup --if-needed --db embedded \|\| \{/) as string,
    });
    for (const name of ['Dockerfile', 'docker-compose.yml', 'shell-hook.sh'])
      expect(await checkout.exists(`.devcontainer/${name}`)).toBe(false);
  });

  it('does not take a step for new that the configuration has under another name', async () => {
    const step = { id: 'lands', title: 'Countries', manage: ['loaddata', 'countries'] };
    await checkout.write('devsetup.config.jsonc', JSON.stringify({ steps: [step] }));
    const { report } = await checkout.report();
    expect(report.files.map(({ path: name }) => name)).not.toContain('devsetup.config.jsonc');
    expect(report.scripts[0]?.unknown).toContainEqual(expect.objectContaining({ line: 7, step: 'lands' }));
    expect(report.notes).toContainEqual(
      expect.stringMatching(/setup\.sh:8 creates a superuser.*DJANGO_SUPERUSER_PASSWORD/),
    );
    expect(report.notes).toContainEqual(expect.stringContaining(`${SCRIPT} sets API_TOKEN for what it runs`));
  });
});
