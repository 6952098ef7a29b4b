import { collect } from '../../core/collect.ts';
import type { Span } from '../../core/placed-text.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { passedOn } from '../model/action-scripts.ts';
import type { Audit, AuditedStep } from '../pipeline.ts';
import { readCloud } from './from-cloud.ts';
import { readComposeCall } from './from-compose.ts';
import { readDocker } from './from-docker.ts';
import { readEdit } from './from-edits.ts';
import { readKubernetes } from './from-kubernetes.ts';
import { readManifestCall } from './from-manifests.ts';
import { readRegistryTool } from './from-registry-tools.ts';
import { readHelmValues } from './from-values.ts';
import { assignmentsOf, mentionOfVariable, readsEnvironment } from './from-variables.ts';
import type { JobFiles } from './job-files.ts';
import { mentionAll, type Mention } from './mention.ts';
import { partOfWord, slicePart, type Part } from './part.ts';

export type Surroundings = Pick<Audit, 'holes' | 'readFile' | 'project' | 'pipelines'>;

const programOf = (name: string): string => (name.split('/').at(-1) ?? name).replace(/\.exe$/, '');

/** A variable as a text of its own: `NAME=value`, or the value alone, at its place. */
const partOfVariable = (text: string, whole: Span): Part => ({
  value: text,
  placed: { text, segments: [] },
  whole,
  start: 0,
  end: text.length,
  origins: [],
});

/** `IMAGE_TAG=latest docker compose up`: the variable's own place. */
const prefixParts = ({ prefix, span }: ShellCall): readonly (readonly [string, Part])[] =>
  [...prefix].map(([name, { value, span: at }]) => [
    name,
    slicePart(partOfVariable(`${name}=${value}`, at ?? span), name.length + 1),
  ]);

/** What the workflow itself sets, for a command that is run beside it. */
const environmentParts = ({ environment }: AuditedStep, isRemote: boolean): readonly (readonly [string, Part])[] =>
  isRemote
    ? []
    : [...environment].flatMap(([name, { value, span }]) =>
        span === null ? [] : [[name, partOfVariable(value, span)] as const],
      );

const mentionsName = (text: string, name: string): boolean => new RegExp(`\\$\\{?${name}\\b`).test(text);

/**
 * What a command hands to programs that read their environment, by the innermost place that sets it. Where a compose file at hand says
 * what takes it, its own references are the better evidence.
 */
const variableMentions = (given: readonly (readonly [string, Part])[], said: string): readonly Mention[] =>
  [...new Map(given)].flatMap(([name, value]) => (mentionsName(said, name) ? [] : mentionOfVariable(name, value)));

/** Arguments given as one unknown, e.g. `$DOCKER_OPTS`: they are no image. */
const isArguments = ({ value }: Part, { holes }: Surroundings): boolean =>
  value.length === 1 && /OPT|ARG|FLAG|PARAM/i.test(holes.get(value)?.name ?? '');

/** Every program that one of the readers knows; looking at the others would only take time. */
const PROGRAMS = new Set(
  (
    'docker podman nerdctl buildah img finch docker-compose podman-compose crane gcrane regctl skopeo executor kaniko kubectl oc ' +
    'microk8s.kubectl k3s microk8s minikube helm kustomize argocd terraform tofu ansible-playbook gcloud az aws flyctl fly cf ibmcloud ' +
    'koyeb scw caprover dokku sed gsed yq jq envsubst export'
  ).split(' '),
);

const isKnown = (program: string, written: string): boolean =>
  PROGRAMS.has(program) || /^(?:ba|da|z)?sh$/.test(program) || /^\.{0,2}\/|\.(?:sh|bash|py|rb|js)$/.test(written);

/** What the commands of a step say of images, in the order they are run. */
export const mentionsOfCalls = (
  step: AuditedStep,
  jobFiles: JobFiles,
  around: Surroundings,
): readonly (Mention & { readonly call: ShellCall })[] => {
  const exported = new Map<string, Part>();
  let said = '';
  return collect(step.calls, (call) => {
    const [head, ...rest] = call.words;
    const program = programOf(head?.value ?? '');
    if (head === undefined || !isKnown(program, head.value)) return [];
    const parts = rest.map(partOfWord).filter((part) => !isArguments(part, around));
    if (program === 'export') for (const { name, value } of assignmentsOf(parts)) exported.set(name, value);
    const isRemote = call.layers.some(({ kind }) => kind === 'remote');
    const find = (name: string): string | undefined =>
      (call.prefix.get(name) ?? call.exported.get(name) ?? exported.get(name))?.value ??
      (isRemote ? passedOn(step.with, step) : step.environment).get(name)?.value;
    const files = { ...around, jobFiles };
    const compose = readComposeCall(program, parts, call, { ...files, find });
    said += compose.map(({ saidIn }) => `${saidIn?.text ?? ''}\n`).join('');
    const found = [
      ...readDocker(program, parts),
      ...readRegistryTool(program, parts),
      ...readKubernetes(program, parts),
      ...readCloud(program, parts),
      ...readEdit(program, parts),
      ...compose,
      ...readManifestCall(program, parts, call, files),
      ...readHelmValues(program, parts, call, files),
      ...readScriptArguments(program, head.value, parts),
      ...(readsEnvironment(program, parts)
        ? variableMentions([...environmentParts(step, isRemote), ...exported, ...prefixParts(call)], said)
        : []),
    ];
    return found.map((mention) => ({ ...mention, call }));
  });
};

/** `registry.example/name:tag` or with a digest: only what cannot be anything else. A name alone may have its tag in another word. */
const REFERENCE = /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/[^\s/:@]+)+(?::[^\s/:@]+|@\S+)$/u;

const SCRIPT = /^(?:\.{0,2}\/\S+|\S+\.(?:sh|bash|py|rb|js))$/;

/** `./deploy.sh backend ghcr.io/acme/shop:1.2`: the images that a script of the project gets as arguments. */
const readScriptArguments = (program: string, call: string, parts: readonly Part[]): readonly Mention[] => {
  const isShell = /^(?:ba|da|z)?sh$/.test(program);
  const script = isShell ? parts.findIndex(({ value }) => !value.startsWith('-')) : -1;
  const name = isShell ? (parts[script]?.value ?? '') : call;
  if (!SCRIPT.test(name)) return [];
  const given = parts
    .slice(script + 1)
    .filter(({ value }) => REFERENCE.test(value.replaceAll(/[\uE000-\uF8FE]/g, 'x')));
  return mentionAll('deploy', given);
};
