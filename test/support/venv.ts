import { createHash, randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { findInterpreter, type PythonVersion } from './interpreters.ts';

const execute = promisify(execFile);

/** Readers of environment variables that sample settings are written with; in the sets with tenants. */
const ENVIRONMENT_READERS = ['django-environ==0.14.0', 'python-decouple==3.8'] as const;

/** The oldest generation devsetup supports: psycopg 2. */
export const DJANGO_42: readonly string[] = [
  'Django==4.2.30',
  'django-tenants==3.5.0',
  'psycopg2-binary==2.9.13',
  ...ENVIRONMENT_READERS,
];

/** The newest generation: psycopg 3. */
export const DJANGO_52: readonly string[] = [
  'Django==5.2.19',
  'django-tenants==4.0.1',
  'psycopg[binary]==3.3.9',
  ...ENVIRONMENT_READERS,
];

/** The newest Django, which needs Python 3.12. */
export const DJANGO_61: readonly string[] = [
  'python==3.13',
  'Django==6.1.3',
  'django-tenants==4.0.1',
  'psycopg[binary]==3.3.9',
  ...ENVIRONMENT_READERS,
];

/** Packages and the Python they are tested on. */
export interface Pair {
  readonly name: string;
  readonly python: PythonVersion;
  readonly requirements: readonly string[];
}

/** All of them run in a thorough run, elsewhere the last one. */
export const PAIRS: readonly Pair[] = [
  {
    name: 'Django 4.2, psycopg 2',
    python: '3.9',
    // The last psycopg 2 for it; the readers of environment variables need a newer Python.
    requirements: ['python==3.9', 'Django==4.2.30', 'django-tenants==3.5.0', 'psycopg2-binary==2.9.12'],
  },
  { name: 'Django 5.2, psycopg 3', python: '3.10', requirements: ['python==3.10', ...DJANGO_52] },
  { name: 'Django 4.2, psycopg 2', python: '3.12', requirements: ['python==3.12', ...DJANGO_42] },
  { name: 'Django 6.1, psycopg 3', python: '3.13', requirements: DJANGO_61 },
];

/** Django and a driver, no django-tenants; and further readers of environment variables. */
export const PLAIN: readonly string[] = [
  'Django==5.2.19',
  'psycopg[binary]==3.3.9',
  'pydantic-settings==2.16.3',
  'environs==15.2.0',
  'dj-database-url==3.1.2',
];

export interface Venv {
  /** What VIRTUAL_ENV is set to. */
  readonly directory: string;
  /** Its interpreter. */
  readonly python: string;
}

const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const CACHE = path.join(REPOSITORY, '.cache/venvs');
const POLL_MILLISECONDS = 200;

/**
 * A virtual environment with exactly these requirements (`python==3.13` among them names the interpreter), kept in `.cache/venvs` and built once, however many test
 * workers ask at the same time. It must not be changed by a test: a test that installs makes its own.
 *
 * A finished environment is announced by a small file that names its folder, written by rename. So a build that was
 * killed is never taken for a finished one; the lock only saves work.
 */
export const ensureVenv = (requirements: readonly string[]): Promise<Venv> => {
  const wanted = [...requirements].sort().join(' ');
  const known = ensured.get(wanted) ?? findOrBuild(requirements);
  ensured.set(wanted, known);
  return known;
};

/** What this process has checked already: a check starts Python twice. */
const ensured = new Map<string, Promise<Venv>>();

const findOrBuild = async (requirements: readonly string[]): Promise<Venv> => {
  const python = await findPython(requirements);
  const packages = requirements.filter((one) => !one.startsWith(PYTHON));
  const key = createHash('sha256')
    .update(JSON.stringify([CACHE, python.version, [...packages].sort()]))
    .digest('hex')
    .slice(0, 16);
  await mkdir(CACHE, { recursive: true });
  const announcement = path.join(CACHE, `${key}.ready`);
  const lock = path.join(CACHE, `${key}.lock`);
  for (;;) {
    const ready = await readReady(announcement);
    if (ready !== undefined) return ready;
    if (await takeLock(lock)) break;
    await sleep(POLL_MILLISECONDS);
  }
  try {
    const builtMeanwhile = await readReady(announcement);
    if (builtMeanwhile !== undefined) return builtMeanwhile;
    const name = `${key}-${randomUUID().slice(0, 8)}`;
    await buildVenv(python.program, path.join(CACHE, name), packages);
    await writeFile(`${announcement}.${name}`, name);
    await rename(`${announcement}.${name}`, announcement);
    return venvAt(path.join(CACHE, name));
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
};

const venvAt = (directory: string): Venv => ({ directory, python: path.join(directory, 'bin/python') });

const readReady = async (announcement: string): Promise<Venv | undefined> => {
  const name = await readFile(announcement, 'utf8').catch(() => undefined); // Not there: not built yet.
  if (name === undefined) return undefined;
  const venv = venvAt(path.join(CACHE, name));
  const works = await execute(venv.python, ['-c', 'pass']).then(
    () => true,
    () => false, // The interpreter it was made with is gone: it is built again.
  );
  if (!works) await rm(announcement, { force: true });
  return works ? venv : undefined;
};

const takeLock = async (lock: string): Promise<boolean> => {
  try {
    await mkdir(lock);
    await writeFile(path.join(lock, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const owner = Number(await readFile(path.join(lock, 'pid'), 'utf8').catch(() => '0')); // 0: just being taken.
  if (owner > 0 && !isAlive(owner)) await rm(lock, { recursive: true, force: true });
  return false;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
};

const PYTHON = 'python==';

const findPython = async (requirements: readonly string[]): Promise<{ program: string; version: string }> => {
  const wanted = requirements.find((one) => one.startsWith(PYTHON))?.slice(PYTHON.length);
  if (wanted === undefined) return (await describeSystemPython()) ?? describePython('python3');
  const interpreter = findInterpreter(wanted as PythonVersion);
  if (interpreter === undefined) throw new Error(`Python ${wanted} is not installed`);
  return describePython(interpreter);
};

/**
 * The distribution's own Python, where it can make virtual environments: it is built with optimizations, those of pyenv are not, and half
 * of what the tests compute is Python. From 3.10, as the newest packages want it.
 */
const describeSystemPython = async (): Promise<{ program: string; version: string } | undefined> => {
  const isSuitable = await execute(SYSTEM_PYTHON, [
    '-c',
    'import ensurepip, sys, venv; assert sys.version_info >= (3, 10)',
  ]).then(
    () => true,
    () => false, // Not there, or without venv.
  );
  return isSuitable ? describePython(SYSTEM_PYTHON) : undefined;
};

const SYSTEM_PYTHON = '/usr/bin/python3';

const describePython = async (interpreter: string): Promise<{ program: string; version: string }> => {
  const code = 'import sys; print(getattr(sys, "_base_executable", sys.executable)); print(sys.version)';
  const { stdout } = await execute(interpreter, ['-c', code]);
  const [program = 'python3', version = ''] = stdout.split('\n');
  return { program, version };
};

const buildVenv = async (python: string, directory: string, requirements: readonly string[]): Promise<void> => {
  const options = { maxBuffer: 64 * 1024 * 1024 };
  const venv = venvAt(directory);
  const uv = requirements.includes(UV) ? undefined : await findUv();
  try {
    if (uv !== undefined) {
      await execute(uv, ['venv', '--seed', '--python', python, directory], options);
      const install = ['pip', 'install', '--compile-bytecode', '--link-mode', 'copy', '--python', venv.python];
      await execute(uv, [...install, ...requirements], options);
      return;
    }
    await execute(python, ['-m', 'venv', directory], options);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await execute(venv.python, [...pip, ...requirements], options);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
};

/** Without Django. */
export const UV = 'uv==0.13.9';

/** From PATH, or an own one that devsetup does not find: it takes a fraction of the time of pip. */
const findUv = (): Promise<string> =>
  execute('uv', ['--version']).then(
    () => 'uv',
    async () => path.join((await ensureVenv([UV])).directory, 'bin/uv'), // Not on PATH.
  );
