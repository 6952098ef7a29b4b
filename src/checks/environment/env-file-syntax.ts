import { defineCheck, notApplicable, problemsOr, type Problem } from '../../core/check.ts';
import { findText, shown } from '../../project/files.ts';
import type { CheckContext } from '../context.ts';
import { findEnvMistakes, type EnvMistake } from './env-file/find-env-mistakes.ts';
import { lookIntoSettings } from './look-into-settings.ts';

type Code = 'env-file-syntax';

const MOST_LINES = 8;

/** Lines of the env files that are ignored, or mean one thing to devsetup and another to the project. */
export const envFileSyntax = defineCheck<CheckContext, Code>({
  id: 'env-file-syntax',
  group: 'environment',
  title: 'Lines of the env files',
  findings: { 'env-file-syntax': 'warning' },
  timeoutSeconds: 60,
  run: async (context) => {
    const { root, environment } = context;
    const files = environment.layers.map(({ file }) => file);
    if (files.length === 0) return notApplicable('there is no env file');
    const { scan } = await lookIntoSettings(context);
    const problems: Problem<Code>[] = [];
    for (const file of files) {
      const mistakes = findEnvMistakes((await findText(file)) ?? '', scan?.libraries ?? new Set());
      if (mistakes.length > 0) problems.push(problemOf(shown(root, file), mistakes));
    }
    return problemsOr(problems, files.map((file) => shown(root, file)).join(', '));
  },
});

const problemOf = (file: string, mistakes: readonly EnvMistake[]): Problem<Code> => {
  const [first] = mistakes;
  const more = mistakes.length - MOST_LINES;
  return {
    code: 'env-file-syntax',
    message: `${file} has ${mistakes.length === 1 ? 'a line' : `${mistakes.length} lines`} that ${mistakes.length === 1 ? 'is' : 'are'} not read as written.`,
    evidence: [
      ...mistakes.slice(0, MOST_LINES).map(({ line, what }) => `line ${line}: ${what}`),
      ...(more > 0 ? [`and ${more} more`] : []),
    ],
    remedy: {
      text: `Write each variable in ${file} once, on a line of its own, as NAME=value or NAME="value".`,
      command: null,
    },
    place: { file, line: first?.line ?? null, column: null },
  };
};
