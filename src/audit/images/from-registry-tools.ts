import type { BuildInput } from './image-use.ts';
import { mentionAll, type Mention } from './mention.ts';
import type { Part } from './part.ts';
import { readOptions, valuesOf } from './read-options.ts';
import { buildInputOf } from './from-docker.ts';

const CRANE = new Set(['--platform', '-j', '--jobs', '--index', '-f', '--format', '-t', '--tag', '-b', '--base']);
const SKOPEO = new Set(
  '--src-creds --dest-creds --src-tls-verify --dest-tls-verify --authfile --src-authfile --dest-authfile -f --format --retry-times --multi-arch'.split(
    ' ',
  ),
);
const KANIKO = new Set(
  '--destination -d --dockerfile -f --context -c --build-arg --target --cache-repo --digest-file --customPlatform'.split(
    ' ',
  ),
);

const copied = (parts: readonly Part[]): readonly Mention[] => {
  const [source, target] = parts;
  return source === undefined || target === undefined ? [] : mentionAll('push', [target], { source: source.value });
};

const readCrane = (parts: readonly Part[]): readonly Mention[] => {
  const [verb, ...rest] = readOptions(parts, CRANE).positionals;
  const [first, second] = rest;
  switch (verb?.value) {
    case 'copy':
    case 'cp':
      return copied(rest);
    case 'push':
      return mentionAll('push', rest.slice(1, 2));
    case 'pull':
      return mentionAll('pull', rest.slice(0, 1));
    case 'tag': {
      if (first === undefined || second === undefined) return [];
      const name = first.value.replace(/@.*$|:[^/:]*$/, '');
      return mentionAll('push', [{ ...second, value: `${name}:${second.value}` }], { source: first.value });
    }
    default:
      return [];
  }
};

const readKaniko = (parts: readonly Part[]): readonly Mention[] => {
  const options = readOptions(parts, KANIKO);
  const plain = buildInputOf(options);
  const build: BuildInput = {
    ...plain,
    context: valuesOf(options, '--context', '-c').at(-1)?.value ?? '.',
    file: valuesOf(options, '--dockerfile', '-f').at(-1)?.value ?? null,
  };
  return valuesOf(options, '--destination', '-d').flatMap((part) => [
    ...mentionAll('build', [part], { build }),
    ...mentionAll('push', [part], { build }),
  ]);
};

/** What programs that move images between registries say of them. */
export const readRegistryTool = (program: string, parts: readonly Part[]): readonly Mention[] => {
  switch (program) {
    case 'crane':
    case 'gcrane':
      return readCrane(parts);
    case 'regctl':
      return parts[0]?.value === 'image' && parts[1]?.value === 'copy'
        ? copied(readOptions(parts.slice(2), new Set()).positionals)
        : [];
    case 'skopeo':
      return parts[0]?.value === 'copy' ? copied(readOptions(parts.slice(1), SKOPEO).positionals) : [];
    case 'executor':
    case 'kaniko':
      return readKaniko(parts);
    default:
      return [];
  }
};
