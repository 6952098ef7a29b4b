import type { ShellCall } from '../../shell/shell-run.ts';
import { DEFAULT_FILES, readComposeCommand } from '../images/compose-commands.ts';
import { partOfWord } from '../images/part.ts';
import type { Audit, AuditedJob, Pipeline } from '../pipeline.ts';
import { builtImages } from './built-images.ts';
import { startsOfPipeline } from './find-starts.ts';
import { joinPath } from './join-path.ts';

/** Projects that are there to be tried out, or that a package is tested with. */
const NOT_DEPLOYED =
  /(?:^|\/)(?:tests?|testing|examples?|samples?|demos?|docs?|sandbox|fixtures|templates?|\{\{.*)(?:\/|$)/i;

/** The folders of a checkout with a manage.py that may be a deployed backend. */
export const backendFolders = ({ project }: Pick<Audit, 'project'>): readonly string[] =>
  (project.djangoFolders ?? []).filter((folder) => !NOT_DEPLOYED.test(folder));

/**
 * Whether a pipeline deploys a Django backend: its texts say so, what it starts is one, or it deploys the folder of the checkout that holds
 * manage.py. What is deployed beside a backend needs no migration.
 */
export const deploysDjango = (pipeline: Pipeline, audit: Audit): boolean => {
  const { workflow, jobs } = pipeline;
  const { project, readFile } = audit;
  const { text, file } = workflow.source;
  const isServed = (one: string): boolean => /manage\.py|django/i.test(one);
  if ([text, ...jobs.map((job) => job.workflow.source.text)].some(isServed)) return true;
  if (project.isDjango !== true) return false;
  if (composeTextsOf(jobs, readFile).some((one) => isServed(one) || /\.wsgi\b/.test(one))) return true;
  if (project.isAtRoot === true || /django|back-?end/i.test(file)) return true;
  if (backendFolders(audit).every((folder) => folder === '')) return false;
  const deploys = jobs.filter(({ role }) => role === 'deploy');
  return (
    startsOfPipeline(pipeline, audit).some(({ followed }) => followed.isDjango) ||
    namedBackends(pipeline, deploys, audit).length > 0
  );
};

/** The folders with a manage.py, below the root, that images of the pipeline are built from, or that these jobs work with. */
export const namedBackends = (pipeline: Pipeline, jobs: readonly AuditedJob[], audit: Audit): readonly string[] => {
  const folders = backendFolders(audit).filter((folder) => folder !== '');
  if (folders.length === 0) return [];
  const contexts = new Set(builtImages(pipeline, audit).map(({ build }) => build.context));
  return folders.filter((folder) => contexts.has(folder) || jobs.some((job) => usesFolder(job, folder)));
};

const COPIES = /^(?:rsync|scp|tar|zip|sftp|lftp|cd|az|gcloud|eb|docker)$/;

/** It works in such a folder, or hands it to something: `working-directory: backend`, `rsync backend/ …`, `cd /srv/shop/backend`. */
const usesFolder = ({ steps }: AuditedJob, folder: string): boolean => {
  const isOne = (path: string): boolean => {
    const plain = path.replace(/\/+\**$/, '');
    const relative = joinPath('', plain.replace(/^\/+/, '').replace(/^~\/?/, ''));
    return relative !== null && (relative === folder || relative.endsWith(`/${folder}`));
  };
  return steps.some(
    ({ calls, with: given }) =>
      [...given.values()].some(({ value }) => value.length < 200 && value.split(/[\s,]+/).some(isOne)) ||
      calls.some(
        ({ words, directory }) =>
          directory === folder ||
          (COPIES.test((words[0]?.value ?? '').replace(/^.*\//s, '')) &&
            words.slice(1).some(({ value }) => isOne(value))),
      ),
  );
};

/** The compose files of the checkout that the commands of these jobs name, or would find. */
const composeTextsOf = (
  jobs: readonly AuditedJob[],
  readFile: (path: string) => string | undefined,
): readonly string[] => {
  const calls = jobs.flatMap(({ steps }) => steps.flatMap((step) => step.calls));
  return [...new Set(calls.flatMap(filesOf))].flatMap((file) => readFile(file) ?? []);
};

const filesOf = ({ words, directory }: ShellCall): readonly string[] => {
  const [program, ...parts] = words.map(partOfWord);
  const command = readComposeCommand((program?.value ?? '').replace(/^.*\//s, ''), parts);
  if (command === null) return [];
  const folder = directory === null || directory === '' ? '' : `${directory}/`;
  return (command.files ?? DEFAULT_FILES).map((file) => `${folder}${file.replace(/^\.\//, '')}`);
};
