import { runsTests } from '../audit/model/evidence.ts';
import { baseName } from '../audit/model/django-command.ts';
import type { Audit, AuditedJob, AuditedStep } from '../audit/pipeline.ts';
import type { ShellCall } from '../shell/shell-run.ts';
import type { WorkflowStep, YamlValue } from '../workflows/workflow.ts';
import { CACHE, pythonSteps, SETUP_PYTHON } from '../scaffold/workflows/blocks/python-steps.ts';
import type { DecoupleFacts } from './decoupling.ts';
import { CHECKERS, isTestInstall, isToolInstall, linesWithout } from './test-installs.ts';

/** How a job gets Python with what the backend needs. */
export interface PythonSetup {
  readonly lines: readonly string[];
  /** What commands of the environment are started with: `poetry run `; '': nothing. */
  readonly prefix: string;
  /** For people: the job it is taken from, or the checkout. */
  readonly source: string;
  /** `uses` of the checkout action as that job has it. */
  readonly checkout: string | null;
}

const SETUP_ACTION =
  /^(?:actions\/(?:setup-python|cache|cache\/restore)|astral-sh\/setup-uv|snok\/install-poetry|abatilo\/actions-poetry|pdm-project\/setup-pdm|moneymeets\/action-setup-python-poetry|awalsh128\/cache-apt-pkgs-action)$/;
const PYTHON_ACTION =
  /^(?:actions\/setup-python|astral-sh\/setup-uv|pdm-project\/setup-pdm|moneymeets\/action-setup-python-poetry)$/;

/**
 * As the repository's own job that tests does it; else by what the checkout says, or where that says nothing, as the deployment
 * does it on its runner. null: nothing says it.
 */
export const findPythonSetup = (audit: Audit, near: AuditedJob, facts: DecoupleFacts): PythonSetup | null => {
  const jobs = audit.pipelines.flatMap((pipeline) => pipeline.jobs.filter(({ calledBy }) => calledBy.length === 0));
  const tests = jobs
    .filter(({ role }) => role === 'test')
    .toSorted((a, b) => Number(b.workflow === near.workflow) - Number(a.workflow === near.workflow));
  for (const job of tests) {
    const setup = copySetup(job, audit, near, facts);
    if (setup !== null) return setup;
  }
  const { python, backendFolder } = facts;
  const isPackage = ['setup.py', 'pyproject.toml'].some(
    (file) => audit.readFile(backendFolder === '.' ? file : `${backendFolder}/${file}`) !== undefined,
  );
  if (python.install === null && !isPackage)
    return near.job.steps.some(installsHere(near)) ? copySetup(near, audit, near, facts) : null;
  return fromCheckout(facts, versionIn(near) ?? python.version);
};

const installsHere =
  (job: AuditedJob) =>
  (step: WorkflowStep): boolean =>
    auditedOf(step, job).some(({ calls }) =>
      calls.some((call) => isInstall(call) && installsProject(call) && !isElsewhere(call)),
    );

/** On a server or in a container: no set-up of the job. */
const isElsewhere = ({ layers }: ShellCall): boolean =>
  layers.some(({ kind }) => kind === 'remote' || kind === 'container');

const copySetup = (job: AuditedJob, audit: Audit, near: AuditedJob, facts: DecoupleFacts): PythonSetup | null => {
  const lines: string[] = [];
  let hasPython = false;
  let hasInstall = false;
  let prefix = '';
  let checkout: string | null = null;
  for (const step of job.job.steps) {
    const audited = auditedOf(step, job);
    if (audited.some(({ calls }) => calls.some((call) => runsTests(call, audit.holes)))) break;
    const actions = audited.flatMap(({ action }) => action ?? []);
    if (actions[0] === 'actions/checkout') checkout ??= step.uses === null ? null : renewAction(step.uses.value);
    const calls = audited.flatMap((one) => one.calls);
    if (calls.some(isElsewhere)) continue;
    const installs = calls.filter(isInstall);
    const isSetup = actions.some((action) => SETUP_ACTION.test(action)) || installs.length > 0;
    if (!isSetup) continue;
    if (calls.some(checksCode)) {
      // What it installs for that, nobody else needs; with the requirements, it cannot be told apart.
      if (installs.some(installsProject)) return null;
      continue;
    }
    const left = linesWithout(installs.filter(isTestInstall), step, job);
    if (left?.length === 0) continue;
    const copied = left === null ? null : copyStep(left, step, job, near);
    if (copied === null) return null;
    lines.push(...copied);
    hasPython ||= actions.some((action) => PYTHON_ACTION.test(action));
    hasInstall ||= installs.some((call) => bringsDjango(call) && !isTestInstall(call) && !isToolInstall(call));
    prefix = prefixOf(calls) ?? prefix;
  }
  const all = lines.map((line) => fillMatrix(renewLine(line), job, facts));
  if (!hasPython || !hasInstall || all.some((line) => line === null)) return null;
  return {
    lines: all.flatMap((line) => line ?? []),
    prefix,
    source: `${job.workflow.source.file}, ${job.id}`,
    checkout,
  };
};

/** A step of the workflow, and of a local action what it stands for. */
const auditedOf = (step: WorkflowStep, { steps }: AuditedJob): readonly AuditedStep[] => {
  const at = steps.findIndex((one) => one.step === step);
  const next = steps.findIndex((one, index) => index > at && one.step.span.file === step.span.file);
  return at < 0 ? [] : steps.slice(at, next < 0 ? undefined : next);
};

/** A linter in the step of its installation: the migration must not wait for its opinion. */
const checksCode = (call: ShellCall): boolean => {
  const words = call.words.map(({ value }) => value);
  const isModule = /^python[\d.]*$/.test(programOf(call)) && words[1] === '-m';
  return CHECKERS.test(isModule ? (words[2] ?? '') : programOf(call));
};

const installsProject = (call: ShellCall): boolean =>
  !/^(?:apt|apt-get|pipx)$/.test(programOf(call)) &&
  (!/pip/.test(call.words.map(({ value }) => value).join(' ')) ||
    call.words.some(({ value }) => /^(?:-r.*|--requirement.*|-e|--editable|\.(?:[/[].*)?)$/.test(value)));

/** Installs the project's requirements, or Django by its name. `pip install flake8 pep8-naming` does neither. */
const bringsDjango = (call: ShellCall): boolean =>
  !/^apt(?:-get)?$/.test(programOf(call)) &&
  (installsProject(call) || call.words.some(({ value }) => /^django\b/i.test(value)));

const programOf = ({ words }: ShellCall): string => baseName(words[0]?.value ?? '');

const isInstall = (call: ShellCall): boolean => {
  const words = call.words.map(({ value }) => value);
  const program = programOf(call);
  const text = words.slice(1).join(' ');
  if (/^(?:pip|pip3|pipx|poetry|pipenv|pdm|conda|mamba|apt|apt-get)$/.test(program))
    return /(?:^| )(?:install|sync)\b/.test(text);
  if (program === 'uv') return /^(?:sync|pip (?:install|sync)|venv|python install)\b/.test(text);
  return /^python[\d.]*$/.test(program) && /^-m (?:pip install|pip sync|venv|pipenv|poetry)/.test(text);
};

const prefixOf = (calls: readonly ShellCall[]): string | null => {
  const texts = calls.map((call) => [programOf(call), ...call.words.slice(1).map(({ value }) => value)].join(' '));
  const runs = (pattern: RegExp): boolean => texts.some((text) => pattern.test(text));
  if (runs(/^poetry install/)) return runs(/^poetry config .*virtualenvs\.create false/) ? '' : 'poetry run ';
  if (runs(/^pipenv (?:install|sync)/)) return runs(/^pipenv .*--system/) ? '' : 'pipenv run ';
  if (runs(/^uv sync/)) return 'uv run ';
  return runs(/^pdm (?:install|sync)/) ? 'pdm run ' : null;
};

/** null: it refers to what the new job does not have. */
const copyStep = (
  lines: readonly string[],
  step: WorkflowStep,
  job: AuditedJob,
  near: AuditedJob,
): readonly string[] | null => {
  const text = lines.join('\n');
  if (
    /\b(?:needs|steps|services|inputs|secrets)\s*[.[]/.test(
      text.replaceAll(/steps\.[\w-]*(?:python|cache)[\w-]*\./gi, ''),
    )
  )
    return null;
  for (const [, name = ''] of text.matchAll(/\benv\.(\w+)/g)) {
    if (!near.workflow.env.has(name) || job.workflow !== near.workflow || job.job.env.has(name)) {
      if (!step.env.has(name)) return null;
    }
  }
  if (step.condition !== null && /matrix\./.test(step.condition.value)) return null;
  const folder = (job.job.defaults.workingDirectory ?? job.workflow.defaults.workingDirectory)?.value;
  const isOwn = step.run === null || step.workingDirectory !== null || folder === undefined;
  const hasDefault = near.workflow === job.workflow && job.job.defaults.workingDirectory === null;
  if (isOwn || hasDefault) return lines;
  const [first = '', ...rest] = lines;
  return [`- working-directory: ${folder}`, first.replace(/^- /, '  '), ...rest];
};

export const CHECKOUT = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';

/** Major versions below these run on a Node that GitHub has removed. */
const OLDEST: Readonly<Record<string, { readonly major: number; readonly now: string }>> = {
  'actions/checkout': { major: 4, now: CHECKOUT },
  'actions/setup-python': { major: 5, now: SETUP_PYTHON },
  'actions/cache': { major: 4, now: CACHE },
  'actions/cache/restore': { major: 4, now: CACHE.replace('@', '/restore@') },
};

const renewAction = (uses: string): string => {
  const [, action = '', major = ''] = /^([\w/-]+)@v(\d+)(?:\.\d+)*$/.exec(uses) ?? [];
  const known = OLDEST[action];
  return known !== undefined && Number(major) < known.major ? known.now : uses;
};

/** `- uses: actions/setup-python@v4` as it would be written today. */
const renewLine = (line: string): string => {
  const [, start = '', uses = ''] = /^(\s*(?:- )?uses:\s*)["']?([^\s"'#]+)/.exec(line) ?? [];
  const now = renewAction(uses);
  return now === uses ? line : `${start}${now}`;
};

const MATRIX = /\$\{\{\s*matrix\.([\w-]+)\s*\}\}/g;

/** A version for a matrix of them: what the checkout says, if it is one of them, else the last. */
const fillMatrix = (line: string, { job }: AuditedJob, { python }: DecoupleFacts): string | null => {
  let isKnown = true;
  const filled = line.replaceAll(MATRIX, (_, name: string) => {
    const values = valuesOf(job.matrix, name);
    isKnown &&= values.length > 0;
    return values.includes(python.version) ? python.version : (values.at(-1) ?? '');
  });
  if (!isKnown || /\bmatrix\./.test(filled)) return null;
  return filled.replace(/^(\s*(?:- )?[\w-]*version: )(\d+\.\d+)$/, "$1'$2'");
};

const valuesOf = (matrix: YamlValue | null, name: string): readonly string[] => {
  const value = matrix?.kind === 'map' ? matrix.entries.get(name)?.value : undefined;
  return value?.kind === 'list'
    ? value.items.flatMap((item) => (item.kind === 'scalar' ? [item.scalar.value] : []))
    : [];
};

/** What the deployment itself sets up. */
const versionIn = ({ job }: AuditedJob): string | null => {
  const found = job.steps
    .filter(({ uses }) => uses?.value.startsWith('actions/setup-python@') === true)
    .flatMap((step) => step.with.get('python-version')?.value.value ?? []);
  return found.find((version) => /^\d+\.\d+(?:\.\d+)?$/.test(version)) ?? null;
};

/** Without a job that shows how. */
const fromCheckout = ({ python: { install }, backendFolder }: DecoupleFacts, version: string): PythonSetup => {
  const [file] = install?.inputs ?? [];
  const tool = install?.tool ?? 'pip';
  const commands: Readonly<Record<string, readonly string[]>> = {
    pip: [
      file?.endsWith('.txt') === true
        ? `pip install -r ${file}`
        : `pip install ./${backendFolder}`.replace(/\/\.?$/, ''),
    ],
    poetry: ['pipx install poetry', 'poetry install'],
    uv: ['pipx install uv', 'uv sync'],
    pipenv: ['pipx install pipenv', 'pipenv install --deploy'],
    pdm: ['pipx install pdm', 'pdm sync'],
  };
  const prefixes: Readonly<Record<string, string>> = {
    poetry: 'poetry run ',
    uv: 'uv run ',
    pipenv: 'pipenv run ',
    pdm: 'pdm run ',
  };
  return {
    lines: [
      ...pythonSteps(version, install),
      '- name: Install dependencies',
      ...(tool === 'pip' || backendFolder === '.' ? [] : [`  working-directory: ${backendFolder}`]),
      '  run: |',
      ...(commands[tool] ?? []).map((command) => `    ${command}`),
    ],
    prefix: prefixes[tool] ?? '',
    source: 'the checkout',
    checkout: null,
  };
};
