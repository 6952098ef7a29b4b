import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { cleanEnvironment, runToSuccess } from './run-program.ts';

export const REPOSITORY = path.resolve(import.meta.dirname, '../../..');

export interface PackedPackage {
  readonly tarball: string;
  /** Paths in the package, without `package/`. */
  readonly files: readonly string[];
}

export interface InstalledPackage extends PackedPackage {
  /** The project it is installed into: nothing but a package.json of its own. */
  readonly project: string;
  /** The installed package itself. */
  readonly directory: string;
  readonly cli: string;
  remove(): Promise<void>;
}

/** What `npm pack` would publish, from the dist that is there: building is not for a test that runs beside others. */
export const packPackage = async (into: string): Promise<PackedPackage> => {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', into];
  const { stdout } = await runToSuccess('npm', args, { cwd: REPOSITORY, env: cleanEnvironment() });
  const [packed] = JSON.parse(stdout) as readonly { filename: string; files: readonly { path: string }[] }[];
  if (packed === undefined) throw new Error(`npm pack packed nothing: ${stdout}`);
  return { tarball: path.join(into, packed.filename), files: packed.files.map((file) => file.path) };
};

/** Packs the package and installs it as a user would. Install scripts are off for every npm: from npm 11 on that is the default. */
export const installPackage = async (): Promise<InstalledPackage> => {
  const project = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-installed-')));
  await writeFile(path.join(project, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
  const packed = await packPackage(project);
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', packed.tarball];
  await runToSuccess('npm', args, { cwd: project, env: cleanEnvironment() });
  const directory = path.join(project, 'node_modules/django-devsetup');
  return {
    ...packed,
    project,
    directory,
    cli: path.join(directory, 'dist/cli.js'),
    remove: () => rm(project, { recursive: true, force: true }),
  };
};
