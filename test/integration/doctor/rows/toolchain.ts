import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { editProjectFile, writeProjectFile } from '../../../support/sample-project.ts';
import type { DoctorSite } from '../support/healthy-site.ts';
import type { Row } from '../support/row.ts';

/** A distribution that the sample can do without. */
const SPARE = 'django-environ==0.14.0';

/** One checkout after the other in the same place: a virtual environment works where it was made. */
const INSTALLED = {
  dependencies: true,
  into: path.join(realpathSync(os.tmpdir()), `devsetup-installed-${process.pid}`),
};
const KEPT = `${INSTALLED.into}-kept`;
export const removeKept = (): Promise<void> => rm(KEPT, { recursive: true, force: true });

/** Of the runs in that place. */
let home: string | undefined;

/** Lets devsetup install into the checkout: the first time it does, later it is a copy of that. */
const install = async (site: DoctorSite): Promise<string> => {
  await editProjectFile(site.project, 'backend/requirements.txt', /$/, `\n${SPARE}\n`);
  const venv = path.join(site.project.backend, '.venv');
  const copyAll = async (direction: 'keep' | 'restore', state: string): Promise<void> => {
    const places = [venv, path.join(site.project.frontend, 'node_modules'), state];
    for (const [index, place] of places.entries()) {
      const kept = path.join(KEPT, String(index));
      await promisify(execFile)('cp', ['-a', ...(direction === 'keep' ? [place, kept] : [kept, place])]);
    }
  };
  if (home !== undefined) {
    await rm(home, { recursive: true, force: true });
    await copyAll('restore', home);
    return venv;
  }
  const run = await site.run(['--only', 'backend-dependencies,frontend-dependencies'], WITHOUT_UV);
  if (run.exitCode !== 0) throw new Error(run.stdout + run.stderr);
  await mkdir(KEPT);
  await copyAll('keep', run.home);
  home = run.home;
  return venv;
};

/** So that pip installs, whatever the machine has. */
const WITHOUT_UV = { PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin` };

const sitePackages = async (venv: string): Promise<string> => {
  const library = path.join(venv, 'lib');
  const [python = ''] = await readdir(library);
  return path.join(library, python, 'site-packages');
};

const uninstall = async (venv: string, ...starts: readonly string[]): Promise<void> => {
  const packages = await sitePackages(venv);
  const names = (await readdir(packages)).filter((name) => starts.some((start) => name.startsWith(start)));
  await Promise.all(names.map((name) => rm(path.join(packages, name), { recursive: true })));
};

const rewriteMetadata = async (folder: string, find: RegExp, replacement: string): Promise<void> => {
  const file = path.join(folder, 'METADATA');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(find, replacement));
};

const frontend = async (site: DoctorSite, manifest: object, lockFile: string): Promise<void> => {
  await writeProjectFile(
    site.project,
    'frontend/package.json',
    JSON.stringify({ dependencies: { mitt: '3.0.1' }, ...manifest }),
  );
  await writeProjectFile(site.project, `frontend/${lockFile}`, '# yarn lockfile v1\n');
};

const BROKEN_ENVIRONMENT = {
  code: 'virtual-environment-broken',
  severity: 'error' as const,
  mends: 'npx devsetup',
  also: ['backend-dependencies-needed'],
  fixable: true,
};

export const TOOLCHAIN_ROWS: readonly Row[] = [
  {
    name: 'a package.json asks for a newer Node',
    breaks: async ({ project }) => {
      await writeProjectFile(project, 'package.json', '{"engines": {"node": ">=99"}}');
      return { NVM_DIR: '', FNM_DIR: '', VOLTA_HOME: '' };
    },
    code: 'node-version-unsupported',
    severity: 'warning',
    mends: /^Install Node 99 /,
  },
  {
    name: '.nvmrc names another Node',
    breaks: async ({ project }) => {
      await writeProjectFile(project, '.nvmrc', 'lts/fermium\n');
      return { NVM_DIR: '/usr/local/share/nvm' };
    },
    code: 'node-version-mismatch',
    severity: 'warning',
    mends: 'nvm install 14',
  },
  {
    name: 'requires-python excludes the Python of the virtual environment',
    breaks: async ({ project }) => {
      await writeProjectFile(project, 'backend/pyproject.toml', '[project]\nname = "x"\nrequires-python = ">=3.99"\n');
    },
    code: 'python-version-unsupported',
    severity: 'error',
    mends: /^Install Python 3\.99 /,
  },
  {
    name: '.python-version names another Python',
    breaks: async ({ project }) => {
      await writeProjectFile(project, '.python-version', '3.6.15\n');
    },
    code: 'python-version-mismatch',
    severity: 'warning',
    mends: /^Install Python 3\.6 /,
  },
  {
    name: 'two version files contradict each other',
    breaks: async ({ project }) => {
      await writeProjectFile(project, '.python-version', '3.8\n');
      await writeProjectFile(project, 'runtime.txt', 'python-3.9.18\n');
    },
    code: 'python-version-contradiction',
    severity: 'warning',
    mends: /^Decide which is meant, and write it into runtime\.txt or \.python-version too\.$/,
  },
  {
    name: 'the lock file of a package manager that is not there',
    breaks: async (site) => {
      await frontend(site, {}, 'bun.lock');
      return WITHOUT_UV;
    },
    code: 'package-manager-missing',
    severity: 'error',
    mends: 'npm install --global bun@latest',
  },
  {
    name: 'Yarn 1 where package.json asks for Yarn 4',
    breaks: async (site) => {
      await frontend(site, { packageManager: 'yarn@4.1.0' }, 'yarn.lock');
      const yarn = path.join(site.project.root, '.programs', 'yarn');
      await mkdir(path.dirname(yarn));
      await writeFile(yarn, '#!/bin/sh\necho 1.22.22\n');
      await chmod(yarn, 0o755);
      return { PATH: `${path.dirname(yarn)}:${WITHOUT_UV.PATH}` };
    },
    code: 'package-manager-version',
    severity: 'error',
    mends: 'npm install --global yarn@4.1.0',
    also: ['frontend-dependencies-needed'],
  },
  {
    name: 'a virtual environment without pip',
    site: INSTALLED,
    breaks: async (site) => {
      await uninstall(await install(site), 'pip');
      return WITHOUT_UV;
    },
    code: 'pip-missing',
    severity: 'warning',
    mends: 'backend/.venv/bin/python -m ensurepip --upgrade',
  },
  {
    name: 'a virtual environment whose Python is gone',
    site: INSTALLED,
    breaks: async (site) => {
      const venv = await install(site);
      for (const name of await readdir(path.join(venv, 'bin')))
        if (name.startsWith('python')) await rm(path.join(venv, 'bin', name));
      await symlink('/usr/lib/python-of-yesterday/bin/python3', path.join(venv, 'bin/python'));
      return WITHOUT_UV;
    },
    ...BROKEN_ENVIRONMENT,
  },
  {
    name: 'a virtual environment whose Python was replaced by another version',
    site: INSTALLED,
    breaks: async (site) => {
      const venv = await install(site);
      const packages = path.dirname(await sitePackages(venv));
      await rename(packages, path.join(venv, 'lib/python3.7'));
      return WITHOUT_UV;
    },
    ...BROKEN_ENVIRONMENT,
  },
  {
    name: 'a virtual environment that was moved',
    site: INSTALLED,
    breaks: async (site) => {
      const venv = await install(site);
      for (const program of ['pip', 'pip3', 'django-admin'])
        await writeFile(path.join(venv, 'bin', program), '#!/build/.venv/bin/python\n');
      return WITHOUT_UV;
    },
    code: 'virtual-environment-moved',
    severity: 'warning',
    mends: /^Recreate it in its place\.$/,
  },
  {
    name: 'a distribution that is asked for was taken out',
    site: INSTALLED,
    breaks: async (site) => {
      await uninstall(await install(site), 'environ', 'django_environ');
      return WITHOUT_UV;
    },
    code: 'distributions-missing',
    severity: 'error',
    mends: 'npx devsetup',
    also: ['backend-dependencies-needed'],
    fixable: true,
  },
  {
    name: 'another version is installed than the files ask for',
    site: INSTALLED,
    breaks: async (site) => {
      const packages = await sitePackages(await install(site));
      await rewriteMetadata(
        path.join(packages, 'django_environ-0.14.0.dist-info'),
        /^Version: .*$/m,
        'Version: 0.11.2',
      );
      const record = path.join(packages, 'django_environ-0.14.0.dist-info', 'RECORD');
      await writeFile(record, (await readFile(record, 'utf8')).replaceAll('-0.14.0.dist-info', '-0.11.2.dist-info'));
      await rename(
        path.join(packages, 'django_environ-0.14.0.dist-info'),
        path.join(packages, 'django_environ-0.11.2.dist-info'),
      );
      return WITHOUT_UV;
    },
    code: 'distributions-outdated',
    severity: 'warning',
    mends: 'npx devsetup',
    also: ['backend-dependencies-needed'],
  },
  {
    name: 'distributions that do not fit each other',
    site: INSTALLED,
    breaks: async (site) => {
      const packages = await sitePackages(await install(site));
      await rewriteMetadata(
        path.join(packages, 'django_environ-0.14.0.dist-info'),
        /^Version: .*$/m,
        'Version: 0.14.0\nRequires-Dist: sqlparse<0.1',
      );
      return WITHOUT_UV;
    },
    code: 'distributions-conflict',
    severity: 'warning',
    mends: /^Correct the versions in backend\/requirements\.txt/,
  },
];
