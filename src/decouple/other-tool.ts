import type { AuditedJob, AuditedStep } from '../audit/pipeline.ts';
import { isMigration } from '../audit/model/migrations.ts';
import { baseName } from '../audit/model/django-command.ts';
import { offsetsOf } from '../core/placed-text.ts';
import { hasHole } from '../shell/holes.ts';
import type { ShellCall } from '../shell/shell-run.ts';
import { ownVariables } from './database-environment.ts';
import type { Lane } from './find-inline.ts';
import { linesOf } from './source-lines.ts';

/** What a job needs to run the migration of a tool that is not Django's, as the deployment ran it on the runner. */
export interface OtherTool {
  readonly checkout: string;
  readonly setup: readonly string[];
  readonly entries: Readonly<Record<string, string>>;
  readonly directory: string | null;
  readonly commands: readonly string[];
}

const SETS_UP =
  /^(?:actions\/(?:cache|setup-(?:python|node|java|go|dotnet))|astral-sh\/setup-uv|snok\/install-poetry|pnpm\/action-setup|oven-sh\/setup-bun|shivammathur\/setup-php|ruby\/setup-ruby|erlef\/setup-beam)$/;
/** A migration needs none of them. */
const DEPLOYS_ONLY = /^(?:docker|aws-actions|azure|google-github-actions|appleboy|webfactory)\//;
const INSTALLERS = /^(?:pip3?|python3?|poetry|uv|pipenv|npm|yarn|pnpm|bun|composer|bundle|mix|corepack|cd|set|echo)$/;
const INSTALLS = /(?:^| )(?:install|ci|sync|add|enable|-U|--upgrade|deps\.get)(?: |$)|^(?:cd|set|echo|yarn$)/;
const DATABASE = /database|(?:^|_)(?:db|pg|sql|postgres|postgresql|mysql)(?:_|$)/i;

/** null: it ran elsewhere, or needs what another step leaves behind, or nothing says which database it is. */
export const findOtherTool = ({ inline, base }: Lane): OtherTool | null => {
  const migrations = inline.flatMap((one) => one.migrations).filter(isMigration);
  const [first] = migrations;
  if (first === undefined || inline.some(({ job }) => job !== base)) return null;
  const { step, call } = first;
  const isHere = migrations.every(
    (one) =>
      one.stage === 'other' &&
      one.step === step &&
      one.script === null &&
      one.call.layers.length === 0 &&
      one.call.prefix.size === 0 &&
      one.call.directory !== null &&
      one.call.directory === call.directory &&
      !one.call.words.some(({ value }) => hasHole(value)),
  );
  const { source } = base.workflow;
  if (!isHere || migrations.some((one) => one.call.span.file !== source.file)) return null;
  const entries = { ...usable(base), ...ownVariables(migrations) };
  if (!Object.entries(entries).some(([name, value]) => DATABASE.test(name) && /\b(?:secrets|vars)\./.test(value)))
    return null;
  const setup = copySetup(base, step);
  if (setup === null) return null;
  return {
    ...setup,
    entries,
    directory: call.directory === '' || call.directory === null ? null : call.directory,
    commands: migrations.map((one) => {
      const { start, end } = offsetsOf(source, one.call.span);
      return source.text.slice(start, end);
    }),
  };
};

/** Of the job's own `env`. */
const usable = ({ job }: AuditedJob): Record<string, string> =>
  Object.fromEntries(
    [...job.env.values()].flatMap(({ key, value: { value } }) =>
      /\b(?:steps|needs|matrix)\./.test(value) ? [] : [[key, value] as const],
    ),
  );

const textOf = ({ words }: ShellCall): string =>
  [baseName(words[0]?.value ?? ''), ...words.slice(1).map(({ value }) => value)].join(' ');

const isInstall = (call: ShellCall): boolean =>
  call.layers.length === 0 &&
  call.output !== 'file' &&
  INSTALLERS.test(baseName(call.words[0]?.value ?? '')) &&
  INSTALLS.test(textOf(call));

/** Commands that write nothing which a migration could read. */
const isHarmless = ({ calls, action }: AuditedStep): boolean =>
  action === null &&
  calls.every(({ output, words }) => output !== 'file' && baseName(words[0]?.value ?? '') === 'docker');

/** The steps before the migration that set up and install; null: another one may leave something behind. */
const copySetup = (job: AuditedJob, until: AuditedStep): Pick<OtherTool, 'checkout' | 'setup'> | null => {
  const before = job.steps.slice(0, job.steps.indexOf(until));
  const lines: string[] = [];
  let checkout: string | null = null;
  for (const one of before) {
    const { action, calls, step, condition } = one;
    if (step.span.file !== job.workflow.source.file || condition !== null) return null;
    if (action === 'actions/checkout') {
      if (step.with.size > 0) return null;
      checkout = step.uses?.value ?? null;
    } else if (action !== null && SETS_UP.test(action)) lines.push(...linesOf(job.workflow.source, step.span));
    else if (action === null && calls.length > 0 && calls.every(isInstall))
      lines.push(...linesOf(job.workflow.source, step.span));
    else if (!(action !== null && DEPLOYS_ONLY.test(action)) && !isHarmless(one)) return null;
  }
  return checkout === null || lines.some((line) => /\b(?:steps|needs|matrix)\./.test(line))
    ? null
    : { checkout, setup: lines };
};
