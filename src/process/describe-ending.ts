import type { CommandResult } from './run-command.ts';

/** How a program that was started has ended, as the rest of a sentence about it. */
export const describeEnding = ({ exitCode }: Pick<CommandResult, 'exitCode'>): string =>
  exitCode === null ? 'was killed by a signal (has memory run out?)' : `ended with exit code ${exitCode}`;
