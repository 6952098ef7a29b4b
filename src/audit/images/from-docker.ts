import { DOCKER_RUN } from '../../shell/programs/docker-options.ts';
import type { BuildInput } from './image-use.ts';
import { mentionAll, type Mention } from './mention.ts';
import { DOCKER_BUILD, DOCKER_GLOBAL, DOCKER_PUSH, SERVICE } from './option-tables.ts';
import { splitPart, type Part } from './part.ts';
import { readOptions, valuesOf, type Options } from './read-options.ts';

const ENGINES = /^(?:docker|podman|nerdctl|buildah|img|finch)$/;
/** Groups of commands that say the same as without: `docker image pull`, `docker container run`. */
const GROUPS = new Set(['image', 'container', 'buildx', 'builder', 'manifest']);

const firstValue = (options: Options, ...names: readonly string[]): string | null =>
  valuesOf(options, ...names).at(-1)?.value ?? null;

export const buildInputOf = (options: Options): BuildInput => ({
  context: (options.positionals.at(-1)?.value ?? '.').replace(/^\.\/(?=.)|(?<=.)\/$/g, ''),
  file: firstValue(options, '-f', '--file')?.replace(/^\.\//, '') ?? null,
  target: firstValue(options, '--target'),
  platform: firstValue(options, '--platform'),
  args: valuesOf(options, '--build-arg')
    .map(({ value }) => value)
    .sort(),
});

/** `type=registry`, `type=image,name=…,push=true` of `--output`. */
export const isPushOutput = (output: string): boolean =>
  /(?:^|,)type=registry\b/.test(output) || (/(?:^|,)push=true\b/.test(output) && !/push-by-digest=true/.test(output));

/** `name=a/b:c` of `--output`, without those that are pushed by digest only. */
export const namesOfOutput = (output: Part): readonly Part[] =>
  output.value.includes('push-by-digest=true')
    ? []
    : splitPart(output, /,(?=\w+=)/).flatMap((part) =>
        part.value.startsWith('name=')
          ? splitPart({ ...part, value: part.value.slice(5), start: Math.min(part.start + 5, part.end) }, /,/)
          : [],
      );

const readBuild = (parts: readonly Part[]): readonly Mention[] => {
  const options = readOptions(parts, DOCKER_BUILD);
  const build = buildInputOf(options);
  const outputs = valuesOf(options, '-o', '--output');
  const tags = [...valuesOf(options, '-t', '--tag'), ...outputs.flatMap(namesOfOutput)];
  const isPushed = options.flags.has('--push') || outputs.some(({ value }) => isPushOutput(value));
  return mentionAll('build', tags, { build }).flatMap((mention) =>
    isPushed ? [mention, { ...mention, use: 'push' as const }] : [mention],
  );
};

/** `docker push a`; `podman push a docker://b`; `buildah push a b`. */
const readPush = (parts: readonly Part[]): readonly Mention[] => {
  const { positionals, flags } = readOptions(parts, DOCKER_PUSH);
  const [first, second] = positionals;
  if (first === undefined) return [];
  if (flags.has('-a') || flags.has('--all-tags')) return mentionAll('push', [first], { isAllTags: true });
  return second === undefined ? mentionAll('push', [first]) : mentionAll('push', [second], { source: first.value });
};

const readTag = (parts: readonly Part[]): readonly Mention[] => {
  const [source, ...targets] = readOptions(parts, new Set()).positionals;
  return source === undefined ? [] : mentionAll('tag', targets, { source: source.value });
};

const readRun = (parts: readonly Part[], isCreated: boolean): readonly Mention[] => {
  const { flags, positionals } = readOptions(parts, DOCKER_RUN, true);
  const [image] = positionals;
  if (image === undefined) return [];
  const isDetached = flags.has('-d') || flags.has('--detach');
  // One that is created without a name is there to copy files out of.
  const isShort = isCreated ? !flags.has('--name') : flags.has('--rm');
  return mentionAll('run', [image], { isHelper: !isDetached && isShort });
};

const readService = (verb: string, parts: readonly Part[]): readonly Mention[] => {
  const options = readOptions(parts, SERVICE, verb === 'create');
  if (verb === 'update') return mentionAll('deploy', valuesOf(options, '--image'));
  return verb === 'create' ? mentionAll('deploy', options.positionals.slice(0, 1)) : [];
};

/** `docker buildx imagetools create -t NEW OLD`. */
const readImageTools = (verb: string, parts: readonly Part[]): readonly Mention[] => {
  if (verb !== 'create') return [];
  const options = readOptions(
    parts,
    new Set(['-t', '--tag', '-f', '--file', '--annotation', '--progress', '--builder']),
  );
  const source = options.positionals[0]?.value;
  return mentionAll('push', valuesOf(options, '-t', '--tag'), source === undefined ? {} : { source });
};

/** What `docker …` and programs like it say of images. */
export const readDocker = (program: string, parts: readonly Part[]): readonly Mention[] => {
  if (!ENGINES.test(program)) return [];
  const all = readOptions(parts, DOCKER_GLOBAL, true).positionals;
  const group = all[0]?.value ?? '';
  const words = GROUPS.has(group) ? all.slice(1) : all;
  const verb = words[0]?.value ?? '';
  const rest = words.slice(1);
  if (group === 'manifest') return verb === 'push' ? readPush(rest) : [];
  if (group === 'service') return readService(rest[0]?.value ?? '', rest.slice(1));
  switch (verb) {
    case 'build':
    case 'bud':
      return readBuild(rest);
    case 'imagetools':
      return readImageTools(rest[0]?.value ?? '', rest.slice(1));
    case 'push':
      return readPush(rest);
    case 'pull':
      return mentionAll('pull', readOptions(rest, DOCKER_PUSH).positionals.slice(0, 1));
    case 'tag':
      return readTag(rest);
    case 'run':
    case 'create':
      return program === 'buildah' ? [] : readRun(rest, verb === 'create');
    default:
      return [];
  }
};
