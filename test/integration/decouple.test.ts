import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { answerDevsetup, KEYS, question } from '../support/on-terminal.ts';
import { runDevsetup } from '../support/run-devsetup.ts';
import { violations } from '../unit/ui/support/json-schema.ts';

const FIXTURE = path.resolve(import.meta.dirname, '../fixtures/decouple/ssh-here-document');
const WORKFLOW = '.github/workflows/deploy.yml';

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-decouple-')));
  await cp(FIXTURE, root, { recursive: true });
  await writeFile(path.join(root, 'settings.py'), "DATABASES = {'default': env.db('DATABASE_URL')}\n");
});
afterEach(() => rm(root, { recursive: true, force: true }));

const readSchema = async (): Promise<object> =>
  JSON.parse(await readFile(new URL('../../schemas/decouple-report.schema.json', import.meta.url), 'utf8')) as object;
const read = (file: string): Promise<string> => readFile(path.join(root, file), 'utf8');

describe('devsetup decouple', () => {
  it('shows the difference and the table with --dry-run, and writes nothing', async () => {
    const before = await read(WORKFLOW);
    const { exitCode, stdout, stderr } = await runDevsetup(['decouple', '--dry-run'], { cwd: root });
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing was written') });
    expect(stderr).toContain('-            python manage.py migrate --noinput\n');
    expect(stderr).toContain('+  migrate:\n');
    expect(stderr).toContain(
      '  migrate --noinput\n    was  .github/workflows/deploy.yml:62, deploy, on the server deploy@shop.example.com',
    );
    expect(await read(WORKFLOW)).toBe(before);
  });

  it('writes all with --yes, keeps line ends, and changes nothing the second time', async () => {
    await writeFile(path.join(root, WORKFLOW), (await read(WORKFLOW)).replaceAll('\n', '\r\n'));
    const first = await runDevsetup(['decouple', '--yes', '--json'], { cwd: root });
    expect(first.exitCode).toBe(0);
    const report: unknown = JSON.parse(first.stdout);
    expect(violations(await readSchema(), report)).toEqual([]);
    expect(report).toMatchObject({ outcome: 'done', left: [], next: ['npm install', 'npx devsetup audit'] });
    const after = await read(WORKFLOW);
    expect(after).toContain('needs: [test, migrate]\r\n');
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
    expect(JSON.parse(await read('package.json'))).toMatchObject({
      devDependencies: { 'django-devsetup': expect.any(String) },
    });
    const second = await runDevsetup(['decouple', '--yes', '--json'], { cwd: root });
    expect(JSON.parse(second.stdout)).toMatchObject({ outcome: 'unchanged', files: [], exitCode: 0 });
    expect(await read(WORKFLOW)).toBe(after);
  });

  it('says what to type where it cannot ask', async () => {
    const { exitCode, stderr } = await runDevsetup(['decouple', '--with', 'manage'], { cwd: root });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('npx devsetup decouple --with manage --yes');
  });

  it('changes only the workflows that are named', async () => {
    await cp(path.join(root, WORKFLOW), path.join(root, '.github/workflows/other.yml'));
    const { exitCode } = await runDevsetup(['decouple', WORKFLOW, '--yes'], { cwd: root });
    expect(exitCode).toBe(0);
    expect(await read('.github/workflows/other.yml')).toContain('python manage.py migrate --noinput');
    expect(await read(WORKFLOW)).not.toContain('python manage.py migrate');
  });

  it('shows what it would write, and writes nothing, until the secret is named', async () => {
    const text = [
      'on: push',
      'jobs:',
      '  deploy:',
      '    runs-on: ubuntu-latest',
      '    environment: prod',
      '    steps:',
    ];
    const before = [...text, '      - run: ssh host "python manage.py migrate && systemctl restart shop"', ''].join(
      '\n',
    );
    await writeFile(path.join(root, WORKFLOW), before);
    const { exitCode, stdout, stderr } = await runDevsetup(['decouple'], { cwd: root });
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('Nothing was changed.'),
    });
    expect(stderr).toContain('With a secret DATABASE_URL, which no deployment names so far, this would be written:\n');
    expect(stderr).toContain('+          DATABASE_URL: ${{ secrets.DATABASE_URL }}\n');
    expect(stdout).toContain('gh secret set DATABASE_URL --env prod');
    expect(stdout).toContain('npx devsetup decouple --secret DATABASE_URL\n');
    expect(await read(WORKFLOW)).toBe(before);
    const json = await runDevsetup(['decouple', '--json', '--dry-run'], { cwd: root });
    const report: unknown = JSON.parse(json.stdout);
    expect(violations(await readSchema(), report)).toEqual([]);
    expect(report).toMatchObject({
      outcome: 'unchanged',
      exitCode: 1,
      files: [
        {
          path: WORKFLOW,
          written: false,
          needsSecret: 'DATABASE_URL',
          diff: expect.arrayContaining(['+          DATABASE_URL: ${{ secrets.DATABASE_URL }}']),
        },
        { path: 'package.json', action: 'create', written: false, needsSecret: 'DATABASE_URL' },
      ],
      next: ['npx devsetup decouple --dry-run --secret DATABASE_URL'],
    });
    const named = await runDevsetup(['decouple', '--secret', 'DATABASE_URL', '--yes'], { cwd: root });
    expect(named.exitCode).toBe(0);
    expect(await read(WORKFLOW)).toContain('          DATABASE_URL: ${{ secrets.DATABASE_URL }}\n');
  });

  it('writes what is certain with --yes, and reports what waits for the secret next to it', async () => {
    const other = '.github/workflows/other.yml';
    const lines = [
      'on: push',
      'jobs:',
      '  deploy:',
      '    runs-on: ubuntu-latest',
      '    environment: prod',
      '    steps:',
    ];
    const step = '      - run: ssh host "python manage.py migrate && systemctl restart shop"';
    await rm(path.join(root, WORKFLOW));
    await writeFile(path.join(root, other), [...lines, step, ''].join('\n'));
    const env = ['        env:', '          DATABASE_URL: ${{ secrets.DEV_DATABASE }}', ''];
    const dev = [...lines, step, ...env].join('\n').replace('prod', 'dev');
    await writeFile(path.join(root, WORKFLOW), dev);
    const { stdout } = await runDevsetup(['decouple', '--yes', '--json', '--with', 'manage'], { cwd: root });
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'done',
      exitCode: 1,
      files: [
        { path: WORKFLOW, written: true, needsSecret: null },
        { path: other, written: false, needsSecret: 'DATABASE_URL' },
      ],
    });
    expect(await read(other)).not.toContain('migrate:');
  });

  it('wires a migrate job of another tool in a checkout without manage.py', async () => {
    await rm(path.join(root, 'manage.py'));
    const job = ['    runs-on: ubuntu-latest', '    environment: prod', '    steps:'];
    const text = ['on: push', 'jobs:', '  migrate:', ...job, '      - run: alembic upgrade head || true'];
    const deploy = ['  deploy:', ...job, '      - run: kubectl apply -f k8s', ''];
    await writeFile(path.join(root, WORKFLOW), [...text, ...deploy].join('\n'));
    const { exitCode, stdout } = await runDevsetup(['decouple', '--yes', '--json'], { cwd: root });
    expect({ exitCode, report: JSON.parse(stdout) as unknown }).toMatchObject({
      exitCode: 0,
      report: { outcome: 'done', left: [], files: [{ path: WORKFLOW, written: true }], next: ['npx devsetup audit'] },
    });
    expect(await read(WORKFLOW)).toContain('  deploy:\n    needs: migrate\n');
    expect(await read(WORKFLOW)).toContain('      - run: alembic upgrade head\n');
  });

  it('refuses what it cannot read in its own name', async () => {
    const missing = await runDevsetup(['decouple', 'nope.yml'], { cwd: root });
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain(`devsetup decouple: there is no ${path.join(root, 'nope.yml')}.\n`);
  });

  it('refuses a value that is no name of a secret', async () => {
    const { exitCode, stderr } = await runDevsetup(['decouple', '--secret', 'postgres://a:b@c/d'], { cwd: root });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--secret takes the name of a secret');
    expect(stderr).not.toContain('a:b@c');
  });
});

describe('devsetup audit --fix', () => {
  it('names decouple in one sentence where it cannot ask, and moves nothing', async () => {
    const before = await read(WORKFLOW);
    const json = await runDevsetup(['audit', '--fix', '--yes', '--json'], { cwd: root });
    expect(json.stderr).toContain(
      'Migrations in the wrong place are not moved by --fix: type `npx devsetup decouple`.\n',
    );
    const { stdout, stderr } = await runDevsetup(['audit', '--fix'], { cwd: root });
    expect(stdout.match(/devsetup decouple/g)).toHaveLength(1);
    expect(stderr).not.toContain('decouple');
    expect(await read(WORKFLOW)).toBe(before);
  });

  it('shows on a terminal what decouple would change, writes it after a second yes, and audits again', async () => {
    const answers = [
      [question('Show what `devsetup decouple` would change?'), `y${KEYS.enter}`],
      [question('Write these files?'), `y${KEYS.enter}`],
    ] as const;
    const { exitCode, raw } = await answerDevsetup(['audit', '--fix'], answers, { cwd: root });
    expect(exitCode, raw).toBe(0);
    expect(raw).toContain('Migrations have a job of their own now.');
    expect(raw).not.toContain('gives migrations a job of their own');
    expect(await read(WORKFLOW)).toContain('needs: [test, migrate]\n');
  });

  it('changes nothing after a no, and lists the findings', async () => {
    const before = await read(WORKFLOW);
    const answers = [[question('Show what `devsetup decouple` would change?'), `n${KEYS.enter}`]] as const;
    const { exitCode, raw } = await answerDevsetup(['audit', '--fix'], answers, { cwd: root });
    expect(exitCode, raw).toBe(1);
    expect(raw).toContain('gives migrations a job of their own');
    expect(await read(WORKFLOW)).toBe(before);
  });
});
