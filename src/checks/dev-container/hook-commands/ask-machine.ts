import type { AskGit } from '../../../devcontainer/hooks/git-facts.ts';
import type { CommandResult } from '../../../process/run-command.ts';
import type { ParseShell } from './syntax-faults.ts';

type Run = (program: string, args: readonly string[]) => Promise<CommandResult>;

/** The programs of this machine that know more of a script than its text says. */
export const askMachine = async (
  run: Run,
  hasProgram: (name: string) => Promise<boolean>,
  platform: string,
): Promise<{ readonly git: AskGit; readonly parse: ParseShell | null; readonly isWindows: boolean }> => {
  const isWindows = platform === 'win32';
  return {
    isWindows,
    git: async (args) => {
      const { exitCode, stdout } = await run('git', ['-c', 'safe.directory=*', ...args]);
      return exitCode === 0 ? stdout : null;
    },
    parse: !isWindows && (await hasProgram('bash')) ? parseWith(run, await hasProgram('dash')) : null,
  };
};

/** A shell reads a script without running any of it (-n), and without the start files of the user. */
const parseWith =
  (run: Run, hasDash: boolean): ParseShell =>
  async (what, shell) => {
    if (shell === 'dash' && !hasDash) return null;
    const flags = shell === 'bash' ? ['--norc', '--noprofile', '-n'] : ['-n'];
    const { exitCode, tail } = await run(shell, [
      ...flags,
      ...('file' in what ? ['--', what.file] : ['-c', what.text]),
    ]);
    const [, line, said] = /(?:line |: )(\d+): (.+)$/m.exec(tail) ?? [];
    return exitCode === 0 || exitCode === null || line === undefined ? null : `line ${line}: ${said}`;
  };
