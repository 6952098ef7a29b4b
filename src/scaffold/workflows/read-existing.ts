import { parseWorkflowFile } from '../../workflows/read/parse-workflow-file.ts';
import type { Workflow, WorkflowJob } from '../../workflows/workflow.ts';
import type { Finding } from '../look/finding.ts';
import { USUAL_BRANCHES } from './find-branches.ts';
import { isStamped } from './stamp-file.ts';

/** What workflows that are there say about the options of a pipeline. */
export interface ExistingPipelines {
  /** Files that deploy, written by somebody else than devsetup. */
  readonly deploying: readonly string[];
  /** Branches, registry and images: they win over what the checkout says otherwise. */
  readonly names: Readonly<Record<string, Finding>>;
  /** Versions: what version files say wins over them. */
  readonly versions: Readonly<Record<string, Finding>>;
}

const DEPLOYS = /deploy|roll-?out|release|(?:^|[^a-z])cd(?:$|[^a-z])/i;

/** Pure over the texts of `.github/workflows`. */
export const readExisting = (files: readonly { readonly file: string; readonly text: string }[]): ExistingPipelines => {
  const workflows = files.filter(({ text }) => !isStamped(text)).map(({ file, text }) => parseWorkflowFile(file, text));
  const deploying = workflows.filter(isDeploying);
  return {
    deploying: deploying.map(({ source }) => source.file),
    names: { ...branchesOf(deploying), ...imagesOf(workflows) },
    versions: {
      ...versionOf(workflows, 'pythonVersion', /^actions\/setup-python@|^astral-sh\/setup-uv@/, 'python-version'),
      ...versionOf(workflows, 'nodeVersion', /^actions\/setup-node@/, 'node-version'),
    },
  };
};

const isDeploying = ({ jobs, name, source }: Workflow): boolean =>
  jobs.some((job) => job.steps.length > 0 && DEPLOYS.test(`${job.id} ${job.name?.value ?? ''}`)) ||
  DEPLOYS.test(`${name?.value ?? ''} ${source.file.split('/').at(-1) ?? ''}`);

const STAGES: Readonly<Record<keyof typeof USUAL_BRANCHES, RegExp>> = {
  devBranch: /(?:^|[^a-z])dev(?:elop(?:ment)?)?(?:$|[^a-z])/i,
  uatBranch: /(?:^|[^a-z])(?:uat|stag(?:e|ing)|acceptance)(?:$|[^a-z])/i,
  prodBranch: /(?:^|[^a-z])prod(?:uction)?(?:$|[^a-z])/i,
};

/** By the name of a branch, or of the file and environment that it is deployed from and to. */
const branchesOf = (workflows: readonly Workflow[]): Readonly<Record<string, Finding>> => {
  const pushed = workflows.flatMap(({ triggers, jobs, name, source }) => {
    const branches = triggers
      .filter(({ event }) => event === 'push')
      .flatMap((trigger) => trigger.branches.map(({ value }) => value))
      .filter((branch) => /^[\w./-]+$/.test(branch));
    const environments = jobs.flatMap(({ environment }) => environment?.value ?? []);
    const about = [source.file.split('/').at(-1) ?? '', name?.value ?? '', ...environments].join(' ');
    return branches.map((branch) => ({ branch, about, file: source.file, isOnly: branches.length === 1 }));
  });
  return Object.fromEntries(
    Object.entries(USUAL_BRANCHES).flatMap(([option, usual]) => {
      const stage = STAGES[option as keyof typeof STAGES];
      const found =
        pushed.find(({ about, isOnly }) => isOnly && stage.test(about)) ??
        usual.map((name) => pushed.find(({ branch }) => branch === name)).find((one) => one !== undefined);
      return found === undefined ? [] : [[option, { value: found.branch, source: found.file }]];
    }),
  );
};

const IMAGE = /(?<![\w./-])([a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?)\/([a-z0-9][a-z0-9._/-]*)(?=[:@])/g;
const FRONTEND = /front-?end|(?:^|[/_-])(?:web|ui|client)(?:$|[/_-])/;

/** The images that are built, as far as their names are written out. */
const imagesOf = (workflows: readonly Workflow[]): Readonly<Record<string, Finding>> => {
  const found = workflows.flatMap(({ jobs, source }) =>
    jobs.flatMap((job) =>
      builtBy(job).flatMap((text) =>
        [...text.matchAll(IMAGE)].map(([, host = '', name = '']) => ({ host, name, file: source.file })),
      ),
    ),
  );
  const hosts = new Set(found.map(({ host }) => host));
  const [first] = found;
  if (first === undefined || hosts.size > 1) return {};
  const only = (option: string, isWanted: (name: string) => boolean): Readonly<Record<string, Finding>> => {
    const names = new Set(found.map(({ name }) => name).filter(isWanted));
    const [value] = names;
    return names.size === 1 && value !== undefined ? { [option]: { value, source: first.file } } : {};
  };
  return {
    registry: { value: first.host, source: first.file },
    ...only('backendImage', (name) => !FRONTEND.test(name)),
    ...only('frontendImage', (name) => FRONTEND.test(name)),
  };
};

const builtBy = ({ steps }: WorkflowJob): readonly string[] =>
  steps.flatMap(({ uses, run, with: given }) => {
    if (uses?.value.startsWith('docker/build-push-action@') === true) return given.get('tags')?.value.value ?? [];
    return (run?.value ?? '').split('\n').filter((line) => /\bdocker\b.*\b(?:build|push)\b/.test(line));
  });

/** The one version that all workflows name. */
const versionOf = (
  workflows: readonly Workflow[],
  option: string,
  action: RegExp,
  key: string,
): Readonly<Record<string, Finding>> => {
  const found = workflows.flatMap(({ jobs, source }) =>
    jobs.flatMap(({ steps }) =>
      steps
        .filter(({ uses }) => action.test(uses?.value ?? ''))
        .flatMap((step) => step.with.get(key)?.value.value ?? [])
        .map((value) => ({ value: value.trim().replace(/\.x$/, ''), source: source.file })),
    ),
  );
  const [first] = found;
  const isOne =
    first !== undefined && /^\d+(?:\.\d+)?$/.test(first.value) && found.every(({ value }) => value === first.value);
  return isOne ? { [option]: first } : {};
};

/** What to say where somebody's own workflows deploy already; null: none does. */
export const offerDecouple = ({ deploying }: ExistingPipelines): string | null => {
  const [first, ...others] = deploying;
  if (first === undefined) return null;
  const files = others.length === 0 ? `${first} deploys` : `${first} and ${others.length} more deploy`;
  return `${files} already: \`npx devsetup decouple\` gives the migrations there a job of their own, in place. What init writes is another pipeline next to it.`;
};
