import { mentionAll, type Mention } from './mention.ts';
import { HELM, KUBECTL } from './option-tables.ts';
import { slicePart, splitPart, type Part } from './part.ts';
import { readOptions, valuesOf } from './read-options.ts';

/** The value of `name=value`; null: there is none. */
const valueAfter = (part: Part): Part | null => {
  const equals = part.value.indexOf('=');
  return equals < 0 ? null : slicePart(part, equals + 1);
};

/** `"image": "…"` and `"ImageIdentifier": "…"` in JSON that is given as a word. */
export const imagesInJson = (part: Part): readonly Part[] =>
  [
    ...part.value.matchAll(
      /\\?"(?:image|imageUri|ImageUri|ImageIdentifier|containerImage)\\?"\s*:\s*\\?"([^"\\\s]+)\\?"/g,
    ),
  ].map((match) => {
    const value = match[1] ?? '';
    const start = match.index + match[0].lastIndexOf(value);
    return slicePart(part, start, start + value.length);
  });

const readKubectl = (parts: readonly Part[]): readonly Mention[] => {
  const options = readOptions(parts, KUBECTL);
  const [verb, what, ...rest] = options.positionals;
  switch (verb?.value) {
    case 'set':
      return what?.value === 'image'
        ? mentionAll(
            'deploy',
            rest.flatMap((part) => valueAfter(part) ?? []),
          )
        : [];
    case 'run':
    case 'create':
    case 'debug':
      return mentionAll(verb.value === 'run' ? 'run' : 'deploy', valuesOf(options, '--image'), {
        isHelper: verb.value === 'debug' || options.flags.has('--rm'),
      });
    case 'patch':
      return mentionAll('deploy', valuesOf(options, '-p', '--patch').flatMap(imagesInJson));
    default:
      return [];
  }
};

const TAG_KEY = /(?:^|\.)(?:(?:\w*image|\w*docker)?_?tag|image_?version|imageTag)$/i;
const IMAGE_KEY = /(?:^|\.)(?:image|imageName|image_name|image_uri|docker_image)$/i;
const REPOSITORY_KEY = /(?:^|\.)image\.(?:repository|name)$/i;

/** `a.image.tag=x,b.image=y` */
const mentionsOfKeys = (part: Part): readonly Mention[] =>
  splitPart(part, /(?<!\\),/).flatMap((one) => {
    const key = one.value.split('=')[0] ?? '';
    const value = valueAfter(one);
    if (value === null || value.value === '') return [];
    if (TAG_KEY.test(key)) return mentionAll('deploy', [value], { isTagOnly: true });
    return IMAGE_KEY.test(key) && !REPOSITORY_KEY.test(key) ? mentionAll('deploy', [value]) : [];
  });

const readHelm = (parts: readonly Part[]): readonly Mention[] => {
  const options = readOptions(parts, HELM);
  if (!['upgrade', 'install', 'template'].includes(options.positionals[0]?.value ?? '')) return [];
  return mentionsOfValues(valuesOf(options, '--set', '--set-string', '--set-literal'));
};

/** `--set image.repository=a --set image.tag=b` is `a:b`, at the tag. */
const mentionsOfValues = (parts: readonly Part[]): readonly Mention[] => {
  const pairs = parts.flatMap((part) => splitPart(part, /(?<!\\),/));
  const keyOf = ({ value }: Part): string => value.split('=')[0] ?? '';
  const names = new Map(
    pairs.flatMap((part) =>
      keyOf(part).endsWith('.repository') ? [[keyOf(part), valueAfter(part)?.value ?? '']] : [],
    ),
  );
  return pairs.flatMap((part): readonly Mention[] => {
    const name = names.get(keyOf(part).replace(/\.tag$/, '.repository'));
    const tag = valueAfter(part);
    if (name === undefined || name === '' || tag === null || tag.value === '' || !keyOf(part).endsWith('.tag'))
      return mentionsOfKeys(part);
    return mentionAll('deploy', [{ ...tag, value: `${name}:${tag.value}` }]);
  });
};

/** `kustomize edit set image a=b:c`, `a:c`, `a=*:c`. */
const readKustomize = (parts: readonly Part[]): readonly Mention[] => {
  const words = readOptions(parts, new Set()).positionals;
  if (
    words
      .slice(0, 3)
      .map(({ value }) => value)
      .join(' ') !== 'edit set image'
  )
    return [];
  return words.slice(3).flatMap((part) => mentionAll('deploy', [valueAfter(part) ?? part]));
};

const readArgo = (parts: readonly Part[]): readonly Mention[] => {
  const options = readOptions(
    parts,
    new Set(['-p', '--parameter', '--helm-set', '--helm-set-string', '--kustomize-image', '--server', '--auth-token']),
  );
  if (options.positionals[0]?.value !== 'app') return [];
  return [
    ...valuesOf(options, '-p', '--parameter', '--helm-set', '--helm-set-string').flatMap(mentionsOfKeys),
    ...mentionAll(
      'deploy',
      valuesOf(options, '--kustomize-image').map((part) => valueAfter(part) ?? part),
    ),
  ];
};

/** `terraform apply -var image_tag=…`, `ansible-playbook -e image_tag=…`. */
const readVariables = (parts: readonly Part[], ...names: readonly string[]): readonly Mention[] =>
  valuesOf(readOptions(parts, new Set(names)), ...names).flatMap((part) =>
    splitPart(part, /\s+/).flatMap(mentionsOfKeys),
  );

export const readKubernetes = (program: string, parts: readonly Part[]): readonly Mention[] => {
  switch (program) {
    case 'kubectl':
    case 'oc':
    case 'microk8s.kubectl':
      return readKubectl(parts);
    case 'k3s':
    case 'microk8s':
    case 'minikube':
      return parts[0]?.value === 'kubectl' ? readKubectl(parts.slice(1)) : [];
    case 'helm':
      return readHelm(parts);
    case 'kustomize':
      return readKustomize(parts);
    case 'argocd':
      return readArgo(parts);
    case 'terraform':
    case 'tofu':
      return readVariables(parts, '-var', '--var');
    case 'ansible-playbook':
      return readVariables(parts, '-e', '--extra-vars');
    default:
      return [];
  }
};
