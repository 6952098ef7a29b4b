import process from 'node:process';

import type { Command } from 'commander';

import { ExitCode } from '../core/errors.ts';
import type { KnownValues } from './completion/model.ts';
import { SHELLS, shellOf } from './shell-hook.ts';
import type { Terminal } from './terminal.ts';

const HELP = `
Write it to a file once, and again after an update; completing then starts no Node. It completes devsetup, django-devsetup and npx devsetup:

  bash   mkdir -p ~/.config/devsetup && npx devsetup completion bash > ~/.config/devsetup/completion.bash
         echo '. ~/.config/devsetup/completion.bash' >> ~/.bashrc
  zsh    mkdir -p ~/.config/devsetup && npx devsetup completion zsh > ~/.config/devsetup/completion.zsh
         echo '. ~/.config/devsetup/completion.zsh' >> ~/.zshrc
  fish   npx devsetup completion fish > ~/.config/fish/conf.d/devsetup-completion.fish`;

/** `devsetup completion bash|zsh|fish` */
export const addCompletionCommand = (program: Command, terminal: Terminal): void => {
  program
    .command('completion')
    .description('print what lets your shell complete commands, options, steps, checks and findings')
    .argument('[shell]', `one of ${SHELLS.join(', ')}`)
    .addHelpText('after', () => terminal.typed(HELP))
    .action((name: string | undefined) =>
      terminal.run({}, async () => {
        const shell = shellOf(name);
        const [{ completedCommands }, { bashCompletion, zshCompletion }, { fishCompletion }] = await Promise.all([
          import('./completion/model.ts'),
          import('./completion/posix-shells.ts'),
          import('./completion/fish.ts'),
        ]);
        const render = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }[shell];
        process.stdout.write(render(completedCommands(program, await knownValues())));
        return { exitCode: ExitCode.done };
      }),
    );
};

/** Without those of a configuration: the shell keeps the list. */
const knownValues = async (): Promise<KnownValues> => {
  const [{ documentedChecks }, { CHECK_GROUPS }, { STEP_IDS }, { RULES }] = await Promise.all([
    import('../doctor/list-checks.ts'),
    import('../core/check.ts'),
    import('../core/step.ts'),
    import('../core/rule-ids.ts'),
  ]);
  const listed = documentedChecks();
  const checks = [...new Set([...CHECK_GROUPS, ...listed.map(({ id }) => id)])];
  const findings = [...new Set(listed.flatMap((check) => check.findings.map(({ code }) => code)))].toSorted();
  const rules = Object.keys(RULES);
  const steps = Object.fromEntries(
    ['run', 'migrate'].flatMap((command) =>
      ['--only', '--skip', '--from'].map((flag) => [`${command} ${flag}`, STEP_IDS]),
    ),
  );
  return {
    ...steps,
    'doctor --only': checks,
    'doctor --skip': [...checks, ...findings],
    'doctor --explain': findings,
    'audit --only': rules,
    'audit --skip': rules,
    completion: SHELLS,
    'shell-hook': SHELLS,
  };
};
