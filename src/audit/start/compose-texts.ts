import { DEFAULT_FILES, readComposeCommand } from '../images/compose-commands.ts';
import { partOfWord } from '../images/part.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { AuditedJob } from '../pipeline.ts';

/** The compose files of the checkout that the commands of these jobs name, or would find. */
export const composeTextsOf = (
  jobs: readonly AuditedJob[],
  readFile: (path: string) => string | undefined,
): readonly string[] => {
  const calls = jobs.flatMap(({ steps }) => steps.flatMap((step) => step.calls));
  return [...new Set(calls.flatMap(filesOf))].flatMap((file) => readFile(file) ?? []);
};

const filesOf = ({ words, directory }: ShellCall): readonly string[] => {
  const [program, ...parts] = words.map(partOfWord);
  const command = readComposeCommand((program?.value ?? '').replace(/^.*\//s, ''), parts);
  if (command === null) return [];
  const folder = directory === null || directory === '' ? '' : `${directory}/`;
  return (command.files ?? DEFAULT_FILES).map((file) => `${folder}${file.replace(/^\.\//, '')}`);
};
