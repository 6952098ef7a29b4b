import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { runProgram, runToSuccess, type ProgramRun } from '../../e2e/support/run-program.ts';
import { PYTHON_IMAGE } from '../support/base-images.ts';
import type { Suite } from '../support/suite.ts';
import { createNodeMirror, nodeTree } from './node-mirror.ts';

/** Where images made by `build` may have a mirror of Node; curl takes such an address. */
export const MIRROR = 'file:///srv/node';

export interface FeatureImages {
  /** Builds `images/<name>.Dockerfile` upon the image; returns the new one's name. */
  build(name: string, base?: string): Promise<string>;
  /** Runs install.sh of the Feature in an image, as a build does; returns what it said and the new image. */
  install(feature: string, base: string, options?: Readonly<Record<string, string>>): Promise<InstalledFeature>;
}

export interface InstalledFeature extends ProgramRun {
  readonly image: string;
}

/** Images that differ in the Node they have. They go when the suite's do. */
export const createFeatureImages = async (suite: Suite): Promise<FeatureImages> => {
  const context = await mkdtemp(path.join(suite.root, 'feature-images-'));
  const node = path.join(context, 'node');
  await nodeTree(node);
  const newest = { version: 'v99.0.0' };
  await createNodeMirror(path.join(context, 'mirror'), [newest, { version: process.version, lts: 'Name', tree: node }]);
  const env = { ...process.env, ...suite.env };
  let count = 0;
  const nextTag = (name: string): string => `${suite.id}-feature-${name}-${String((count += 1))}`;

  const build: FeatureImages['build'] = async (name, base = process.env['DEVSETUP_BASE_IMAGE'] ?? PYTHON_IMAGE) => {
    const image = nextTag(name);
    const file = path.join(import.meta.dirname, 'images', `${name}.Dockerfile`);
    const args = [
      'build',
      '--quiet',
      '--force-rm',
      '--build-arg',
      `BASE=${base}`,
      '--file',
      file,
      '--tag',
      image,
      context,
    ];
    await runToSuccess('docker', args, { cwd: context, env });
    return image;
  };

  const install: FeatureImages['install'] = async (feature, base, options = {}) => {
    const image = nextTag('installed');
    const folder = await mkdtemp(path.join(suite.root, 'feature-install-'));
    const variables = Object.entries(options).map(([name, value]) => `${name.toUpperCase()}='${value}'`);
    try {
      await cp(feature, path.join(folder, 'devsetup'), { recursive: true });
      const run = `RUN cd /tmp/devsetup && ${variables.join(' ')} ./install.sh`;
      await writeFile(
        path.join(folder, 'Dockerfile'),
        `FROM ${base}\nUSER root\nCOPY devsetup /tmp/devsetup\n${run}\n`,
      );
      return {
        image,
        ...(await runProgram('docker', ['build', '--force-rm', '--tag', image, folder], { cwd: folder, env })),
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  };
  return { build, install };
};

/** The image, where it is there or can be had. */
export const findImage = async (name: string): Promise<string | undefined> => {
  const { exitCode } = await runProgram('docker', ['image', 'inspect', name], { cwd: '/' });
  if (exitCode === 0) return name;
  const pull = await runProgram('timeout', ['300', 'docker', 'pull', '--quiet', name], { cwd: '/' });
  return pull.exitCode === 0 ? name : undefined;
};
