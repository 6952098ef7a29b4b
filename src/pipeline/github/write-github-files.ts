import { appendFile, stat } from 'node:fs/promises';

import { messageOf } from '../../core/errors.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** GitHub's limit is 1 MiB for the file; some room is left for whoever writes after us. */
const SUMMARY_BYTES = 1_000_000;

export const isGithubActions = (env: Variables): boolean => env['GITHUB_ACTIONS'] === 'true';

/**
 * Appends to the files the runner has given this step. What cannot be written is no failure of the migration.
 *
 * @returns what could not be written, a sentence each
 */
export const writeGithubFiles = async (
  env: Variables,
  files: { readonly outputs: string; readonly summary: (maxBytes: number) => string },
): Promise<readonly string[]> => {
  const problems: string[] = [];
  const append = async (variable: string, text: (file: string) => Promise<string>): Promise<void> => {
    const file = env[variable];
    if (file === undefined || file === '') return;
    try {
      await appendFile(file, await text(file));
    } catch (error) {
      problems.push(`${variable} cannot be written: ${messageOf(error)}`);
    }
  };
  await append('GITHUB_OUTPUT', () => Promise.resolve(files.outputs));
  await append('GITHUB_STEP_SUMMARY', async (file) => {
    const there = await stat(file).then(
      ({ size }) => size,
      () => 0,
    );
    return files.summary(Math.max(0, SUMMARY_BYTES - there));
  });
  return problems;
};
