import path from 'node:path';

import { beforeAll, describe, expect, inject, it } from 'vitest';

import { needs } from '../../support/needs.ts';
import { runProgram, type ProgramRun } from '../../e2e/support/run-program.ts';
import { bundlePackage } from './bundle-package.ts';
import { copyFeature } from './feature-folder.ts';
import { createFeatureImages, findImage, MIRROR, type FeatureImages } from './feature-images.ts';

const ALPINE = 'alpine:3.22';
const UBUNTU = 'ubuntu:24.04';
const USER = '1234:1234';

const provided = inject('containers');

/** In a new container of the image, as a user it does not know. */
const runAsUser = (image: string, command: string): Promise<ProgramRun> => {
  const args = ['run', '--rm', '--user', USER, '--env', 'HOME=/tmp', '--workdir', '/tmp', image, 'sh', '-lc', command];
  return runProgram('docker', args, { cwd: '/' });
};

describe('install.sh', needs(provided.ok, 'no container engine answers'), () => {
  let images: FeatureImages;
  let feature: string;

  beforeAll(async () => {
    if (!provided.ok) return;
    images = await createFeatureImages(provided.suite);
    feature = await copyFeature(path.join(provided.suite.root, 'feature'), await bundlePackage(provided.suite));
  });

  const expectInstalled = async (image: string): Promise<void> => {
    const run = await runAsUser(image, 'devsetup --version && /usr/local/share/devsetup/lifecycle post-start');
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stdout).toMatch(/^\d+\.\d+\.\d+\ndevsetup: no Django backend in \/tmp, nothing to set up/);
  };

  it('needs no more than Alpine has, and takes its Node from there', async () => {
    const base = (await findImage(ALPINE)) ?? (await images.build('alpine-like'));
    const installed = await images.install(feature, base);
    expect(installed.exitCode, installed.stdout + installed.stderr).toBe(0);
    await expectInstalled(installed.image);
    expect((await runAsUser(installed.image, 'readlink /usr/local/share/devsetup/node-program')).stdout).toBe(
      '/usr/bin/node\n',
    );
  });

  it.for([
    ['Debian', undefined],
    ['Ubuntu', UBUNTU],
  ] as const)(
    'brings what it downloads with to %s, and leaves no lists of packages',
    async ([, wanted], { skip, task }) => {
      const base = wanted === undefined ? undefined : await findImage(wanted);
      if (wanted !== undefined && base === undefined) {
        // Debian's registry of packages has no Ubuntu to build one of: not every machine can run this row.
        task.meta.isOptional = true;
        skip(`${wanted} is not to be had`);
      }
      const installed = await images.install(feature, await images.build('no-downloader', base), {
        nodeMirror: MIRROR,
      });
      expect(installed.exitCode, installed.stdout + installed.stderr).toBe(0);
      await expectInstalled(installed.image);
      const left = await runAsUser(installed.image, 'command -v curl && ls /var/lib/apt/lists');
      expect(left.stdout).toBe('/usr/bin/curl\n');
    },
  );

  it('says what to do where it is told to install something that is not there', async () => {
    const base = await images.build('python-node');
    const installed = await images.install(feature, base, { package: '/opt/devsetup.tgz' });
    expect(installed.exitCode).not.toBe(0);
    expect(installed.stdout + installed.stderr).toContain(
      'There is no file /opt/devsetup.tgz in the image (option package).',
    );
  });
});
