import path from 'node:path';
import process from 'node:process';

import { runProgram, runToSuccess } from '../../e2e/support/run-program.ts';

/** Of what the stand-ins hold, so that the same options serve with the real images. */
export const VERSIONS = { python: '3.11', node: '20', postgres: '15.18' } as const;

export const PYTHON_IMAGE = `mcr.microsoft.com/devcontainers/python:2-${VERSIONS.python}-bookworm`;
const OTHER_IMAGES = [`node:${VERSIONS.node}-bookworm-slim`, `postgres:${VERSIONS.postgres}-bookworm`] as const;
const PULL_LIMIT_SECONDS = 600;

const succeeds = async (program: string, ...args: readonly string[]): Promise<boolean> =>
  (await runProgram(program, args, { cwd: '/' })).exitCode === 0;

const ensureImage = async (image: string): Promise<boolean> =>
  (await succeeds('docker', 'image', 'inspect', image)) ||
  succeeds('timeout', String(PULL_LIMIT_SECONDS), 'docker', 'pull', '--quiet', image);

/**
 * The images that the template's project is built of: those that are there, those of the registries, else stand-ins made of Debian's
 * packages. `DEVSETUP_BASE_IMAGE` names another one for the container one works in.
 */
export const ensureBaseImages = async (): Promise<void> => {
  const own = process.env['DEVSETUP_BASE_IMAGE'] ?? '';
  const images = own === '' ? [PYTHON_IMAGE, ...OTHER_IMAGES] : OTHER_IMAGES;
  for (const image of images) {
    if (await ensureImage(image)) continue;
    process.stderr.write(`containers: ${image} is not to be had, building stand-ins from Debian's packages\n`);
    const script = path.resolve(import.meta.dirname, '../images/build.sh');
    await runToSuccess('bash', [script, PYTHON_IMAGE, ...OTHER_IMAGES], { cwd: path.dirname(script) });
    return;
  }
};
