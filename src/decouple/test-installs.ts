import { applyEdits } from '../audit/edits.ts';
import { baseName } from '../audit/model/django-command.ts';
import type { AuditedJob } from '../audit/pipeline.ts';
import { createSource, offsetsOf } from '../core/placed-text.ts';
import { cutScript } from '../shell/cut/cut-script.ts';
import { hasHole } from '../shell/holes.ts';
import type { ShellCall } from '../shell/shell-run.ts';
import type { WorkflowStep } from '../workflows/workflow.ts';
import { linesOf } from './source-lines.ts';

/** Programs that judge code or measure tests; an application imports none of them. */
export const CHECKERS =
  /^(?:flake8|black|isort|ruff|pylint|mypy|pyright|bandit|safety|pip-audit|pre-commit|djlint|codespell|semgrep|pep8-naming|pycodestyle|pydocstyle|autopep8|yapf|vulture|radon|xenon|dlint)$/;
const TESTERS =
  /^(?:(?:flake8|pylint|pytest)-[\w-]+|pytest|coverage|coveralls|codecov(?:-cli)?|tox(?:-[\w-]+)?|nox|diff-cover|allure-pytest|unittest-xml-reporting|django-coverage-plugin)$/;

const VALUES = /^(?:--(?:index-url|extra-index-url|constraint|find-links|python|timeout|retries)|-[ic])$/;

const INSTALLERS = /^(?:pip|setuptools|wheel|uv|poetry|pipenv|pdm|virtualenv)$/;

/** `pip install pytest coverage`: the migration needs none of it. */
export const isTestInstall = (call: ShellCall): boolean =>
  installsOnly(call, (name) => CHECKERS.test(name) || TESTERS.test(name));

/** `pip install --upgrade pip poetry`: nothing of the project. */
export const isToolInstall = (call: ShellCall): boolean => installsOnly(call, (name) => INSTALLERS.test(name));

const installsOnly = ({ words }: ShellCall, isMeant: (name: string) => boolean): boolean => {
  const texts = words.map(({ value }) => value);
  const [first = '', ...rest] = [baseName(texts[0] ?? ''), ...texts.slice(1)];
  const isModule = /^python[\d.]*$/.test(first) && rest[0] === '-m';
  const [program = '', ...args] = isModule ? rest.slice(1) : first === 'uv' ? rest : [first, ...rest];
  if (!/^pip[\d.]*$|^pipx$/.test(program) || args[0] !== 'install') return false;
  const named = args.slice(1).filter((arg, at, all) => !arg.startsWith('-') && !VALUES.test(all[at - 1] ?? ''));
  const isWhole = args.some((arg) => /^(?:-r|-e|--requirement|--editable|--group)/.test(arg));
  return named.length > 0 && !isWhole && named.every((spec) => isMeant(nameOf(spec)));
};

/** Of `coverage[toml]>=7`; '': a file, an address, or not known. */
const nameOf = (spec: string): string =>
  hasHole(spec) || /[/@]/.test(spec) ? '' : (/^[\w.-]+/.exec(spec)?.[0].toLowerCase().replaceAll('_', '-') ?? '');

/** The lines of a step without its installations of test tools; []: it does nothing else. null: they cannot be taken out. */
export const linesWithout = (
  installs: readonly ShellCall[],
  step: WorkflowStep,
  { workflow: { source } }: AuditedJob,
): readonly string[] | null => {
  if (installs.length === 0) return linesOf(source, step.span);
  if (step.run === null || installs.some(({ span }) => span.file !== source.file)) return null;
  const { edits, isEmpty, kept } = cutScript(
    step.run.placed,
    installs.map(({ span }) => ({ source, ...offsetsOf(source, span) })),
  );
  if (kept.length > 0) return null;
  if (isEmpty) return [];
  const removed = edits.map(({ start, end }) => source.text.slice(start, end)).join('');
  const text = applyEdits(
    source.text,
    edits.map(({ start, end }) => ({ file: source.file, start, end, text: '' })),
  );
  const endLine = step.span.endLine - (removed.split('\n').length - 1);
  return linesOf(createSource(source.file, text), { ...step.span, endLine });
};
