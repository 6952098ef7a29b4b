import { readTextFile } from '../checkout/text-file.ts';
import type { CheckContext } from '../checks/context.ts';
import { CHECKS } from '../checks/index.ts';
import type { Config, OwnCheck } from '../config/config.ts';
import { passed, problemsOr, type Check, type CheckOutcome } from '../core/check.ts';
import { messageOf } from '../core/errors.ts';
import { DEFAULT_CHECK_SECONDS } from '../core/run-checks.ts';
import { describeEnding } from '../process/describe-ending.ts';
import type { CommandResult } from '../process/run-command.ts';
import { shown } from '../project/files.ts';
import { stepsFor } from '../steps/index.ts';
import { parseOwnFindings } from './parse-own-findings.ts';

/** What devsetup ships, and after it what the project's configuration names. */
export const checksFor = ({ doctor, steps }: Pick<Config, 'doctor' | 'steps'>): readonly Check<CheckContext>[] => {
  const taken = new Set([...CHECKS, ...stepsFor(steps)].map(({ id }) => id));
  return [...CHECKS, ...doctor.checks.map((own) => checkOf(own, taken.has(own.id)))];
};

const checkOf = (own: OwnCheck, isTaken: boolean): Check<CheckContext> => ({
  id: own.id,
  group: 'project',
  title: own.title,
  findings: {},
  // The program is ended by its own limit, and what it has printed until then is told.
  timeoutSeconds: (own.timeoutSeconds ?? DEFAULT_CHECK_SECONDS) + GRACE_SECONDS,
  run: async (context) =>
    isTaken ? unknown(`another check or step has the id "${own.id}": give it one of its own`) : runOwn(own, context),
});

const GRACE_SECONDS = 10;

const runOwn = async (own: OwnCheck, context: CheckContext): Promise<CheckOutcome> => {
  const { source } = own;
  if (source.kind === 'file' && source.file.endsWith('.json')) return readFindings(own, source.file, context.root);
  const [program, ...args] = source.kind === 'file' ? [source.file] : source.words;
  const timeoutSeconds = own.timeoutSeconds ?? DEFAULT_CHECK_SECONDS;
  const name = source.kind === 'file' ? shown(context.root, source.file) : program;
  return judgeAnswer(own, name, await context.run(program, args, { timeoutSeconds }), timeoutSeconds);
};

const readFindings = async (own: OwnCheck, file: string, root: string): Promise<CheckOutcome> => {
  const name = shown(root, file);
  try {
    const found = await readTextFile(file, root);
    return found === undefined ? unknown(`${name} does not exist`) : judgeText(own, name, found.text);
  } catch (error) {
    return unknown(`${name} cannot be read: ${messageOf(error)}`);
  }
};

/** What a program said, however it ended: findings on stdout count, as linters end with 1 where they found something. */
const judgeAnswer = (own: OwnCheck, name: string, result: CommandResult, timeoutSeconds: number): CheckOutcome => {
  const because = (what: string): CheckOutcome => unknown([what, ...lastLines(result.tail)].join(' · '));
  if (result.missing) return unknown(`${name} cannot be started: it is not there, or not executable`);
  if (result.timedOut) return because(`${name} took longer than ${timeoutSeconds} s`);
  if (result.exitCode === 0 || isDocument(result.stdout)) return judgeText(own, name, result.stdout);
  return because(`${name} ${describeEnding(result)} and printed no finding`);
};

const isDocument = (text: string): boolean => {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    // That it is none is the answer.
    return false;
  }
};

const judgeText = (own: OwnCheck, name: string, text: string): CheckOutcome => {
  if (text.trim() === '') return passed(`${name} found nothing`);
  const { problems, mistakes } = parseOwnFindings(text, own.id);
  return mistakes.length === 0
    ? problemsOr(problems, `${name} found nothing`)
    : unknown(`what ${name} says is not understood: ${mistakes.join('; ')}`);
};

const LAST_LINES = 3;

const lastLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-LAST_LINES);

const unknown = (reason: string): CheckOutcome => ({ kind: 'could-not-check', reason });
