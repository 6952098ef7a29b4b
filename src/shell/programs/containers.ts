import { slicePlaced } from '../../core/placed-text.ts';
import type { ShellWord, Variable } from '../shell-run.ts';
import { DOCKER_RUN } from './docker-options.ts';
import type { Given, Inner } from './inner.ts';
import { optionSet, skipOptions } from './options.ts';

/** Options of `docker` itself. */
const DOCKER_VALUED = optionSet('-H --host -c --context --config -l --log-level --tlscacert --tlscert --tlskey');
const EXEC_VALUED = optionSet('--detach-keys -e --env --env-file -u --user -w --workdir');
const COMPOSE_VALUED = optionSet(
  '-f --file -p --project-name --profile --env-file --project-directory --ansi --parallel --progress -H --host -c --context --tlscacert --tlscert --tlskey --log-level',
);
const COMPOSE_RUN_VALUED = optionSet(
  '--entrypoint -e --env --env-from-file -l --label --name -p --publish -u --user -v --volume -w --workdir --cap-add --cap-drop --pull --index',
);
const KUBECTL_VALUED = optionSet(
  '-n --namespace -c --container -f --filename --context --kubeconfig --cluster --user --token -s --server --image --overrides --restart --env -l --labels --pod-running-timeout --timeout --request-timeout --image-pull-policy --port --override-type --as --as-group --field-manager --annotations --annotation',
);

/** Commands that are run in a container. */
export const innerOfContainers = (given: Given): readonly Inner[] => {
  const { name, words } = given;
  switch (name) {
    case 'docker':
    case 'podman':
    case 'nerdctl': {
      let at = skipOptions(words, 1, DOCKER_VALUED);
      if (words[at]?.value === 'compose') return innerOfCompose(words, at + 1);
      if (words[at]?.value === 'container') at += 1;
      const verb = words[at]?.value;
      if (verb === 'run' || verb === 'create') return inContainer(words, at + 1, DOCKER_RUN);
      return verb === 'exec' ? inContainer(words, at + 1, EXEC_VALUED) : [];
    }
    case 'docker-compose':
    case 'podman-compose':
      return innerOfCompose(words, 1);
    case 'kubectl':
    case 'oc':
    case 'microk8s.kubectl':
    case 'k3s':
      return innerOfKubectl(name === 'k3s' ? words.slice(1) : words);
    default:
      return [];
  }
};

const innerOfCompose = (words: readonly ShellWord[], from: number): readonly Inner[] => {
  const at = skipOptions(words, from, COMPOSE_VALUED);
  const verb = words[at]?.value;
  return verb === 'run' || verb === 'exec' ? inContainer(words, at + 1, COMPOSE_RUN_VALUED, true) : [];
};

const inContainer = (
  words: readonly ShellWord[],
  from: number,
  valued: ReadonlySet<string>,
  splitsEntrypoint = false,
): readonly Inner[] => {
  const at = skipOptions(words, from, valued);
  const target = words[at];
  if (target === undefined) return [];
  const options = words.slice(from, at);
  const entrypoint = valueOf(options, '--entrypoint');
  const command = [
    ...(entrypoint === null || entrypoint.value === '' ? [] : splitsEntrypoint ? splitWord(entrypoint) : [entrypoint]),
    ...words.slice(at + 1),
  ];
  return container(target.value, command, variablesOf(options));
};

const container = (
  name: string | null,
  words: readonly ShellWord[],
  variables: ReadonlyMap<string, Variable> = new Map(),
): readonly Inner[] =>
  // Options alone are for the image's own entry point.
  words[0] === undefined || words[0].value.startsWith('-')
    ? []
    : [{ kind: 'words', words, layers: [{ kind: 'container', name }], inherits: false, isHere: false, variables }];

/** Compose reads an entrypoint as a shell does. */
const splitWord = (word: ShellWord): readonly ShellWord[] =>
  [...word.placed.text.matchAll(/\S+/g)].map(({ 0: value, index }) => {
    const placed = slicePlaced(word.placed, index, index + value.length);
    return { ...word, value, placed };
  });

const valueOf = (options: readonly ShellWord[], name: string): ShellWord | null => {
  for (const [index, option] of options.entries()) {
    if (option.value === name) return options[index + 1] ?? null;
    if (option.value.startsWith(`${name}=`))
      return {
        ...option,
        value: option.value.slice(name.length + 1),
        placed: slicePlaced(option.placed, name.length + 1),
      };
  }
  return null;
};

/** `-e NAME=value` */
const variablesOf = (options: readonly ShellWord[]): ReadonlyMap<string, Variable> => {
  const variables = new Map<string, Variable>();
  for (const [index, option] of options.entries()) {
    const isNext = option.value === '-e' || option.value === '--env';
    const text = isNext ? (options[index + 1]?.value ?? '') : (/^(?:--env=|-e)(.*)$/s.exec(option.value)?.[1] ?? '');
    const [, name, value] = /^(\w+)=([^]*)$/.exec(text) ?? [];
    if (name !== undefined && value !== undefined) variables.set(name, { value, span: option.span });
  }
  return variables;
};

const innerOfKubectl = (words: readonly ShellWord[]): readonly Inner[] => {
  const verb = skipOptions(words, 1, KUBECTL_VALUED);
  const kind = words[verb]?.value;
  if (kind === 'create' && words[verb + 1]?.value === 'job') {
    const at = words.findIndex(({ value }) => value === '--');
    return at < 0 ? [] : container(words[verb + 2]?.value ?? null, words.slice(at + 1));
  }
  if (kind !== 'exec' && kind !== 'run' && kind !== 'debug' && kind !== 'rsh') return [];
  const target = skipOptions(words, verb + 1, KUBECTL_VALUED);
  const dashes = words.findIndex(({ value }, index) => index > verb && value === '--');
  if (dashes > 0) return container(words[target]?.value ?? null, words.slice(dashes + 1));
  if (kind === 'exec' || kind === 'rsh') {
    const command = skipOptions(words, target + 1, KUBECTL_VALUED);
    return container(words[target]?.value ?? null, words.slice(command));
  }
  const marker = words.findIndex(({ value }) => value === '--command' || value === '--command=true');
  return marker < 0 ? [] : container(words[target]?.value ?? null, words.slice(marker + 1));
};
