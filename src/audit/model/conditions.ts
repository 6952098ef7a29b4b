import type { Scalar } from '../../workflows/workflow.ts';

/** Runs although something before it has failed. */
export const overridesFailure = (condition: Scalar | null): boolean =>
  condition !== null && /\b(?:always|failure)\s*\(\s*\)|!\s*cancelled\s*\(\s*\)/.test(condition.value);

/** The jobs whose result an `if` asks for; `all`: that of every job it needs. */
export const askedResults = (condition: Scalar | null): ReadonlySet<string> | 'all' => {
  const text = condition?.value ?? '';
  if (/needs\.\*\.result/.test(text)) return 'all';
  return new Set(
    [...text.matchAll(/needs(?:\.([\w-]+)|\[\s*'([^']+)'\s*\])\.result/g)].map(([, a, b]) => a ?? b ?? ''),
  );
};
