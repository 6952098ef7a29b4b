import { readEnvLines, readEnvVariables } from '../../../config/read-env-lines.ts';

/**
 * The env file with what it lacks of these names, as the sample has them: with the comments above. Nothing that is there changes.
 * A file that does not exist yet (`null`) becomes the whole sample.
 */
export const completeEnvFile = (text: string | null, sample: string, names: readonly string[]): string => {
  if (text === null) return sample;
  const present = readEnvVariables(text);
  const wanted = new Set(names.filter((name) => !present.has(name)));
  const added = blocksOf(sample).flatMap(({ name, lines }) => (wanted.delete(name) ? lines : []));
  if (added.length === 0) return text;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text === '' || text.endsWith('\n') ? text : text + end;
  return before + added.flatMap((line) => line.split('\n')).join(end) + end;
};

/** Each variable of a sample with the comment directly above it. */
const blocksOf = (sample: string): readonly { readonly name: string; readonly lines: readonly string[] }[] => {
  let comments: string[] = [];
  return readEnvLines(sample).flatMap((line) => {
    if (line.kind === 'variable') {
      const block = { name: line.name, lines: [...comments, line.text] };
      comments = [];
      return [block];
    }
    // A variable that is commented out is no comment on the next.
    const isComment = /^\s*#(?!\s*\w+\s*=)/.test(line.text);
    comments = isComment ? [...comments, line.text] : [];
    return [];
  });
};
