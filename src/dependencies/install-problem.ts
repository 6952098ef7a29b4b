import path from 'node:path';

import { DevsetupError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import { describeEnding } from '../process/describe-ending.ts';
import type { CommandResult } from '../process/run-command.ts';
import { GIT_PROBLEMS } from './git-problems.ts';
import type { InstallCommand } from './install-backend.ts';
import type { Installer } from './installer-commands.ts';
import { builtPackage, findHit, type Circumstances, type Found } from './known-problem.ts';
import { PACKAGE_PROBLEMS } from './package-problems.ts';
import { REGISTRY_PROBLEMS } from './registry-problems.ts';

/** Causes in the words of the tools, the surer ones first: a network that is away also ends in "no matching distribution". */
const PROBLEMS = [...GIT_PROBLEMS, ...REGISTRY_PROBLEMS, ...PACKAGE_PROBLEMS];

const TAIL_LINES = 15;

/** What an installation that did not exit with 0 means: what the tool's own output names, anything else as it was printed. */
export const installProblem = (
  command: InstallCommand,
  result: CommandResult,
  circumstances: Circumstances = { files: [] },
): DevsetupError => {
  const line = withoutLogin([command.program, ...command.args].join(' '));
  const text = withoutLogin(withoutColours(result.tail));
  const output = lastLines(text);
  if (result.timedOut) {
    return new DevsetupError({
      code: 'COMMAND_TIMED_OUT',
      message: `${line} did not end in time`,
      hint: 'Raise timeouts.dependenciesSeconds in the configuration if it is only slow.',
      output,
    });
  }
  for (const { code, wordings, compiles, message, hint } of result.missing ? [] : PROBLEMS) {
    const hit = findHit(wordings, text);
    if (hit === undefined) continue;
    const tool = toolOf(command);
    const found: Found = {
      ...circumstances,
      what: hit.what,
      of: hit.of,
      tool,
      args: command.args,
      directory: command.directory,
      output: text,
      at: hit.at,
    };
    const advice = compiles && circumstances.pythonAdvice?.(builtPackage(found) ?? '');
    return new DevsetupError({
      code,
      message: `${message(found)} (${line})`,
      hint: advice ? `${advice} Or: ${hint(found)}` : hint(found),
      output: linesAround(text, hit.at),
    });
  }
  return new DevsetupError({
    code: 'INSTALL_FAILED',
    message: result.missing ? `${command.program} cannot be started` : `${line} ${describeEnding(result)}`,
    hint: result.missing
      ? `Is it installed, and may it be executed? \`${command.program} --version\` must answer.`
      : `Repeat it by hand to see all of it: \`cd ${shellWord(command.directory)} && ${withoutLogin(wordsOf(command))}\``,
    output,
  });
};

/** As a shell runs it, with what devsetup adds to its environment. */
const wordsOf = ({ program, args, env }: InstallCommand): string =>
  [
    ...Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`),
    ...[program, ...args].map(shellWord),
  ].join(' ');

const toolOf = ({ tool, program }: InstallCommand): Installer => tool ?? (path.basename(program) as Installer);

/** Pipenv, uv and pnpm colour even what no terminal reads. */
// oxlint-disable-next-line no-control-regex -- escape sequences are what it removes
const withoutColours = (text: string): string => text.replaceAll(/\u001B\[[\d;?]*[A-Za-z]/g, '').replaceAll('\r', '\n');

/** Addresses of private registries may carry a password or a token. */
const withoutLogin = (text: string): string => text.replaceAll(/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@'"]+@/gi, '$1****@');

/** Progress and blank lines say nothing. */
const tellingLines = (text: string): readonly string[] =>
  text
    .trimEnd()
    .split('\n')
    .filter((line) => line.trim() !== '');

const lastLines = (text: string): readonly string[] => tellingLines(text).slice(-TAIL_LINES);

/** npm prints a page of options behind its error: the lines that count are where the cause stands. */
const linesAround = (text: string, place: number): readonly string[] => {
  const lines = tellingLines(text);
  const at = tellingLines(text.slice(0, place)).length - 1;
  const from = Math.max(0, Math.min(at - Math.floor(TAIL_LINES / 2), lines.length - TAIL_LINES));
  return lines.slice(from, from + TAIL_LINES);
};
