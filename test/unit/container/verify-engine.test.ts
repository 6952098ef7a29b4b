import path from 'node:path';

import { expect, it } from 'vitest';

import { verifyEngine } from '../../../src/container/verify-engine.ts';
import { makeTree } from '../project/make-tree.ts';

it('Podman alone is not "no docker": it is named, with how it answers to that name', async () => {
  const root = await makeTree({ 'bin/podman': { program: '#!/bin/sh\n' } });
  const verified = verifyEngine({
    env: { PATH: path.join(root, 'bin') },
    directory: root,
    platform: 'linux',
    needsCompose: false,
    runCommand: () => Promise.reject(new Error('nothing is started')),
    signal: new AbortController().signal,
  });
  await expect(verified).rejects.toMatchObject({
    code: 'DOCKER_MISSING',
    message: expect.stringMatching(/^Podman is on PATH/),
    hint: expect.stringContaining('ln -s "$(command -v podman)" ~/.local/bin/docker'),
  });
});
