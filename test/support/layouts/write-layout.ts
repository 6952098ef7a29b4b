import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { removeFolder } from '../remove-folder.ts';
import { appFiles } from './apps-text.ts';
import { databaseVariables, type DatabaseValues } from './database-text.ts';
import { dependencyFiles } from './dependency-files.ts';
import type { Layout } from './layout.ts';
import { settingsFiles } from './settings-text.ts';

export interface LayoutProject {
  readonly root: string;
  /** The folder of manage.py. */
  readonly backend: string;
  /** What the process environment is given for this layout. */
  readonly env: Readonly<Record<string, string>>;
  /** The variables the settings ask for, with values that work. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the last command of `backend-dependencies` looks like; null: there is none. */
  readonly installs: RegExp | null;
  write(name: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

const BACKENDS: Readonly<Record<Layout['place'], string>> = {
  root: '',
  backend: 'backend',
  other: 'server',
  'two-down': 'src/api',
  'three-down': 'code/python/site',
  several: 'api',
  disguised: 'backend',
};

const ENV_FILES: Readonly<Partial<Record<Layout['given'], (backend: string, name: string) => string>>> = {
  backend: (backend) => path.posix.join(backend, '.env'),
  root: () => '.env',
  settings: (backend, name) => path.posix.join(backend, name, '.env'),
  named: () => '.env.compose',
};

/** Writes a project of this layout whose database is `values`. */
export const writeLayout = async (layout: Layout, values: DatabaseValues): Promise<LayoutProject> => {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-layout-')));
  const backend = BACKENDS[layout.place];
  const dependencies = dependencyFiles(layout.dependencies, backend);
  const variables = {
    ...databaseVariables(layout, values),
    ...(layout.secretKey === 'required' ? { SECRET_KEY: 'only-for-this-test' } : {}),
  };
  const site = Object.entries({ ...settingsFiles(layout, values), ...appFiles(layout) });
  const write = async (name: string, text: string): Promise<void> => {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const files: Record<string, string> = {
    // A checkout: the root is found from everywhere in it.
    '.git/HEAD': 'ref: refs/heads/main\n',
    ...dependencies.files,
    ...Object.fromEntries(site.map(([name, text]) => [path.posix.join(backend, name), text])),
  };
  if (layout.place === 'several') files['office/manage.py'] = files['api/manage.py'] ?? '';
  if (layout.place === 'disguised') files['manage.py'] = 'from flask.cli import main\n\nmain()\n';
  if (layout.names === 'compose')
    files['docker-compose.yml'] =
      `services:\n  db:\n    image: postgres:17\n    ports:\n      - "${values.port}:5432"\n`;
  if (layout.sample !== null) {
    const place = layout.sampleIn === 'root' ? layout.sample : path.posix.join(backend, layout.sample);
    files[place] = lines(Object.fromEntries(Object.keys(variables).map((name) => [name, 'change-me'])));
  }
  const envFile = ENV_FILES[layout.given]?.(backend, envFolder(layout));
  if (envFile !== undefined) files[envFile] = lines(variables);
  for (const [name, text] of Object.entries(files)) await write(name, text);
  return {
    root,
    backend: path.join(root, backend),
    env: layout.given === 'process' ? variables : {},
    variables,
    installs: dependencies.command,
    write,
    remove: () => removeFolder(root),
  };
};

const envFolder = ({ settings, package: name }: Layout): string =>
  ['module', 'configurations'].includes(settings) ? name : `${name}/settings`;

/** An env file; values in single quotes are taken as they are by every reader. */
export const lines = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
