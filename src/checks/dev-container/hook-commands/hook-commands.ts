import { defineCheck, problemsOr } from '../../../core/check.ts';
import { listHooks } from '../../../devcontainer/hooks/list-hooks.ts';
import type { CheckContext } from '../../context.ts';
import { openDevContainer } from '../open-dev-container.ts';
import { askMachine } from './ask-machine.ts';
import type { HookCommandCode } from './hook-problems.ts';

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
    const hasProgram = async (name: string): Promise<boolean> => (await context.findProgram(name)) !== null;
    const asked = await askMachine((program, args) => context.run(program, args), hasProgram, machine.platform);
    const problems = await findHookProblems(found, { root, ...asked });
    return problemsOr(problems, [...new Set(listHooks(found).map(({ hook }) => hook))].join(', ') || 'there are none');
  },
});
