import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { CLI } from '../../../support/run-devsetup.ts';
import type { Site } from './site.ts';

/** Types it in a shell, as a user would who has the programs on the PATH. */
export const typeCommand = async ({ project, python, env }: Site, command: string): Promise<string> => {
  const bin = path.join(project.root, '.bin');
  await mkdir(bin, { recursive: true });
  const programs = {
    npx: `shift\nexec "${process.execPath}" "${CLI}" "$@"`,
  };
  for (const [name, body] of Object.entries(programs)) {
    await writeFile(path.join(bin, name), `#!/bin/sh\n${body}\n`);
    await chmod(path.join(bin, name), 0o755);
  }
  const folder = /\bpython\b/.test(command) && !/\bcd /.test(command) ? project.backend : project.root;
  const PATH = [bin, path.join(python.directory, 'bin'), process.env['PATH']].join(path.delimiter);
  const state = { HOME: project.root, DEVSETUP_STATE_DIR: path.join(project.root, '.state') };
  const { stdout } = await promisify(execFile)('sh', ['-c', command], {
    cwd: folder,
    env: { PATH, ...state, VIRTUAL_ENV: python.directory, ...(env as Record<string, string>) },
  });
  return stdout;
};
