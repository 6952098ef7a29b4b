import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { answerDevsetup, question } from '../../../support/on-terminal.ts';
import type { DoctorSite } from './healthy-site.ts';

export interface OnTerminal {
  readonly exitCode: number;
  /** What stood on the terminal. */
  readonly screen: string;
  readonly stdout: string;
}

/** Runs `devsetup doctor` with a person at a terminal who types this at each question; stdout goes to a file. */
export const doctorOnTerminal = async (
  site: DoctorSite,
  args: readonly string[],
  answers: readonly string[],
): Promise<OnTerminal> => {
  const { root } = site.project;
  const stdout = path.join(root, '..', `${path.basename(root)}.stdout`);
  const { raw, exitCode } = await answerDevsetup(
    ['doctor', ...args],
    answers.map((typed) => [question('Do this? [y/N]'), typed]),
    { cwd: root, env: site.env, python: site.python, stdout },
  );
  return { exitCode, screen: raw.replaceAll('\r\n', '\n'), stdout: await readFile(stdout, 'utf8') };
};
