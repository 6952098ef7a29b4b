import type {
  ImageExplanation,
  JobExplanation,
  MigrationExplanation,
  ShellExplanation,
  StartExplanation,
  WorkflowExplanation,
} from '../core/audit-explanation.ts';
import type { Span } from '../core/placed-text.ts';
import { createPalette, type Palette } from './palette.ts';
import { textBlock } from './text-block.ts';

export interface ExplanationOptions {
  /** Of the terminal the text goes to; undefined: it is none, nothing is wrapped. */
  readonly columns: number | undefined;
  readonly color: boolean;
}

/** How a workflow is understood: a block a job, with what it waits for, what it migrates and which images it names. */
export const renderExplanation = (explanation: WorkflowExplanation, options: ExplanationOptions): string => {
  const palette = createPalette(options.color);
  const { file, name, events, stage, isOnlyCalled, faults, jobs } = explanation;
  const about = [
    events.length === 0 ? 'no triggers' : `on ${events.join(', ')}`,
    ...(stage === null ? [] : [`environment ${stage}`]),
    ...(isOnlyCalled ? ['called by other workflows only'] : []),
  ];
  const lines = [
    `${palette.bold(file)}${name === null ? '' : ` · ${name}`}`,
    palette.dim(about.join(' · ')),
    ...faults.flatMap(({ message, span }) =>
      textBlock(`line ${span.line}: ${message}`, { ...options, paint: palette.red }),
    ),
    ...jobs.flatMap((job) => ['', ...renderJob(job, file, palette, options)]),
    ...explanation.disabledJobs.flatMap((job) => [
      '',
      `${palette.bold(job.name)}  never runs  ${palette.dim(placeIn(file, job.span))}`,
      ...textBlock(`${job.why}: no rule judges it`, { columns: options.columns, indent: 2 }),
    ]),
  ];
  return `${lines.join('\n')}\n`;
};

const renderJob = (
  job: JobExplanation,
  file: string,
  palette: Palette,
  { columns }: ExplanationOptions,
): readonly string[] => {
  const say = (text: string, bullet = ''): readonly string[] => textBlock(text, { columns, indent: 2, bullet });
  const at = (span: Span): string => placeIn(file, span);
  const facts = [
    job.needs.length === 0 ? 'waits for nothing' : `waits for ${job.needs.join(', ')}`,
    ...(job.ignoresResultOf.length === 0 ? [] : [`continues when ${job.ignoresResultOf.join(', ')} failed`]),
    ...(job.environment === null ? [] : [`environment ${job.environment}`]),
    ...(job.stage === null || job.stage === job.environment ? [] : [`of ${job.stage}`]),
    ...(job.condition === null ? [] : [`if ${job.condition.trim()}`]),
  ];
  const does = job.does.length === 0 ? '' : `; also does: ${job.does.join(', ')}`;
  return [
    `${palette.bold(job.key)}  ${palette.green(job.role)}  ${palette.dim(at(job.span))}`,
    ...say(`${job.why === '' ? 'nothing says what it is for' : job.why}${does}`),
    ...job.shows.flatMap((one) => say(one, 'shows: ')),
    ...say(facts.join(' · ')),
    ...(job.demands.length === 0 ? [] : say(job.demands.join(' · '), 'runs only where: ')),
    ...(job.neverWith.length === 0 ? [] : say(job.neverWith.join(', '), 'never runs together with: ')),
    ...(job.isOpaque ? say('calls a workflow that is not in this checkout: what it does is not known') : []),
    ...job.migrations.flatMap((one) => [
      ...say(describeMigration(one, at(one.span)), 'migrates: '),
      ...one.shells.flatMap((shell) => textBlock(describeShell(shell, at), { columns, indent: 6, paint: palette.dim })),
    ]),
    ...job.images.flatMap((one) => [
      ...say(describeImage(one, at(one.span)), `${one.use}: `),
      ...originsOf(one, at).flatMap((text) => textBlock(text, { columns, indent: 6, paint: palette.dim })),
    ]),
    ...job.starts.flatMap((one) => say(describeStart(one, at), 'starts: ')),
    ...job.unknownScripts.flatMap(({ path, span }) => say(`${path} is not in this checkout (${at(span)})`, 'script: ')),
    ...job.disabledSteps.flatMap(({ name, why, span }) => say(`step ${name} · ${why} · ${at(span)}`, 'never runs: ')),
  ];
};

const placeIn = (file: string, span: Pick<Span, 'file' | 'line'>): string =>
  span.file === file ? `line ${span.line}` : `${span.file}:${span.line}`;

const originsOf = ({ origins }: ImageExplanation, at: (span: Span) => string): readonly string[] => [
  ...new Set(origins.map(({ text, span }) => (span === null ? text : `${text} (${at(span)})`))),
];

const FATES: Readonly<Record<MigrationExplanation['fate'], string>> = {
  fails: 'its failure ends the step',
  swallowed: 'its failure is hidden',
  replaced: 'something else is run when it fails',
  retried: 'it is tried again',
  unheeded: 'the shell continues when it fails',
};

const describeShell = ({ shell, stops, why, span }: ShellExplanation, at: (span: Span) => string): string => {
  const does = stops === null ? 'may stop or continue' : stops ? 'stops' : 'continues';
  return `${shell} ${does} after a failure: ${why}${span === null ? '' : ` (${at(span)})`}`;
};

const describeMigration = (
  { command, stage, within, fate, hiddenBy, step }: MigrationExplanation,
  where: string,
): string =>
  [
    `${command} (${stage})`,
    `step ${step}`,
    ...(within.length === 0 ? [] : [`in ${within.join(' › ')}`]),
    hiddenBy.length === 0 ? FATES[fate] : `${FATES[fate === 'fails' ? 'swallowed' : fate]}: ${hiddenBy.join('; ')}`,
    where,
  ].join(' · ');

const KINDS: Readonly<Record<StartExplanation['kind'], string>> = {
  kept: 'whenever it starts',
  init: 'before each start',
  once: 'once',
};

const describeStart = (
  { what, image, runs, migrations, kind, unknown, span }: StartExplanation,
  at: (span: Span) => string,
): string => {
  const migrates = migrations.map(
    ({ command, isConditional, span: place }) =>
      `migrates ${isConditional ? 'if the server says so' : KINDS[kind]}: ${command} (${at(place)})`,
  );
  return [
    image === null || image === what ? what : `${what} (${image})`,
    runs.length === 0 ? 'the checkout does not say what it runs' : `runs ${runs.join(', ')}`,
    ...(migrates.length === 0 && runs.length > 0 && unknown.length === 0 ? ['does not migrate'] : migrates),
    ...(unknown.length === 0 ? [] : [`not in this checkout: ${unknown.join(', ')}`]),
    at(span),
  ].join(' · ');
};

const describeImage = ({ said, references, step }: ImageExplanation, where: string): string => {
  const resolved = references.map(({ name, verdict }) => `${name === said ? '' : `${name} `}is ${verdict.kind}`);
  return [said, ...resolved, `step ${step}`, where].join(' · ');
};
