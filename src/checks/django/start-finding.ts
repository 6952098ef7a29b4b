import path from 'node:path';

import type { Place, Problem } from '../../core/check.ts';
import type { DevsetupError } from '../../core/errors.ts';
import { findingCode } from '../../core/finding-code.ts';
import type { CompanionError } from '../../django/protocol.ts';

export const START_FINDINGS = {
  'environment-missing': 'error',
  'django-missing': 'error',
  'settings-failed': 'error',
  'apps-failed': 'error',
  'manage-py-failed': 'error',
  'manage-py-no-django': 'error',
  'manage-py-replaced': 'error',
  'python-missing': 'error',
  'companion-gone': 'error',
  internal: 'error',
} as const;

export type StartCode = keyof typeof START_FINDINGS;

const INSTALL = 'npx devsetup --only backend-dependencies --force';

/** Why Django does not start, as a finding; undefined where it is no fact about the project (an interruption). */
export const startFinding = (
  root: string,
  error: DevsetupError,
  hasRequirements: boolean,
): Problem<StartCode> | undefined => {
  const code = findingCode(error.code);
  if (!isStartCode(code)) return undefined;
  const from = (text: string): string => text.replaceAll(`${root}${path.sep}`, '');
  const [message = '', ...lines] = from(error.message).split('\n');
  const cause = asCompanionError(error.cause);
  const place = placeOf(root, cause);
  return {
    code,
    message,
    evidence: [
      ...lines.map((line) => line.trim()),
      ...(cause === undefined ? error.output.slice(-LAST_LINES) : shownCause(cause, error.message)).map(from),
    ],
    remedy: {
      text: from(error.hint ?? 'Correct what it names.'),
      command: code === 'django-missing' && hasRequirements ? INSTALL : null,
    },
    ...(place === undefined ? {} : { place }),
  };
};

const LAST_LINES = 3;

const isStartCode = (code: string): code is StartCode => code in START_FINDINGS;

/** Where in the project, and what a traceback ends with, as far as the message does not say it. */
const shownCause = ({ place, traceback }: CompanionError, message: string): readonly string[] => {
  const isSaid = (...texts: readonly string[]): boolean => texts.every((text) => message.includes(text));
  return [
    ...(place === null || isSaid(`${place.file}:${place.line}`, place.source)
      ? []
      : [`${place.file}:${place.line} in ${place.function}: ${place.source}`]),
    ...lastParagraph(traceback).filter((line) => !isSaid(line)),
  ];
};

/** The lines after the last frame: type and message of the exception, whole. */
const lastParagraph = (traceback: string): readonly string[] => {
  const lines = traceback.trimEnd().split('\n');
  const frame = lines.findLastIndex((line) => /^\s/.test(line));
  return lines.slice(frame + 1, frame + 1 + LAST_LINES).filter((line) => line.trim() !== '');
};

const placeOf = (root: string, cause: CompanionError | undefined): Place | undefined => {
  if (cause === undefined || cause.place === null) return undefined;
  const file = path.relative(root, cause.place.file);
  return file.startsWith('..') ? undefined : { file, line: cause.place.line, column: null };
};

const asCompanionError = (cause: unknown): CompanionError | undefined =>
  typeof cause === 'object' && cause !== null && 'traceback' in cause ? (cause as CompanionError) : undefined;
