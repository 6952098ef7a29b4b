import type { ShellCall } from '../../../shell/shell-run.ts';

/** Nothing decides whether it runs, and nothing before it may have ended the script. */
export const isCertain = (call: ShellCall, before: readonly ShellCall[]): boolean => {
  if (call.isConditional || call.isFallback || call.layers.some(({ kind }) => kind === 'python')) return false;
  return !before.some(
    ({ words, isConditional, isFallback }) =>
      /^(?:exit|return)$/.test(words[0]?.value ?? '') &&
      (isConditional || isFallback) &&
      /^0?$/.test(words[1]?.value ?? ''),
  );
};
