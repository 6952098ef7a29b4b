import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase } from '../support/postgres.ts';
import { runDevsetup } from '../support/run-devsetup.ts';
import { createSampleProject } from '../support/sample-project.ts';
import { DJANGO_52, ensureVenv } from '../support/venv.ts';
import { installPackage, REPOSITORY, type InstalledPackage } from './support/installed-package.ts';
import { cleanEnvironment, runProgram, runToSuccess, type ProgramRun } from './support/run-program.ts';

const NPX = ['npx', '--no-install', 'devsetup'] as const;

let installed: InstalledPackage;

beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed?.remove());

const npx = (...args: string[]): Promise<ProgramRun> =>
  runProgram('npx', ['--no-install', ...args], { cwd: installed.project, env: cleanEnvironment() });

const tracked = async (folder: string): Promise<readonly string[]> => {
  const { stdout } = await runToSuccess('git', ['ls-files', '-z', folder], { cwd: REPOSITORY });
  return stdout.split('\0').filter((file) => file !== '' && existsSync(path.join(REPOSITORY, file)));
};

describe('the tarball', () => {
  it('holds the program, what it reads at run time, and the README', () => {
    expect(installed.files).toEqual(
      expect.arrayContaining([
        'package.json',
        'README.md',
        'dist/cli.js',
        'dist/index.js',
        'dist/index.d.ts',
        'schemas/devsetup.config.schema.json',
        'schemas/run-report.schema.json',
        'schemas/database-report.schema.json',
        'schemas/error-report.schema.json',
        'schemas/status.schema.json',
        'schemas/up-report.schema.json',
        'schemas/project-check.schema.json',
        'schemas/doctor-report.schema.json',
        'docs/findings/README.md',
        'docs/findings/config-invalid.md',
        'docs/project-checks.md',
      ]),
    );
  });

  it('holds the whole sample, its .gitignore under the name npm lets through', async () => {
    expect(installed.files).toContain('templates/demo/gitignore');
    expect(installed.files).toEqual(expect.arrayContaining([...(await tracked('templates'))]));
  });

  it('holds the whole Django companion', async () => {
    const sources = await tracked('src/django/python');
    expect(sources.length).toBeGreaterThan(10);
    expect(installed.files).toEqual(expect.arrayContaining([...sources]));
  });

  it('holds nothing else', () => {
    const known = /^(?:(?:dist|src\/django\/python|templates|schemas|docs)\/|(?:package\.json|README\.md|LICENSE)$)/;
    expect(installed.files.filter((file) => !known.test(file))).toEqual([]);
    const unwanted = /(^|\/)(\.env(\.local)?|node_modules|__pycache__|\.venv|test|\.built)(\/|$)|\.(pyc|map|log|tgz)$/;
    // The sample's own tests, and those that the specification of Dev Container Templates asks for.
    const wanted = /^templates\/(demo\/frontend|django-postgres)\/test\//;
    expect(installed.files.filter((file) => unwanted.test(file) && !wanted.test(file))).toEqual([]);
  });
});

describe('installed into an empty project', () => {
  it('says its version', async () => {
    const { version } = JSON.parse(await readFile(path.join(REPOSITORY, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await npx('devsetup', '--version')).toMatchObject({ exitCode: 0, stdout: `${version}\n` });
  });

  it('says what it can do', async () => {
    const help = await npx('devsetup', '--help');
    expect(help.exitCode).toBe(0);
    for (const word of ['Usage: devsetup', 'demo', '--dry-run', '--json']) expect(help.stdout).toContain(word);
    // The bin that is named like the package: what npx runs where nothing is installed.
    expect((await npx('django-devsetup', '--help')).stdout).toContain('Usage: django-devsetup');
    const mistake = await npx('django-devsetup', 'rnu');
    expect(mistake.stderr).toContain('`npx devsetup run`');
  });

  it('has types that compile in strict mode', async () => {
    const source = `import { openWorkspace, runSetup, STEP_IDS, isDevsetupError, type Host, type RunReport } from 'django-devsetup';
export const steps: readonly string[] = STEP_IDS;
export const ask = async (host: Host): Promise<string> => (await openWorkspace({ project: undefined, config: undefined, host })).project.root;
export const outcome = (report: RunReport): 'done' | 'failed' => (report.exitCode === 0 ? 'done' : 'failed');
export const run: typeof runSetup = runSetup;
export const code = (error: unknown): string | undefined => (isDevsetupError(error) ? error.code : undefined);
`;
    await writeFile(path.join(installed.project, 'consumer.ts'), source);
    const compilerOptions = {
      strict: true,
      module: 'nodenext',
      target: 'es2023',
      noEmit: true,
      types: [],
      skipLibCheck: false,
    };
    await writeFile(
      path.join(installed.project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['consumer.ts'] }),
    );
    const tsc = path.join(REPOSITORY, 'node_modules/typescript/bin/tsc');
    const { exitCode, stdout } = await runProgram(process.execPath, [tsc, '-p', '.'], { cwd: installed.project });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  });

  it('has an API that loads', async () => {
    const code = "import { STEP_IDS } from 'django-devsetup'; console.log(STEP_IDS.length)";
    const run = await runProgram(process.execPath, ['--input-type=module', '-e', code], { cwd: installed.project });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('sets a project up, and finds nothing to do afterwards', async () => {
    const python = await ensureVenv(DJANGO_52);
    const database = await createDatabase();
    const project = await createSampleProject({ into: path.join(installed.project, 'checkout') });
    try {
      const options = { cwd: project.root, python, env: { DATABASE_URL: database.url }, program: NPX };
      const first = await runDevsetup(['--json'], options);
      expect(first, first.stderr).toMatchObject({ exitCode: 0, json: { outcome: 'done', djangoStarts: 1 } });
      const second = await runDevsetup(['--json'], options);
      expect(second, second.stderr).toMatchObject({ exitCode: 0, json: { outcome: 'unchanged' } });
    } finally {
      await project.remove();
      await database.drop();
    }
  });
});
