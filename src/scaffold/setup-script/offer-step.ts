import path from 'node:path';

import { STEP_IDS, type BuiltInStepId } from '../../core/step.ts';
import type { Verdict } from './classify/verdict.ts';
import type { Ending } from './endings/ending.ts';
import type { OfferedStep, UnknownLine } from './setup-script.ts';
import { isStatic } from '../../shell/plain/scope.ts';
import type { ShellCommand } from '../../shell/plain/shell-command.ts';

type Unknown = Extract<Verdict, { readonly kind: 'unknown' }>;

/** What of it needs a shell that an own step does not have, or holds a secret. */
const canBeWritten = (words: readonly string[]): boolean =>
  words.every((word) => isStatic(word) && !/\n/.test(word)) &&
  // A command that is called `generate_secret_key` holds none.
  !words.slice(1).some((word) => SECRET.test(word));

const SECRET = /pass(?:word|wd)?|secret|token|api_?key|:\/\/[^/\s]*:[^/\s]*@/i;

/** The own step that does what a command of a script did; null: none can, or none should. `reached`: the last step it stands behind. */
export const offerStep = (
  { note, manage, command }: Unknown,
  { directory, writes, input, variables }: ShellCommand,
  reached: BuiltInStepId,
): Omit<OfferedStep, 'id'> | null => {
  const words = manage ?? command;
  if (words === undefined || !canBeWritten(words)) return null;
  if (
    !/^(?:own|dangerous|program|writes-files)$/.test(note) ||
    writes.length > 0 ||
    input !== null ||
    variables.length > 0
  ) {
    return null;
  }
  const title = words.join(' ');
  if (manage !== undefined) return { title, manage, after: latest(reached, 'tenant-migrations') };
  if (directory === null) return null;
  return {
    title,
    command: words,
    after: latest(reached, 'frontend-dependencies'),
    ...(directory === '.' ? {} : { directory }),
  };
};

const latest = (one: BuiltInStepId, other: BuiltInStepId): BuiltInStepId =>
  STEP_IDS.indexOf(one) > STEP_IDS.indexOf(other) ? one : other;

/** `loaddata fixtures/countries.json` → `loaddata-countries`; a number where that is taken. */
export const idOf = (title: string, taken: ReadonlySet<string>): string => {
  const words = title.split(' ').filter((word) => !word.startsWith('-') && !INTERPRETER.test(word));
  const names = words.slice(0, 3).map((word) => path.posix.basename(word).replace(/\.[a-z0-9]+$/i, ''));
  const slug = names
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  const base = slug === '' ? 'own-step' : slug.slice(0, 40).replace(/-+$/, '');
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = `${base}-${count}`;
  return id;
};

const INTERPRETER = /^(?:python[\d.]*|node|bash|sh)$/;

/** Why a step is offered, but not by itself. */
export const cautionOf = ({ note }: Unknown, command: ShellCommand, ending: Ending): UnknownLine['caution'] => {
  if (note === 'dangerous') return 'dangerous';
  const isMakingFolders = command.words[0] === 'mkdir' || command.words[0] === 'touch';
  if (note === 'writes-files' && !isMakingFolders) return 'writes-files';
  if (command.isRepeated) return 'repeated';
  if (command.isConditional || command.isUnsure) return 'conditional';
  if (command.hidesErrors) return 'hides-errors';
  return ending === 'ends' ? null : 'may-not-end';
};
