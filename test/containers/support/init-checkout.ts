import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { REPOSITORY } from '../../e2e/support/installed-package.ts';
import { VERSIONS } from './base-images.ts';
import type { Suite } from './suite.ts';

const TEMPLATE = path.join(REPOSITORY, 'templates/django-postgres');

interface Manifest {
  readonly options: Readonly<Record<string, { readonly default: string }>>;
}

export const initCheckout = async (folder: string, suite: Suite): Promise<void> => {
  const { options } = JSON.parse(await readFile(path.join(TEMPLATE, 'devcontainer-template.json'), 'utf8')) as Manifest;
  const values: Record<string, string> = {
    ...Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default])),
    pythonVersion: VERSIONS.python,
    nodeVersion: VERSIONS.node,
    postgresVersion: VERSIONS.postgres,
    backendFolder: 'backend',
  };
  const target = path.join(folder, '.devcontainer');
  await cp(path.join(TEMPLATE, '.devcontainer'), target, { recursive: true });
  for (const name of await readdir(target)) {
    const file = path.join(target, name);
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replaceAll(/\$\{templateOption:(\w+)\}/g, (_, option: string) => values[option] ?? ''),
    );
  }
  await cp(path.join(REPOSITORY, 'templates/shell-hook/notice.bash'), path.join(target, 'shell-hook.sh'));
  const manifest = { private: true, devDependencies: { 'django-devsetup': `file:../${path.basename(suite.tarball)}` } };
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
};
