import { utimes } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { time } from './processes.mjs';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

/**
 * The two ways to bring the project up, and their parts.
 *
 * @param {{ project: string, venv: string, state: string }} places
 */
export const commandsFor = ({ project, venv, state }) => {
  const backend = path.join(project, 'backend');
  const python = path.join(venv, 'bin/python');
  const env = (url, more = {}) => ({
    PATH: `${path.join(venv, 'bin')}:${process.env.PATH}`,
    HOME: process.env.HOME ?? '/',
    VIRTUAL_ENV: venv,
    DATABASE_URL: url,
    DEVSETUP_STATE_DIR: state,
    DJANGO_SUPERUSER_USERNAME: 'admin',
    DJANGO_SUPERUSER_PASSWORD: 'only-for-the-benchmark',
    DJANGO_SUPERUSER_EMAIL: 'admin@example.com',
    // Certificates and registries as the user's own pip and npm have them.
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => /^(PIP_|npm_config_|SSL_|NODE_EXTRA)/i.test(name)),
    ),
    ...more,
  });
  const manage = (url, args, more) => ({
    program: python,
    args: ['manage.py', ...args],
    cwd: backend,
    env: env(url, more),
  });
  const devsetup = (url, args = []) => ({
    program: process.execPath,
    args: [cli, ...args],
    cwd: project,
    env: env(url),
  });

  const pip = (url, args) => ({ program: python, args: ['-m', 'pip', ...args], cwd: backend, env: env(url) });

  /** What a shell script runs, one after the other. */
  const sequence = async (url) => {
    const started = performance.now();
    await time(pip(url, ['install', '--quiet', '-r', 'requirements.txt']));
    await time({ program: 'npm', args: ['ci', '--silent'], cwd: path.join(project, 'frontend'), env: env(url) });
    await time(manage(url, ['check', '--database', 'default']));
    await time(manage(url, ['migrate_schemas', '--shared', '--noinput']));
    await time(manage(url, ['create_super_tenant', '--noinput']));
    await time(manage(url, ['migrate_schemas', '--tenant', '--noinput']));
    await time(manage(url, ['create_guest_tenant', '--noinput']));
    // Fails where the superuser exists, which a script ignores.
    await time(manage(url, ['createsuperuser', '--noinput']), { mayFail: true });
    return (performance.now() - started) / 1000;
  };

  /** The dependencies are in place and known to be: the sequence's `npm ci` has put others in their place. */
  const installed = (url) => time(devsetup(url, ['--only', 'backend-dependencies,frontend-dependencies']));

  /** As an editor leaves a file that is saved: devsetup then asks Django again. */
  const edit = () => utimes(path.join(backend, 'config/settings.py'), new Date(), new Date());

  /** @param {'standard' | 'multiprocessing' | 'subprocess' | 'smart'} executor */
  const migrateTenants = (url, executor) =>
    manage(
      url,
      ['migrate_schemas', '--tenant', '--noinput', ...(executor === 'smart' ? [] : ['--executor', executor])],
      executor === 'smart' ? { BENCH_SMART_EXECUTOR: '1' } : {},
    );

  return { manage, pip, devsetup, sequence, migrateTenants, installed, edit };
};
