import { readFile } from 'node:fs/promises';
import process from 'node:process';

import type { Command } from 'commander';

import { closestName } from '../config/closest-name.ts';
import { ExitCode, usageError } from '../core/errors.ts';
import { packageFile } from '../version.ts';
import type { Terminal } from './terminal.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const HELP = `
Put it into the profile of your shell once, as text: a new terminal then starts no Node.

  bash   npx devsetup shell-hook bash >> ~/.bashrc
  zsh    npx devsetup shell-hook zsh >> ~/.zshrc
  fish   npx devsetup shell-hook fish > ~/.config/fish/conf.d/devsetup.fish

A terminal says one line where the last setup of the checkout it opens in failed, was cut short or is running, inside of a container
wherever it opens. To put it there twice does no harm, nor does it before devsetup has ever run: it fits into an image.`;

/** `devsetup shell-hook bash|zsh|fish` */
export const addShellHookCommand = (program: Command, terminal: Terminal): void => {
  program
    .command('shell-hook')
    .description('print a snippet for the shell profile: new terminals say when the last setup failed or is running')
    .argument('[shell]', `one of ${SHELLS.join(', ')}`)
    .addHelpText('after', () => terminal.typed(HELP))
    .action((shell: string | undefined) =>
      terminal.run({}, async () => {
        process.stdout.write(await readFile(packageFile(`templates/shell-hook/notice.${shellOf(shell)}`), 'utf8'));
        return { exitCode: ExitCode.done };
      }),
    );
};

/** @throws usage error SHELL_UNKNOWN */
export const shellOf = (name: string | undefined): Shell => {
  const found = SHELLS.find((shell) => shell === name);
  if (found !== undefined) return found;
  const meant = name === undefined ? undefined : closestName(name, SHELLS);
  throw usageError({
    code: 'SHELL_UNKNOWN',
    message: name === undefined ? 'Which shell is missing.' : `devsetup has nothing for the shell "${name}".`,
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}The shells are: ${SHELLS.join(', ')}.`,
  });
};
