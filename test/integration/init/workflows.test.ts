import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { REPOSITORY } from '../../e2e/support/installed-package.ts';
import { violations } from '../../unit/ui/support/json-schema.ts';
import { checkoutOf, MANAGE_PY, sampleCheckout, type Checkout } from './support/checkout.ts';

const schema = JSON.parse(await readFile(path.join(REPOSITORY, 'schemas/init-report.schema.json'), 'utf8'));

const execute = promisify(execFile);
const PIPELINE = '.github/workflows/deployment.yml';
const DEV = '.github/workflows/11-dev-deployment.yml';
const SHIP = '.github/workflows/ship.yml';
const SHIPPING = `name: Ship
on:
  push:
    branches: [development]
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6
        with:
          context: backend
          push: true
          tags: registry.example.com/acme/api:\${{ github.sha }}

  ship:
    needs: image
    environment: dev
    runs-on: ubuntu-latest
    steps:
      - run: ssh app@dev.example.com 'docker compose pull && python manage.py migrate && docker compose up -d'
`;
const FILES = [
  DEV,
  '.github/workflows/12-uat-deployment.yml',
  '.github/workflows/13-prod-deployment.yml',
  PIPELINE,
  '.github/workflows/validate-immutable-tags.yml',
  '.github/deployment/over-ssh.sh',
  '.github/deployment/replace-container.sh',
];

describe('devsetup init --workflows', () => {
  let checkout: Checkout;
  beforeEach(async () => {
    checkout = await sampleCheckout();
  });
  afterEach(() => checkout.remove());

  const workflows = (...flags: string[]) => checkout.report('--workflows', ...flags);

  it('writes the pipeline and nothing of a dev container, and has nothing to do the second time', async () => {
    const first = await workflows();
    expect(first.exitCode, first.stderr).toBe(0);
    expect(violations(schema, first.report)).toEqual([]);
    expect(first.report).toMatchObject({ subject: 'workflows', outcome: 'done' });
    expect(first.report.files.filter(({ written }) => written).map(({ path: name }) => name)).toEqual([
      ...FILES,
      'package.json',
    ]);
    expect(await checkout.exists('.devcontainer')).toBe(false);
    expect((await stat(checkout.at('.github/deployment/over-ssh.sh'))).mode & 0o111).not.toBe(0);
    const second = await workflows();
    expect(second.report).toMatchObject({ outcome: 'unchanged', exitCode: 0, settings: [], next: [], notes: [] });
    expect(second.report.files.every(({ action }) => action === 'keep')).toBe(true);
  });

  it('ends with what has to be set by hand, as commands without a value', async () => {
    const { stdout } = await checkout.init('--workflows');
    expect(stdout).toMatch(/^The workflows are set up\.$/m);
    expect(stdout).toContain('gh secret set DATABASE_URL --env prod');
    expect(stdout).toMatch(
      /Next:\n {2}npm install.*\n {2}git add .github package.json package-lock.json\n {2}npx devsetup audit\n$/,
    );
  });

  it('takes what the checkout says', async () => {
    await checkout.write('backend/.python-version', '3.11\n');
    await checkout.write('backend/Dockerfile', 'FROM python:3.11\n');
    await checkout.write('backend/pytest.ini', '[pytest]\n');
    await checkout.write('docker-compose.yml', 'services:\n  db:\n    image: postgis/postgis:16-3.4\n');
    await checkout.write('.git/HEAD', 'ref: refs/heads/master\n');
    await checkout.write('.git/packed-refs', `${'0'.repeat(40)} refs/remotes/origin/staging\n`);
    const { report } = await workflows();
    const options = Object.fromEntries(report.options.map(({ option, value }) => [option, value]));
    expect(options).toMatchObject({
      pythonVersion: '3.11',
      backendFolder: 'backend',
      frontendFolder: 'frontend',
      uatBranch: 'staging',
      prodBranch: 'master',
      backendTest: 'pytest',
    });
    const text = await checkout.read(PIPELINE);
    expect(text).toContain('image: postgis/postgis:16-3.4');
    expect(text).toContain('DOCKERFILE: backend/Dockerfile');
    expect(report.notes).toEqual(['frontend/Dockerfile is not there yet: build-and-push builds the image from it.']);
  });

  it('stays with what it was told, and follows what changes in the checkout', async () => {
    await workflows(
      '--deploy',
      'script',
      '--deploy-script',
      'ops/deploy.sh',
      '--registry',
      'r.example.com',
      '--no-frontend',
    );
    const told = await checkout.read(PIPELINE);
    expect(told).toContain('run: ./ops/deploy.sh deploy backend "$IMAGE" "$GITHUB_SHA"');
    expect(told).not.toContain('deploy-frontend');
    expect(await checkout.exists('.github/deployment/over-ssh.sh')).toBe(false);
    expect((await workflows()).report.outcome).toBe('unchanged');

    await checkout.write('backend/.python-version', '3.13\n');
    const { report } = await workflows();
    expect(report.files.filter(({ written }) => written).map(({ path: name }) => name)).toEqual([PIPELINE]);
    expect(await checkout.read(PIPELINE)).toBe(
      told
        .replaceAll("'3.12'", "'3.13'")
        .replace(/\[[0-9a-f]+\]/, /\[[0-9a-f]+\]/.exec(await checkout.read(PIPELINE))?.[0] ?? ''),
    );
  });

  it('keeps lines of the owner, replaces them where it may, and applies other options around them', async () => {
    await workflows();
    await checkout.edit(DEV, (text) =>
      text.replace('  workflow_dispatch:\n', '  workflow_dispatch:\n  schedule: []\n'),
    );
    await checkout.edit(PIPELINE, (text) => text.replace('timeout-minutes: 150', 'timeout-minutes: 15'));
    expect((await workflows()).report).toMatchObject({ outcome: 'unchanged', exitCode: 0 });

    const { report } = await workflows('--python', '3.11', '--dev-branch', 'next');
    expect(violations(schema, report)).toEqual([]);
    expect(report).toMatchObject({ outcome: 'done', exitCode: 0, problems: [] });
    expect(await checkout.read(PIPELINE)).toContain("python-version: '3.11'");
    expect(await checkout.read(PIPELINE)).not.toContain('3.12');
    expect(await checkout.read(PIPELINE)).toContain('timeout-minutes: 15\n');
    expect(await checkout.read(PIPELINE)).toContain('--python 3.11 --dev-branch next');
    expect(await checkout.read(DEV)).toContain("branches: ['next']\n  workflow_dispatch:\n  schedule: []\n");
    expect((await workflows()).report.outcome).toBe('unchanged');

    expect((await workflows('--force')).report.outcome).toBe('done');
    expect(await checkout.read(PIPELINE)).toContain('timeout-minutes: 150\n');
  });

  it('adds a secret everywhere it has to be, keeps those that were named before, and says what to set', async () => {
    await workflows('--secret', 'SENTRY_DSN');
    const { report } = await workflows('--secret', 'MAIL_KEY', '--secret', 'DATABASE_URL');
    expect(report.options.find(({ option }) => option === 'secrets')?.value).toBe('SENTRY_DSN,MAIL_KEY,DATABASE_URL');
    const text = await checkout.read(PIPELINE);
    for (const name of ['SENTRY_DSN', 'MAIL_KEY', 'DATABASE_URL']) {
      // Declared, given to the step that migrates, and passed.
      expect(text.split(`\n      ${name}:\n        description:`)).toHaveLength(2);
      expect(text.split(`\n          ${name}: \${{ secrets.${name} }}\n`)).toHaveLength(2);
      expect((await checkout.read(DEV)).split(`\n      ${name}: \${{ secrets.${name} }}`)).toHaveLength(2);
      expect(report.settings.map(({ command }) => command)).toContain(`gh secret set ${name} --env prod`);
    }
    expect((await workflows()).report.outcome).toBe('unchanged');
    const refused = await checkout.init('--workflows', '--secret', 'GITHUB_KEY');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('"SENTRY_DSN,MAIL_KEY,DATABASE_URL,GITHUB_KEY" cannot be the value of --secret');
  });

  it('takes runner, Dockerfiles and folders of the images as flags, and stays with them', async () => {
    await checkout.write('docker/api.Dockerfile', 'FROM python:3.12\n');
    const flags = ['--runner', 'self-hosted,linux', '--backend-dockerfile', './docker/api.Dockerfile'];
    const { report } = await workflows(
      ...flags,
      '--backend-context',
      '.',
      '--frontend-dockerfile',
      'docker/web.Dockerfile',
    );
    const text = await checkout.read(PIPELINE);
    expect(text).toContain("DOCKERFILE: docker/api.Dockerfile\n          CONTEXT: '.'\n");
    expect(text).toContain('DOCKERFILE: docker/web.Dockerfile\n          CONTEXT: frontend\n');
    expect(text).not.toContain('ubuntu-24.04');
    expect(text.split('runs-on: [self-hosted, linux]\n').length).toBe(10);
    expect(report.notes).toEqual(['docker/web.Dockerfile is not there yet: build-and-push builds the image from it.']);
    expect((await workflows()).report.outcome).toBe('unchanged');
  });

  it('names the lines that it leaves since their owner has changed them', async () => {
    await workflows();
    await checkout.edit(PIPELINE, (text) => text.replace("python-version: '3.12'", "python-version: '3.12.4'"));
    const { report, exitCode } = await workflows('--python', '3.11');
    const text = await checkout.read(PIPELINE);
    const line = text.split('\n').findIndex((one) => one.includes('3.12.4')) + 1;
    const problem = `${PIPELINE}:${line}: your line stays; devsetup would write \`python-version: '3.11'\``;
    expect({ exitCode, outcome: report.outcome, problems: report.problems }).toEqual({
      exitCode: 1,
      outcome: 'done',
      problems: [problem],
    });
    // The other job has it.
    expect(text).toContain("python-version: '3.11'");
    expect((await workflows()).report).toMatchObject({ outcome: 'unchanged', exitCode: 0, problems: [] });
  });

  it('finds in the history of Git what it wrote, where the checkout has changed since', async () => {
    const git = (...args: string[]) =>
      execute('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', '-C', checkout.at('.'), ...args]);
    await workflows();
    await git('init', '--quiet');
    await git('add', '--all');
    await git('commit', '--quiet', '--message', 'Pipeline');
    await checkout.edit(PIPELINE, (text) => text.replace('timeout-minutes: 150', 'timeout-minutes: 15'));
    await git('commit', '--quiet', '--all', '--message', 'Shorter');
    await checkout.write('backend/.python-version', '3.13\n');
    await checkout.write('backend/pytest.ini', '[pytest]\n');
    expect((await workflows()).report).toMatchObject({ outcome: 'done', exitCode: 0, problems: [] });
    expect(await checkout.read(PIPELINE)).toContain('run: pytest\n');
    expect(await checkout.read(PIPELINE)).toContain('timeout-minutes: 15\n');
  });

  it('leaves a changed file as it is where that is not known, and says so', async () => {
    await workflows();
    await checkout.edit(PIPELINE, (text) => text.replace('timeout-minutes: 150', 'timeout-minutes: 15'));
    await checkout.write('backend/.python-version', '3.13\n');
    const { report, exitCode, stderr } = await workflows();
    expect([exitCode, report.outcome]).toEqual([1, 'unchanged']);
    expect(report.files.find(({ path: name }) => name === PIPELINE)).toMatchObject({
      action: 'conflict',
      written: false,
      reason: 'its lines were changed, and what devsetup wrote there last is not known any more',
    });
    expect(report.next).toEqual([
      'npx devsetup init --no-install --workflows --dry-run',
      'npx devsetup init --no-install --workflows --force',
    ]);
    expect(stderr).toContain('-    timeout-minutes: 15');
    expect(await checkout.read(PIPELINE)).toContain('timeout-minutes: 15\n');
    const shown = await checkout.init('--workflows');
    expect(shown.stdout).toMatch(
      /^Nothing was written: a file that was changed by hand is in the way\.\n {2}left as it is: \.github\/workflows\/deployment\.yml/,
    );
  });

  it('writes nothing where a workflow of somebody else is in the way', async () => {
    await checkout.write(DEV, 'name: Mine\n');
    const { report } = await workflows();
    expect(report).toMatchObject({ outcome: 'conflict', exitCode: 1 });
    expect(report.next).toEqual([
      'npx devsetup init --no-install --workflows --dry-run',
      'npx devsetup init --no-install --workflows --force',
    ]);
    expect(await checkout.exists(PIPELINE)).toBe(false);
    expect(await checkout.read(DEV)).toBe('name: Mine\n');
  });

  it('writes nothing next to a workflow that deploys already, and offers to convert that', async () => {
    await checkout.write(SHIP, SHIPPING);
    const { report, exitCode } = await workflows();
    expect(violations(schema, report)).toEqual([]);
    expect([exitCode, report.outcome]).toEqual([1, 'conflict']);
    expect(report.files.filter(({ action }) => action === 'conflict')).toEqual([
      { path: SHIP, action: 'conflict', written: false, reason: 'deploys already: job ship, line 16' },
    ]);
    expect(report.notes).toEqual([
      `${SHIP}:16 deploys (job ship) already: \`npx devsetup decouple\` gives the migrations there a job of their own, in place. init writes a second pipeline only with --second-pipeline.`,
    ]);
    expect(report.settings).toEqual([]);
    expect(report.next).toEqual([
      'npx devsetup decouple',
      'npx devsetup init --no-install --workflows --second-pipeline',
    ]);
    expect(await checkout.exists(PIPELINE)).toBe(false);

    const dry = await workflows('--dry-run');
    expect([dry.exitCode, dry.report.outcome]).toEqual([0, 'would-change']);
    expect(dry.report.next).toEqual([
      'npx devsetup decouple',
      'npx devsetup init --no-install --workflows --second-pipeline --yes',
    ]);
  });

  it('writes a second pipeline if that is asked for, with what the first one says; then it is one of its own', async () => {
    await checkout.write(SHIP, SHIPPING);
    const { report } = await workflows('--second-pipeline');
    expect(report.outcome).toBe('done');
    expect(report.options.filter(({ source }) => source?.startsWith(SHIP)).map((one) => Object.values(one))).toEqual([
      ['registry', 'registry.example.com', `${SHIP}:14`, 'found'],
      ['backendImage', 'acme/api', `${SHIP}:14`, 'found'],
      ['devBranch', 'development', `${SHIP}:4`, 'found'],
    ]);
    expect(report.settings.find(({ command }) => command === 'gh variable set DEPLOY_HOST --env dev')?.purpose).toBe(
      `name or address of the server; today: dev.example.com (${SHIP}:21)`,
    );
    expect(await checkout.read(DEV)).toContain("branches: ['development']");
    expect(await checkout.read(PIPELINE)).toContain('IMAGE: registry.example.com/acme/api');
    expect((await workflows()).report.outcome).toBe('unchanged');
    expect(await checkout.read(SHIP)).toBe(SHIPPING);
  });

  it('offers to convert a workflow that deploys under the name of one that would be written', async () => {
    await checkout.write(PIPELINE, SHIPPING);
    const { report } = await workflows();
    expect(report.outcome).toBe('conflict');
    expect(report.next).toEqual([
      'npx devsetup decouple',
      'npx devsetup init --no-install --workflows --dry-run',
      'npx devsetup init --no-install --workflows --force',
    ]);
    expect(await checkout.read(PIPELINE)).toBe(SHIPPING);
  });

  it('writes nothing in a dry run', async () => {
    const { report, exitCode } = await workflows('--dry-run');
    expect([exitCode, report.outcome]).toEqual([0, 'would-change']);
    expect(report.next).toEqual(['npx devsetup init --no-install --workflows --yes']);
    expect(await checkout.exists('.github')).toBe(false);
  });

  it.each([
    [['--workflows', '--registry', 'https://ghcr.io'], '--registry'],
    [['--workflows', '--backend-image', 'shop:latest'], '--backend-image'],
    [['--workflows', '--deploy', 'ftp'], '--deploy'],
    [['--workflows', '--dev-branch', "x'y"], '--dev-branch'],
    [['--workflows', '--backend-test', 'echo ${{ secrets.X }}'], '--backend-test'],
    [['--workflows', '--deploy-script', '../deploy.sh'], '--deploy-script'],
    [['--workflows', '--frontend', 'nowhere'], '--frontend'],
    [['--workflows', '--app-service', 'web'], '--app-service'],
    [['--registry', 'ghcr.io'], '--registry'],
    [['--no-frontend'], '--no-frontend'],
    [['--second-pipeline'], '--second-pipeline'],
  ])('refuses %j', async (flags, named) => {
    const run = await checkout.init(...flags);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(named);
    expect(await checkout.exists('.github')).toBe(false);
  });
});

describe('devsetup init --workflows, elsewhere', () => {
  let checkout: Checkout;
  afterEach(() => checkout.remove());

  it('gives the migrate job what discrete settings read, and asks the settings nothing it cannot give', async () => {
    checkout = await checkoutOf({
      'manage.py': MANAGE_PY,
      'config/settings.py':
        "import os\nSECRET_KEY = os.environ['SECRET_KEY']\nALLOWED_HOSTS = os.environ['ALLOWED_HOSTS'].split(',')\nWORKERS = int(os.environ['WORKERS'])\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': os.environ['DB_HOST'], 'PASSWORD': os.environ['DB_PASS'], 'NAME': os.environ['DB_NAME']}}\n",
      '.env.example': 'SECRET_KEY=x\nALLOWED_HOSTS=localhost\nWORKERS=\n',
      Dockerfile: 'FROM python:3.12\n',
    });
    const { report } = await checkout.report('--workflows');
    const text = await checkout.read(PIPELINE);
    expect(text).toMatch(/DB_HOST: \$\{\{ vars\.DB_HOST \}\}\n +DB_PASS: \$\{\{ secrets\.DB_PASS \}\}/);
    expect(text).toMatch(/SECRET_KEY: not-a-secret-in-tests\n +ALLOWED_HOSTS: localhost\n/);
    expect(text).toContain('SECRET_KEY: ${{ secrets.SECRET_KEY }}');
    expect(text).not.toContain('DATABASE_URL');
    expect(report.notes).toEqual([
      'The settings cannot do without WORKERS: give the job test-backend a value for tests.',
    ]);
    expect(report.settings.map(({ command }) => command)).toEqual(
      expect.arrayContaining(['gh secret set DB_PASS --env uat', 'gh variable set WORKERS --env prod']),
    );
  });

  it('says so where the settings cannot be read', async () => {
    checkout = await checkoutOf({ 'manage.py': 'import django\n', Dockerfile: '' });
    const { report } = await checkout.report('--workflows', '--deploy', 'script');
    expect(report.notes).toEqual([
      expect.stringContaining('.github/deployment/deploy.sh is not there, or not executable'),
      expect.stringContaining('The settings do not say how they find the database'),
    ]);
  });
});
