import type { ShellCall } from '../../shell/shell-run.ts';
import type { AuditedJob } from '../pipeline.ts';

const DEFAULTS = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** The compose files of the checkout that the commands of these jobs name, or would find. */
export const composeTextsOf = (
  jobs: readonly AuditedJob[],
  readFile: (path: string) => string | undefined,
): readonly string[] => {
  const calls = jobs.flatMap(({ steps }) => steps.flatMap((step) => step.calls));
  const files = new Set(calls.filter(isCompose).flatMap(filesOf));
  return [...files].flatMap((file) => readFile(file) ?? []);
};

const isCompose = ({ words }: ShellCall): boolean => {
  const program = words[0]?.value.replace(/^.*\//s, '') ?? '';
  return program === 'docker-compose' || (program === 'docker' && words[1]?.value === 'compose');
};

const filesOf = ({ words, directory }: ShellCall): readonly string[] => {
  const texts = words.map(({ value }) => value);
  const named = texts.flatMap((text, index) => {
    if (/^(?:-f|--file)$/.test(text)) return texts[index + 1] ?? [];
    return /^--file=(.+)$/.exec(text)?.[1] ?? [];
  });
  const folder = directory === null || directory === '' ? '' : `${directory}/`;
  return (named.length > 0 ? named : DEFAULTS).map((file) => `${folder}${file.replace(/^\.\//, '')}`);
};
