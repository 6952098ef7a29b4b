import { defineCheck, problemsOr } from '../../../core/check.ts';
import { listHooks } from '../../../devcontainer/hooks/list-hooks.ts';
import type { CheckContext } from '../../context.ts';
import { openDevContainer } from '../open-dev-container.ts';
import type { HookCommandCode } from './hook-problems.ts';
import { parseWithBash } from './parse-with-bash.ts';

/** What the hooks run can start, and destroys nothing. */
export const hookCommands = defineCheck<CheckContext, HookCommandCode>({
  id: 'devcontainer-hook-commands',
  group: 'dev-container',
  title: 'What the commands of the dev container run',
  findings: { 'devcontainer-hook-deletes-data': 'error', 'devcontainer-hook-cannot-start': 'error' },
  run: async (context) => {
    const found = await openDevContainer(context);
    const { root, machine } = context;
    // The interpreter of shells is loaded where there is something to read.
    const { findHookProblems } = await import('./hook-problems.ts');
    const isWindows = machine.platform === 'win32';
    const hasBash = !isWindows && (await context.findProgram('bash')) !== null;
    const problems = await findHookProblems(found, {
      root,
      isWindows,
      git: async (args) => {
        const { exitCode, stdout } = await context.run('git', ['-c', 'safe.directory=*', ...args]);
        return exitCode === 0 ? stdout : null;
      },
      parse: hasBash ? parseWithBash((args) => context.run('bash', args)) : null,
    });
    return problemsOr(problems, [...new Set(listHooks(found).map(({ hook }) => hook))].join(', ') || 'there are none');
  },
});
