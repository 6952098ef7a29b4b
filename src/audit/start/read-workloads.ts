import { spanOf, type PlacedText } from '../../core/placed-text.ts';
import type { Variable } from '../../shell/shell-run.ts';
import { fieldOf, textAt } from '../../workflows/read/fields.ts';
import type { YamlValue } from '../../workflows/workflow.ts';
import { commandOf, type ContainerStart } from './container-start.ts';
import { readDocuments } from '../model/yaml-documents.ts';

/** What keeps pods running; a Job is run once. */
const KEPT =
  /^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Rollout|DeploymentConfig|Pod|Service)$/;

const itemsOf = (value: YamlValue | null): readonly YamlValue[] => (value?.kind === 'list' ? value.items : []);

/** A container of a workload. */
export interface Workload {
  /** Of the workload. */
  readonly name: string;
  readonly start: ContainerStart;
}

/** The containers that manifests of Kubernetes keep running, those that are run before them included. */
export const readWorkloads = (file: string, text: string): readonly Workload[] => {
  if (!/\bkind\b/.test(text) || !/\bcontainers\b/.test(text)) return [];
  return readDocuments(file, text)
    .flatMap((root) => (textAt(root, 'kind')?.value === 'List' ? itemsOf(fieldOf(root, 'items')) : [root]))
    .filter((root) => KEPT.test(textAt(root, 'kind')?.value ?? ''))
    .flatMap((root) => {
      const spec = fieldOf(root, 'spec');
      const pod = fieldOf(fieldOf(spec, 'template'), 'spec') ?? spec;
      const name = textAt(fieldOf(root, 'metadata'), 'name')?.value ?? '';
      return [
        ...itemsOf(fieldOf(pod, 'initContainers')).flatMap((one) => containerOf(one, 'init', NAMES)),
        ...itemsOf(fieldOf(pod, 'containers')).flatMap((one) => containerOf(one, 'kept', NAMES)),
      ].map((start) => ({ name, start }));
    });
};

/** The containers of Jobs, of Kubernetes or of Cloud Run: each is run to its end. */
export const readJobs = (file: string, text: string): readonly ContainerStart[] => {
  if (!/\bJob\b/.test(text) || !/\bcontainers\b/.test(text)) return [];
  return readDocuments(file, text)
    .flatMap((root) => (textAt(root, 'kind')?.value === 'List' ? itemsOf(fieldOf(root, 'items')) : [root]))
    .filter((root) => textAt(root, 'kind')?.value === 'Job')
    .flatMap((root) => {
      const spec = fieldOf(fieldOf(fieldOf(root, 'spec'), 'template'), 'spec');
      const pod = fieldOf(fieldOf(spec, 'template'), 'spec') ?? spec;
      return ['initContainers', 'containers'].flatMap((key) =>
        itemsOf(fieldOf(pod, key)).flatMap((one) => containerOf(one, 'once', NAMES)),
      );
    });
};

/** The containers of a task definition of ECS. */
export const readTaskDefinition = (file: string, text: string): readonly ContainerStart[] => {
  if (!/containerDefinitions|ContainerDefinitions/.test(text)) return [];
  return readDocuments(file, text).flatMap((root) =>
    itemsOf(fieldOf(root, 'containerDefinitions')).flatMap((one) => containerOf(one, 'kept', TASK_NAMES)),
  );
};

export interface ContainerNames {
  readonly name: string;
  readonly image: string;
  readonly value: string;
  readonly entrypoint: string;
  readonly command: string;
  readonly variables: string;
}

const NAMES: ContainerNames = {
  name: 'name',
  image: 'image',
  value: 'value',
  entrypoint: 'command',
  command: 'args',
  variables: 'env',
};
const TASK_NAMES: ContainerNames = {
  name: 'name',
  image: 'image',
  value: 'value',
  entrypoint: 'entryPoint',
  command: 'command',
  variables: 'environment',
};

const asWritten = (text: PlacedText): PlacedText => text;

export const containerOf = (
  value: YamlValue,
  kind: ContainerStart['kind'],
  names: ContainerNames,
): readonly ContainerStart[] => {
  const name = textAt(value, names.name) ?? textAt(value, names.image);
  if (value.kind !== 'map' || name === null) return [];
  return [
    {
      what: `${kind === 'init' ? 'init container' : 'container'} ${name.value}`,
      entrypoint: commandOf(fieldOf(value, names.entrypoint), asWritten),
      command: commandOf(fieldOf(value, names.command), asWritten),
      mounted: [],
      variables: variablesOf(fieldOf(value, names.variables), names),
      image: textAt(value, names.image)?.value ?? null,
      build: null,
      kind,
      span: spanOf(name.placed),
    },
  ];
};

const variablesOf = (list: YamlValue | null, names: ContainerNames): ReadonlyMap<string, Variable> =>
  new Map(
    itemsOf(list).flatMap((item): readonly (readonly [string, Variable])[] => {
      const name = textAt(item, names.name);
      const value = textAt(item, names.value);
      return name === null || value === null ? [] : [[name.value, { value: value.value, span: value.span }]];
    }),
  );
