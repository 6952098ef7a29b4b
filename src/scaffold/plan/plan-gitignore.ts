import type { PlannedFile } from '../planned-file.ts';

const PATH = '.gitignore';
const IGNORES_IT = /^\/?(?:\*\*\/)?node_modules(?:\/(?:\*\*?)?)?\s*$/m;

/** What the package manager installs at the root is not committed. */
export const planGitignore = (before: string | null): PlannedFile => {
  if (before === null) return { path: PATH, action: 'create', before, after: 'node_modules/\n', reason: null };
  if (IGNORES_IT.test(before)) return { path: PATH, action: 'keep', before, after: before, reason: null };
  const after = `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}node_modules/\n`;
  return { path: PATH, action: 'update', before, after, reason: 'what is installed is not committed' };
};
