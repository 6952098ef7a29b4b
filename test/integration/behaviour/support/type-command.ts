import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { CLI } from '../../../support/run-devsetup.ts';
import type { Site } from './site.ts';

/** The command that a hint prints in the line with this text: what is in backticks there, else what follows the last `: `. */
export const commandIn = (hint: string | null, line = /^/): string => {
  const found = hint?.split('\n').find((text) => line.test(text)) ?? '';
  const command = /`([^`]+)`[^`]*$/.exec(found)?.[1] ?? /: ((?:npx|INSERT) .*)$/.exec(found)?.[1];
  if (command === undefined) throw new Error(`no command in a line with ${line} in: ${hint}`);
  return command;
};

/** Types it in a shell, as a user would at the root of the checkout, who has npx and no virtual environment on the PATH. */
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
  const PATH = [bin, process.env['PATH']].join(path.delimiter);
  const state = { HOME: project.root, DEVSETUP_STATE_DIR: path.join(project.root, '.state') };
  const { stdout } = await promisify(execFile)('sh', ['-c', command], {
    cwd: project.root,
    env: { PATH, ...state, VIRTUAL_ENV: python.directory, ...(env as Record<string, string>) },
  });
  return stdout;
};
