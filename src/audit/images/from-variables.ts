import type { ShellCall } from '../../shell/shell-run.ts';
import { mentionAll, type Mention } from './mention.ts';
import { OFFICIAL_IMAGES } from './public-images.ts';
import { replacementsIn } from './from-edits.ts';
import { partOfWord, slicePart, splitPart, type Part } from './part.ts';

/** Variables that say which image is to be run, for what reads the environment: `IMAGE_TAG`, `BACKEND_IMAGE`, `TAG`. */
const NAME = /^(?:TF_VAR_)?(?:[A-Z0-9]+_)*(?:IMAGE|TAG|IMAGE_?TAG|IMAGE_VERSION|DOCKER_TAG)$/i;

/** `POSTGRES_TAG` is about an image of somebody else. */
export const isImageVariable = (name: string): boolean =>
  NAME.test(name) &&
  !OFFICIAL_IMAGES.has(
    name
      .replace(/^TF_VAR_/, '')
      .split('_')[0]
      ?.toLowerCase() ?? '',
  );

/** Whether the value is a tag, not a reference: no name before it. */
export const isBareTag = (name: string, value: string): boolean => /TAG$|VERSION$/i.test(name) && !/[/:]/.test(value);

export const mentionOfVariable = (name: string, value: Part): readonly Mention[] => {
  if (!isImageVariable(name) || value.value === '' || /\s/.test(value.value)) return [];
  if (isBareTag(name, value.value)) return mentionAll('deploy', [value], { isTagOnly: true });
  // A name without a tag is joined with one somewhere else.
  return /[:@]/.test(value.value.slice(value.value.lastIndexOf('/') + 1)) ? mentionAll('deploy', [value]) : [];
};

const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_]\w*)=/;

/** `NAME=value` in a word. */
export const assignmentsOf = (parts: readonly Part[]): readonly { readonly name: string; readonly value: Part }[] =>
  parts.flatMap((part) => {
    const match = ASSIGNMENT.exec(part.value);
    return match === null ? [] : [{ name: match[1] ?? '', value: slicePart(part, match[0].length) }];
  });

const ENV_FILE = /(?:^|\/)(?:\.env(?:[.-]\w+)*|\w+\.env)$/;

/** What a command writes to a file of variables: `echo "IMAGE_TAG=latest" >> .env`, `cat > .env <<EOF`. */
export const writtenToEnvFile = (call: ShellCall): readonly { readonly name: string; readonly value: Part }[] => {
  const [program, ...args] = call.words;
  const file = args.at(-1)?.value ?? '';
  if (program?.value === 'tee' && ENV_FILE.test(file) && call.input !== null)
    return assignmentsOf(splitPart(partOfWord(call.input), /\n/));
  if (
    program?.value === 'sed' &&
    ENV_FILE.test(file) &&
    args.some(({ value }) => /^(?:-[a-zA-Z]*i|--in-place)/.test(value))
  )
    return args.slice(0, -1).flatMap((word) => assignmentsOf(replacementsIn(partOfWord(word))));
  if (call.output !== 'file' || !ENV_FILE.test(call.outputTo ?? '')) return [];
  const [head, ...words] = call.words;
  if (head?.value === 'echo' || head?.value === 'printf') return assignmentsOf(words.map(partOfWord));
  if ((head?.value !== 'cat' && head?.value !== 'tee') || call.input === null) return [];
  return assignmentsOf(splitPart(partOfWord(call.input), /\n/));
};

/** Commands that read such variables from their environment. */
export const readsEnvironment = (program: string, parts: readonly Part[]): boolean => {
  const words = parts.map(({ value }) => value);
  if (/^(?:docker|podman)-compose$/.test(program) || words[0] === 'compose')
    return words.some((word) => /^(?:up|pull|run)$/.test(word));
  return (
    program === 'envsubst' ||
    (words[0] === 'stack' && words[1] === 'deploy') ||
    (program === 'terraform' && words.includes('apply'))
  );
};
