import type { ShellCall } from '../../shell/shell-run.ts';
import { fieldOf, textsOf } from '../../workflows/read/fields.ts';
import { KUBECTL } from '../images/option-tables.ts';
import { partOfWord } from '../images/part.ts';
import { readOptions, valuesOf } from '../images/read-options.ts';
import { hasClusterOfItsOwn } from '../model/throw-away-cluster.ts';
import type { Audit, AuditedJob } from '../pipeline.ts';
import type { ContainerStart } from './container-start.ts';
import { folderOf, joinPath } from './join-path.ts';
import { readTaskDefinition, readWorkloads } from './read-workloads.ts';
import { readDocuments } from './yaml-documents.ts';

const MOST_FILES = 100;

/** The containers of manifests and task definitions of the checkout that a job deploys. */
export const deployedWorkloads = (job: AuditedJob, audit: Audit): readonly ContainerStart[] => {
  if (hasClusterOfItsOwn(job)) return [];
  const files = new Set(job.steps.flatMap((step) => step.calls.flatMap((call) => manifestsOf(call, audit))));
  const tasks = new Set(job.steps.flatMap((step) => [...taskOfAction(step), ...step.calls.flatMap(taskOfCall)]));
  for (const step of job.steps) {
    const manifests = step.action === 'azure/k8s-deploy' ? (step.with.get('manifests')?.value ?? '') : '';
    for (const one of manifests.split(/[\s,]+/)) for (const file of filesAt(one, '', audit)) files.add(file);
  }
  // What the job writes itself is not what the checkout says.
  const written = new Set(job.steps.flatMap(({ calls }) => calls.flatMap(({ outputTo }) => outputTo ?? [])));
  const read = (file: string): string => (written.has(file) ? '' : (audit.readFile(file) ?? ''));
  return [
    ...[...files].slice(0, MOST_FILES).flatMap((file) => readWorkloads(file, read(file))),
    ...[...tasks].flatMap((file) => readTaskDefinition(file, read(file))),
  ];
};

/** The manifests of the checkout that a call applies. */
export const manifestsOf = ({ words, directory }: ShellCall, audit: Audit): readonly string[] => {
  const [program, ...parts] = words.map(partOfWord);
  if (!/^(?:kubectl|oc|k3s|microk8s\.kubectl)$/.test((program?.value ?? '').replace(/^.*\//s, ''))) return [];
  const options = readOptions(parts, KUBECTL);
  if (!options.positionals.some(({ value }) => /^(?:apply|create|replace)$/.test(value))) return [];
  const folder = directory ?? '';
  return [
    ...valuesOf(options, '-f', '--filename').flatMap(({ value }) =>
      value.split(',').flatMap((one) => filesAt(one, folder, audit)),
    ),
    ...valuesOf(options, '-k', '--kustomize').flatMap(({ value }) => {
      const path = joinPath(folder, value);
      return path === null ? [] : kustomized(path, audit, 0);
    }),
  ];
};

const isManifest = (path: string): boolean => /\.(?:ya?ml|json)$/.test(path);

/** A file, or the files of a folder. */
const filesAt = (written: string, folder: string, { readFile, project }: Audit): readonly string[] => {
  const path = written === '' ? null : joinPath(folder, written);
  if (path === null) return [];
  if (isManifest(path)) return readFile(path) === undefined ? [] : [path];
  const inside = path.replace(/\/?\*.*$/, '');
  return (project.paths ?? []).filter(
    (file) => isManifest(file) && (folderOf(file) === inside || file.startsWith(`${inside}/`)),
  );
};

const kustomized = (folder: string, audit: Audit, depth: number): readonly string[] => {
  const { readFile } = audit;
  const name = ['kustomization.yaml', 'kustomization.yml'].find((one) => readFile(`${folder}/${one}`) !== undefined);
  if (name === undefined || depth > 5) return [];
  const file = `${folder}/${name}`;
  const [root = null] = readDocuments(file, readFile(file) ?? '');
  const named = ['resources', 'bases', 'components'].flatMap((key) => textsOf(fieldOf(root, key)));
  return named.flatMap(({ value }) => {
    const path = joinPath(folder, value);
    if (path === null) return [];
    return isManifest(path) ? [path] : kustomized(path, audit, depth + 1);
  });
};

/** The task definition of the checkout that an action deploys or runs. */
export const taskOfAction = ({ action, with: given }: AuditedJob['steps'][number]): readonly string[] => {
  if (action === null || !/amazon-ecs-(?:deploy|render)-task-definition/.test(action)) return [];
  const file = joinPath('', given.get('task-definition')?.value ?? '');
  return file === null || file === '' ? [] : [file];
};

/** `aws ecs register-task-definition --cli-input-json file://task.json` */
export const taskOfCall = ({ words, directory }: ShellCall): readonly string[] => {
  const texts = words.map(({ value }) => value);
  if (texts[1] !== 'ecs' || texts[2] !== 'register-task-definition') return [];
  return texts.flatMap((text) => {
    const [, path] = /(?:^|=)file:\/\/(.+)$/.exec(text) ?? [];
    const file = path === undefined ? null : joinPath(directory ?? '', path);
    return file === null ? [] : [file];
  });
};
