import type { CommandResult } from '../../../process/run-command.ts';
import type { ParseShell } from './syntax-faults.ts';

/** bash reads a script without running any of it (-n), and without the start files of the user. */
export const parseWithBash =
  (run: (args: readonly string[]) => Promise<Pick<CommandResult, 'exitCode' | 'tail'>>): ParseShell =>
  async (what) => {
    const target = 'file' in what ? ['--', what.file] : ['-c', what.text];
    const { exitCode, tail } = await run(['--norc', '--noprofile', '-n', ...target]);
    const [, line, said] = /line (\d+): (.+)$/m.exec(tail) ?? [];
    return exitCode === 0 || exitCode === null || line === undefined ? null : `line ${line}: ${said}`;
  };
