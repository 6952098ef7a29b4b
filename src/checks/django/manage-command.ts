import path from 'node:path';

import { shellWord } from '../../core/shell-word.ts';
import type { Backend } from '../../project/types.ts';

/** `cd backend && ../.venv/bin/python manage.py …`, to be typed at the root: manage.py works from its own folder. */
export const manageCommand = (
  root: string,
  { directory, python }: Pick<Backend, 'directory' | 'python'>,
  words: readonly string[],
): string => {
  const run = [interpreter(directory, python), 'manage.py', ...words].map(shellWord).join(' ');
  const folder = path.relative(root, directory);
  return folder === '' ? run : `cd ${shellWord(folder)} && ${run}`;
};

/** An activated environment, and a program found on PATH, are found by their names. */
const interpreter = (directory: string, python: Backend['python']): string => {
  if (python.source === 'VIRTUAL_ENV') return 'python';
  if (python.source === 'PATH') return path.basename(python.interpreter);
  const relative = path.relative(directory, python.interpreter);
  return relative.length < python.interpreter.length ? relative : python.interpreter;
};
