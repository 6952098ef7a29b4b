import type { AuditedStep, Evaluated } from '../pipeline.ts';
import { BUILD_ACTIONS, IMAGE_ACTIONS, type ImageAction } from './action-table.ts';
import { isPushOutput, namesOfOutput } from './from-docker.ts';
import type { BuildInput } from './image-use.ts';
import { mentionAll, type Mention } from './mention.ts';
import { partOfEvaluated, slicePart, splitPart, type Part } from './part.ts';

const inputOf = (step: AuditedStep, name: string): Evaluated | undefined =>
  step.with.get(name) ?? [...step.with].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

const listOf = (step: AuditedStep, name: string): readonly Part[] => {
  const input = inputOf(step, name);
  return input === undefined ? [] : splitPart(partOfEvaluated(input), /[\n,]/);
};

const textOf = (step: AuditedStep, name: string): string | null => inputOf(step, name)?.value.trim() ?? null;

const plainPath = (path: string): string => path.replace(/^\.\/(?=.)|(?<=.)\/$/g, '');

const buildOf = (step: AuditedStep): BuildInput => ({
  context: plainPath(textOf(step, 'context') ?? '.'),
  file: textOf(step, 'file') === null ? null : plainPath(textOf(step, 'file') ?? ''),
  target: textOf(step, 'target'),
  platform: textOf(step, 'platforms'),
  args: (textOf(step, 'build-args') ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort(),
});

/** `push: true`, or an expression that may come to that; `outputs: type=registry`. */
const isPushed = (step: AuditedStep): boolean => {
  const push = textOf(step, 'push');
  if (push !== null && push !== '' && push !== 'false') return true;
  return /^true$/.test(textOf(step, 'push-to-registry') ?? '') || isPushOutput(textOf(step, 'outputs') ?? '');
};

/** The first version of docker/build-push-action: the name and the tags apart, pushed unless told otherwise. With `tag_with_…` it chooses tags by itself. */
const oldBuildMentions = (step: AuditedStep, name: string): readonly Mention[] => {
  if (['tag_with_sha', 'tag_with_ref'].some((input) => textOf(step, input) === 'true')) return [];
  const registry = textOf(step, 'registry') ?? '';
  const before = registry === '' ? name : `${registry}/${name}`;
  const references = listOf(step, 'tags').map((part) => ({ ...part, value: `${before}:${part.value.trim()}` }));
  const built = mentionAll('build', references, { build: buildOf(step) });
  return textOf(step, 'push') === 'false'
    ? built
    : built.flatMap((mention) => [mention, { ...mention, use: 'push' as const }]);
};

const buildMentions = (step: AuditedStep): readonly Mention[] => {
  const repository = textOf(step, 'repository');
  if (repository !== null && repository !== '') return oldBuildMentions(step, repository);
  const build = buildOf(step);
  const tags = listOf(step, 'tags').map((part) => ({ ...part, value: part.value.replace(/^type=raw,value=/, '') }));
  const outputs = inputOf(step, 'outputs');
  const names = outputs === undefined ? [] : splitPart(partOfEvaluated(outputs), /\n/).flatMap(namesOfOutput);
  const built = mentionAll('build', [...tags, ...names], { build });
  if (!isPushed(step)) return built;
  return built.flatMap((mention) => [mention, { ...mention, use: 'push' as const }]);
};

const withPrefix = (step: AuditedStep, { prefix }: ImageAction, name: string): string => {
  const before = prefix === undefined ? null : textOf(step, prefix);
  return before === null || before === '' || name.startsWith(`${before}/`) ? name : `${before}/${name}`;
};

const tableMentions = (step: AuditedStep, action: ImageAction): readonly Mention[] => {
  const { use, image, tags, defaultTag } = action;
  const images = listOf(step, image);
  const more = use === 'push' ? { build: buildOf(step) } : {};
  if (tags === undefined)
    return mentionAll(
      use,
      images.map((part) => ({ ...part, value: withPrefix(step, action, part.value) })),
      more,
    );
  const given = listOf(step, tags);
  const [name] = images;
  if (name === undefined) return [];
  if (given.length === 0) {
    // Without tags some actions choose their own, which is not known here.
    const value = defaultTag === undefined || /:[^/]*$/.test(name.value) ? name.value : `${name.value}:${defaultTag}`;
    return defaultTag === undefined ? [] : mentionAll(use, [{ ...name, value: withPrefix(step, action, value) }], more);
  }
  return mentionAll(
    use,
    given.map((part) => ({
      ...part,
      value: part.value.includes('/') ? part.value : withPrefix(step, action, `${name.value}:${part.value}`),
    })),
    more,
  );
};

/** `uses: docker://image`. */
const dockerAction = (step: AuditedStep): readonly Mention[] => {
  const { uses } = step;
  if (uses === null || !uses.value.startsWith('docker://')) return [];
  const part = partOfEvaluated(uses);
  return mentionAll('run', [{ ...part, value: uses.value.slice('docker://'.length) }], { isHelper: true });
};

/** `args: deploy --image …` */
const flyMentions = (step: AuditedStep): readonly Mention[] => {
  const args = inputOf(step, 'args');
  const match = /(?:^|\s)(?:--image|-i)[ =](\S+)/.exec(args?.value ?? '');
  if (args === undefined || match === null) return [];
  const end = match.index + match[0].length;
  return mentionAll('deploy', [slicePart(partOfEvaluated(args), end - (match[1] ?? '').length, end)]);
};

/** What an action's inputs say of images. */
export const readAction = (step: AuditedStep): readonly Mention[] => {
  const { action } = step;
  if (step.uses?.value.startsWith('docker://') === true) return dockerAction(step);
  if (action === null) return [];
  if (BUILD_ACTIONS.has(action)) return buildMentions(step);
  if (action === 'superfly/flyctl-actions') return flyMentions(step);
  return (IMAGE_ACTIONS[action] ?? []).flatMap((one) => tableMentions(step, one));
};
