import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { Problem } from '../../../../../src/core/check.ts';
import { findHookProblems } from '../../../../../src/checks/dev-container/hook-commands/hook-problems.ts';
import { askMachine } from '../../../../../src/checks/dev-container/hook-commands/ask-machine.ts';
import { findDevContainer } from '../../../../../src/devcontainer/dev-container.ts';
import { runCommand } from '../../../../../src/process/run-command.ts';
import { makeTree, type Tree } from '../../../project/make-tree.ts';

const execute = promisify(execFile);

export interface HookSite {
  readonly root: string;
  readonly git: (...args: readonly string[]) => Promise<string>;
  /** With git and bash of this machine, or without both. */
  readonly judge: (isBare?: boolean) => Promise<readonly Problem[]>;
  /** Runs a command as the Dev Container CLI does: a text by /bin/sh, a list as it is. Gives its exit code. */
  readonly start: (command: unknown) => Promise<number>;
}

/** A checkout with these hooks; files are added to git where there is a `.git`. */
export const openHookSite = async (hooks: object, tree: Tree = {}): Promise<HookSite> => {
  const root = await makeTree({
    '.devcontainer/devcontainer.json': JSON.stringify({ image: 'python:3.13', ...hooks }),
    ...tree,
  });
  const env = { PATH: process.env['PATH'] ?? '', HOME: root, GIT_CONFIG_NOSYSTEM: '1' };
  const ask = async (program: string, args: readonly string[]) => runCommand({ program, args, directory: root, env });
  return {
    root,
    git: async (...args) => (await execute('git', args, { cwd: root, env })).stdout,
    judge: async (isBare = false) => {
      const found = await findDevContainer(root);
      if (found === undefined) throw new Error('there is no devcontainer.json');
      const nothing = { git: async () => null, parse: null, isWindows: false };
      const asked = isBare ? nothing : await askMachine(ask, async () => true, 'linux');
      return findHookProblems(found, { root, ...asked });
    },
    start: async (command) => {
      const [program = '', ...args] = typeof command === 'string' ? ['/bin/sh', '-c', command] : (command as string[]);
      const { exitCode, missing } = await ask(program, args);
      return missing ? 127 : (exitCode ?? 1);
    },
  };
};
