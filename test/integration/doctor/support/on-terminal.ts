import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { runDevsetup, CLI } from '../../../support/run-devsetup.ts';
import type { DoctorSite } from './healthy-site.ts';

export interface OnTerminal {
  readonly exitCode: number;
  /** What stood on the terminal. */
  readonly screen: string;
  readonly stdout: string;
}

const PROGRAM = path.join(import.meta.dirname, 'answer-on-terminal.py');

/** Runs `devsetup doctor` with a person at a terminal who gives these answers; stdout goes to a file. */
export const doctorOnTerminal = async (
  site: DoctorSite,
  args: readonly string[],
  answers: readonly string[],
): Promise<OnTerminal> => {
  const stdout = path.join(site.project.root, '..', `${path.basename(site.project.root)}.stdout`);
  const { stdout: text } = await runDevsetup(['doctor', ...args], {
    cwd: site.project.root,
    env: { ...site.env, TERM: 'xterm-256color' },
    python: site.python,
    program: ['python3', PROGRAM, stdout, answers.join(','), process.execPath, CLI],
  });
  const end = /exit (-?\d+)\n$/.exec(text);
  return {
    exitCode: Number(end?.[1]),
    screen: text.slice(0, end?.index).replaceAll('\r\n', '\n'),
    stdout: await readFile(stdout, 'utf8'),
  };
};
