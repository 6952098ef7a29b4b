import { expect, test } from 'vitest';

import { engineProblem } from '../../../src/container/engine-problem.ts';

test.each([
  [
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: connect: permission denied',
    'linux',
    'DOCKER_DENIED',
    'usermod',
  ],
  [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    'linux',
    'DOCKER_NOT_RUNNING',
    'systemctl start docker',
  ],
  ['error during connect: the system cannot find the file specified', 'win32', 'DOCKER_NOT_RUNNING', 'Docker Desktop'],
  ['Cannot connect to the Docker daemon', 'darwin', 'DOCKER_NOT_RUNNING', 'open -a Docker'],
  [
    'unable to resolve docker endpoint: context "gone": context not found: open /home/me/.docker/contexts/meta',
    'linux',
    'DOCKER_CONTEXT',
    'docker context use default',
  ],
])('%s', (output, platform, code, advice) => {
  const problem = engineProblem(output, platform);
  expect(problem.code).toBe(code);
  expect(problem.hint).toContain(advice);
  expect(problem.output).toEqual([output]);
});
