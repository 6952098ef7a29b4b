import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { runProgram, runToSuccess } from '../../e2e/support/run-program.ts';
import type { Suite } from './suite.ts';

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

/** That of the container one works in, or another one with its users. */
export const WORKED_IN = process.env['DEVSETUP_BASE_IMAGE'] || PYTHON_IMAGE;

/** The images that the template's project is built of: those that are there, those of the registries, else stand-ins made of Debian's packages. */
export const ensureBaseImages = async (): Promise<void> => {
  const images = WORKED_IN === PYTHON_IMAGE ? [PYTHON_IMAGE, ...OTHER_IMAGES] : OTHER_IMAGES;
  for (const image of images) {
    if (await ensureImage(image)) continue;
    process.stderr.write(`containers: ${image} is not to be had, building stand-ins from Debian's packages\n`);
    const script = path.resolve(import.meta.dirname, '../images/build.sh');
    await runToSuccess('bash', [script, PYTHON_IMAGE, ...OTHER_IMAGES], { cwd: path.dirname(script) });
    return;
  }
};

/** Named like those of devcontainers, in which the user may use sudo; it goes when the suite's images do. */
export const imageWithNode = async ({ id, env }: Suite): Promise<string> => {
  const name = `mcr.microsoft.com/devcontainers/${id}:node`;
  const base = process.env['DEVSETUP_BASE_IMAGE'] ?? PYTHON_IMAGE;
  const bin = '/usr/local/lib/node_modules/npm/bin';
  const dockerfile = `FROM ${base}
COPY --from=${OTHER_IMAGES[0]} /usr/local/bin/node /usr/local/bin/
COPY --from=${OTHER_IMAGES[0]} /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -sf ${bin}/npm-cli.js /usr/local/bin/npm && ln -sf ${bin}/npx-cli.js /usr/local/bin/npx
`;
  const context = await mkdtemp(path.join(os.tmpdir(), 'devsetup-image-'));
  try {
    await writeFile(path.join(context, 'Dockerfile'), dockerfile);
    await runToSuccess('docker', ['build', '--quiet', '--tag', name, context], {
      cwd: context,
      env: { ...process.env, ...env },
    });
  } finally {
    await rm(context, { recursive: true });
  }
  return name;
};
