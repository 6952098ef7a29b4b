import type { ShellCall } from '../../shell/shell-run.ts';
import { fieldOf, textsOf } from '../../workflows/read/fields.ts';
import { checkoutPaths } from '../images/checkout-paths.ts';
import { KUBECTL } from '../images/option-tables.ts';
import { partOfWord } from '../images/part.ts';
import { readOptions, valuesOf } from '../images/read-options.ts';
import { runsTasksOnly } from '../model/ecs-tasks.ts';
import { hasClusterOfItsOwn } from '../model/throw-away-cluster.ts';
import type { Audit, AuditedJob } from '../pipeline.ts';
import type { ContainerStart } from './container-start.ts';
import { folderOf, joinPath } from './join-path.ts';
import { readStackTemplate, templatesOf } from './read-stack-template.ts';
import { readTaskDefinition, readWorkloads, type Workload } from './read-workloads.ts';
import { readDocuments } from '../model/yaml-documents.ts';
import { asFile, writtenText, type WrittenText } from './written-texts.ts';

const MOST_FILES = 100;
/** Files in which a workload is looked for by its name. */
const MOST_NAMED = 300;

/** The containers of manifests and task definitions of the checkout that a job deploys. */
export const deployedWorkloads = (job: AuditedJob, audit: Audit): readonly ContainerStart[] => {
  if (hasClusterOfItsOwn(job)) return [];
  const files = new Set(job.steps.flatMap((step) => step.calls.flatMap((call) => manifestsOf(call, audit))));
  const templates = new Set(job.steps.flatMap(templatesOf));
  // A task that is only run to its end serves nothing.
  const tasks = new Set(
    runsTasksOnly(job.steps)
      ? []
      : job.steps.flatMap((step) => [...taskOfAction(step), ...step.calls.flatMap(taskOfCall)]),
  );
  for (const step of job.steps) {
    const manifests = step.action === 'azure/k8s-deploy' ? (step.with.get('manifests')?.value ?? '') : '';
    for (const one of manifests.split(/[\s,]+/)) for (const file of filesAt(one, '', audit)) files.add(file);
  }
  // What the job writes itself is not what the checkout says.
  const written = new Set(job.steps.flatMap(({ calls }) => calls.flatMap(({ outputTo }) => outputTo ?? [])));
  const read = (file: string): string => (written.has(file) ? '' : (audit.readFile(file) ?? ''));
  const applied = [
    ...[...files].slice(0, MOST_FILES).flatMap((file) => readWorkloads(file, read(file))),
    ...job.steps.flatMap(({ calls }) =>
      calls.flatMap((call) => writtenManifests(call, job).flatMap(({ file, text }) => readWorkloads(file, text))),
    ),
  ];
  return [
    ...(applied.length > 0 ? applied : namedWorkloads(job, audit)).map(({ start }) => start),
    ...[...tasks].flatMap((file) => readTaskDefinition(file, read(file))),
    ...[...templates].flatMap((file) => readStackTemplate(file, read(file))),
  ];
};

/** The manifests of the checkout that a call applies. */
export const manifestsOf = (call: ShellCall, audit: Audit): readonly string[] => {
  const isKustomize = /^(?:.*\/)?kustomize$/.test(call.words[0]?.value ?? '');
  if (!isKustomize && !isKubectl(call)) return [];
  const options = readOptions(call.words.slice(isKustomize ? 0 : 1).map(partOfWord), KUBECTL);
  const [verb, ...rest] = options.positionals.map(({ value }) => value);
  // `kustomize build folder | kubectl apply -f -`
  const piped =
    verb === 'kustomize' && call.outputTo === 'kubectl' ? (rest.find((one) => one !== 'build') ?? '.') : null;
  if (piped === null && !options.positionals.some(({ value }) => /^(?:apply|create|replace)$/.test(value))) return [];
  const firstAt = (path: string, find: (place: string) => readonly string[]): readonly string[] =>
    checkoutPaths(call, path)
      .map(find)
      .find((found) => found.length > 0) ?? [];
  return [
    ...valuesOf(options, '-f', '--filename').flatMap(({ value }) =>
      value.split(',').flatMap((one) => firstAt(one, (path) => filesAt(path, '', audit))),
    ),
    ...[
      ...(piped === null ? [] : [piped]),
      ...valuesOf(options, '-k', '--kustomize').map(({ value }) => value),
    ].flatMap((folder) => firstAt(folder, (path) => kustomized(path, audit, new Set()))),
  ];
};

/** `kubectl apply -f - <<EOF`, `kubectl apply -f web.yaml` of a file that the job has written. */
const writtenManifests = (call: ShellCall, job: AuditedJob): readonly WrittenText[] => {
  if (!isKubectl(call)) return [];
  const options = readOptions(call.words.slice(1).map(partOfWord), KUBECTL);
  if (!options.positionals.some(({ value }) => /^(?:apply|create|replace)$/.test(value))) return [];
  return valuesOf(options, '-f', '--filename').flatMap(({ value }) => {
    const text = value === '-' ? (call.input === null ? null : asFile(call.input.placed)) : writtenText(job, value);
    return text === null || text === 'unclear' ? [] : [text];
  });
};

const isKubectl = ({ words }: ShellCall): boolean =>
  /^(?:kubectl|oc|k3s|microk8s\.kubectl)$/.test((words[0]?.value ?? '').replace(/^.*\//s, ''));

const KINDS = /^(?:deployments?|deploy|statefulsets?|sts|daemonsets?|ds)(?:\.apps)?$/;

/** `kubectl set image deployment/web …`, `kubectl rollout restart deployment web`: the names. */
const namesIn = ({ words }: ShellCall): readonly string[] => {
  const texts = words.map(({ value }) => value);
  if (!texts.some((text) => /^(?:set|rollout|patch|scale)$/.test(text))) return [];
  return texts.flatMap((text, index) => {
    const [kind = '', name = KINDS.test(text) ? texts[index + 1] : undefined] = text.split('/');
    return KINDS.test(kind) && name !== undefined && /^[\w.-]+$/.test(name) ? [name] : [];
  });
};

const NOT_DEPLOYED = /(?:^|[-_./])(?:dev|develop|development|local|tests?|testing|ci|examples?)(?:[-_./]|$)/i;

/** Workloads that a command names, whose one manifest is in the checkout: it was applied before. */
const namedWorkloads = (job: AuditedJob, { readFile, project }: Audit): readonly Workload[] => {
  const names = new Set(job.steps.flatMap(({ calls }) => calls.filter(isKubectl).flatMap(namesIn)));
  if (names.size === 0) return [];
  const files = (project.paths ?? []).filter((file) => /\.ya?ml$/.test(file) && !NOT_DEPLOYED.test(file));
  const found = files.slice(0, MOST_NAMED).flatMap((file) => {
    const text = readFile(file) ?? '';
    return [...names].some((name) => text.includes(name)) ? readWorkloads(file, text) : [];
  });
  return [...names].flatMap((wanted) => {
    const same = found.filter(({ name }) => name === wanted);
    return new Set(same.map(({ start }) => start.span.file)).size === 1 ? same : [];
  });
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

const kustomized = (folder: string, audit: Audit, seen: Set<string>): readonly string[] => {
  const { readFile } = audit;
  const name = ['kustomization.yaml', 'kustomization.yml'].find((one) => readFile(`${folder}/${one}`) !== undefined);
  if (name === undefined || seen.has(folder) || seen.size > MOST_FILES) return [];
  seen.add(folder);
  const file = `${folder}/${name}`;
  const [root = null] = readDocuments(file, readFile(file) ?? '');
  const named = ['resources', 'bases', 'components'].flatMap((key) => textsOf(fieldOf(root, key)));
  return named.flatMap(({ value }) => {
    const path = joinPath(folder, value);
    if (path === null) return [];
    return isManifest(path) ? [path] : kustomized(path, audit, seen);
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
  if (words[1]?.value !== 'ecs' || words[2]?.value !== 'register-task-definition') return [];
  const texts = words.map(({ value }) => value);
  return texts.flatMap((text) => {
    const [, path] = /(?:^|=)file:\/\/(.+)$/.exec(text) ?? [];
    const file = path === undefined ? null : joinPath(directory ?? '', path);
    return file === null ? [] : [file];
  });
};
