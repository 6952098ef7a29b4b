import { beforeAll, describe, expect, inject, it } from 'vitest';

import { needs } from '../../support/needs.ts';
import { bundlePackage } from './bundle-package.ts';
import { createFeatureImages, MIRROR, type FeatureImages } from './feature-images.ts';
import { runFeatureTests } from './run-feature-tests.ts';

const provided = inject('containers');

describe('the Feature, by devcontainer features test', needs(provided.ok, 'no container engine answers'), () => {
  let images: FeatureImages;

  beforeAll(async () => {
    if (provided.ok) images = await createFeatureImages(provided.suite);
  });

  it('is installed by root for root and for another user, with any Node or none, once or twice', async () => {
    if (!provided.ok) return;
    const tarball = await bundlePackage(provided.suite);
    const image = await images.build('python-node');
    const scenarios = {
      no_node_as_root: {
        image: await images.build('python-mirror'),
        remoteUser: 'root',
        features: { devsetup: { nodeMirror: MIRROR, setup: false } },
      },
      old_node: {
        image: await images.build('old-node'),
        remoteUser: 'vscode',
        features: { devsetup: { nodeMirror: MIRROR } },
      },
    };
    const run = await runFeatureTests({ tarball, image, user: 'vscode', scenarios }, provided.suite);
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    const passed = [...run.stdout.matchAll(/Passed: +'([^']+)'/g)].map(([, name]) => name);
    expect(passed).toEqual([
      'devsetup',
      'no_node_as_root',
      'old_node',
      'devsetup executed twice with randomized options',
    ]);
  });
});
