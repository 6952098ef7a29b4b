import type { InitFile, InitOption, InitReport, InitScript } from '../core/init-report.ts';
import { createPalette, type Palette } from './palette.ts';
import { renderDiff, type DiffFacts } from './render-diff.ts';
import { renderSettings } from './render-settings.ts';
import { textBlock } from './text-block.ts';

export interface InitTextOptions {
  readonly columns: number | undefined;
  readonly color: boolean;
  readonly verbose: boolean;
  /** Masks secrets in a line: a file of the checkout may hold some. */
  readonly redact: (line: string) => string;
}

export type InitPlanFile = Pick<InitFile, 'path' | 'action' | 'reason'> & Pick<DiffFacts, 'before' | 'after'>;

export interface InitPlan {
  /** What is wrong with what is there. */
  readonly problems: readonly string[];
  readonly options: readonly InitOption[];
  readonly files: readonly InitPlanFile[];
  /** What shows that the dev container opens. */
  readonly proof?: string | null;
}

const LABELS: Readonly<Record<string, string>> = {
  pythonVersion: 'Python',
  nodeVersion: 'Node',
  postgresVersion: 'PostgreSQL',
  databaseName: 'database',
  backendFolder: 'backend',
  frontendFolder: 'frontend',
  appService: 'service',
  databaseService: 'service of the database',
  packageManager: 'package manager',
  deploy: 'deploy by',
  deployScript: 'deploy script',
  registry: 'registry',
  backendImage: "backend's image",
  frontendImage: "frontend's image",
  devBranch: 'branch of dev',
  uatBranch: 'branch of uat',
  prodBranch: 'branch of prod',
  backendTest: "backend's tests",
};

/** What is there, before anything is asked. */
export const renderFound = (found: readonly (readonly [string, string])[], text: InitTextOptions): string => {
  const width = Math.max(...found.map(([what]) => what.length));
  const rows = found.flatMap(([what, value]) =>
    textBlock(value, { columns: text.columns, indent: 2, bullet: `${what.padEnd(width)}  ` }),
  );
  return `${[createPalette(text.color).bold('Found:'), ...rows, ''].join('\n')}\n`;
};

/** Shown although nothing in the checkout says them: they matter. */
const SHOWN = /Version$|Branch$|^deploy$|^registry$/;

/** What the options are and why, and what would be done with each file; changes of files that are there as a diff. */
export const renderInitPlan = ({ problems, options, files, proof = null }: InitPlan, text: InitTextOptions): string => {
  const palette = createPalette(text.color);
  const shown = options.filter(({ option, by }) => text.verbose || by !== 'default' || SHOWN.test(option));
  const width = Math.max(...shown.map(({ option }) => labelOf(option).length), 0);
  const rows = shown.flatMap(({ option, value, by, source }) =>
    textBlock(`${value}${origin(by, source)}`, {
      columns: text.columns,
      indent: 2,
      bullet: `${labelOf(option).padEnd(width)}  `,
    }),
  );
  const lines = files
    .filter(({ action }) => action !== 'keep')
    .flatMap((file) => [...describe(file, text, palette), ...diffOf(file, text, palette)]);
  const wrong = problems.flatMap((problem) =>
    textBlock(problem, { columns: text.columns, bullet: 'error     ', paint: palette.red }),
  );
  const checked =
    proof === null ? [] : textBlock(proof, { columns: text.columns, bullet: 'checked   ', paint: palette.green });
  const parts = [wrong, rows, lines, checked].filter((part) => part.length > 0);
  return [...parts.flatMap((part, index) => (index === 0 ? part : ['', ...part])), ''].join('\n');
};

const labelOf = (option: string): string => LABELS[option] ?? option;

const origin = (by: InitOption['by'], source: string | null): string => {
  if (by === 'default') return '  (nothing in the checkout says; the default)';
  return source === null || by === 'made' ? '' : `  (${source})`;
};

const describe = ({ path, action, reason }: InitPlanFile, text: InitTextOptions, palette: Palette): readonly string[] =>
  textBlock(`${path}${reason === null ? '' : `: ${reason}`}`, {
    columns: text.columns,
    bullet: `${action.padEnd(8)}  `,
    paint: action === 'conflict' ? palette.yellow : (line) => line,
  });

const diffOf = (file: InitPlanFile, text: InitTextOptions, palette: Palette): readonly string[] => {
  const { path: name, before, after } = file;
  return renderDiff({ name, before, after }, palette).map((line) => `  ${text.redact(line)}`);
};

/** Hand-written set-ups, line by line: what devsetup does of them, what becomes a step of its own, what stays with the script. */
export const renderInitScripts = (scripts: readonly InitScript[], text: InitTextOptions): string => {
  const palette = createPalette(text.color);
  return scripts
    .flatMap(({ file, takenOver, unknown }) => [
      palette.bold(isDevContainer(file) ? `Commands of ${file}:` : `${file} stays as it is:`),
      ...rowsOf('devsetup does', takenOver, text),
      ...rowsOf(
        'becomes a step of its own',
        unknown.filter(({ step }) => step !== null),
        text,
      ),
      ...rowsOf(
        isDevContainer(file) ? 'is not known to devsetup' : 'stays with the script',
        unknown.filter(({ step }) => step === null),
        text,
      ),
      '',
    ])
    .map((line) => `${line}\n`)
    .join('');
};

const isDevContainer = (file: string): boolean => file.endsWith('devcontainer.json');

interface ScriptRow {
  readonly line: number;
  readonly text: string;
  readonly step: string | null;
  readonly why?: string | null;
}

const because = ({ step, why }: ScriptRow): string =>
  step !== null || why === null || why === undefined ? '' : `  (${why})`;

const rowsOf = (title: string, rows: readonly ScriptRow[], text: InitTextOptions): readonly string[] =>
  rows.length === 0
    ? []
    : [
        `  ${title}:`,
        ...rows.flatMap((row) =>
          textBlock(`${text.redact(row.text)}${row.step === null ? '' : `  → ${row.step}`}${because(row)}`, {
            columns: text.columns,
            indent: 2,
            bullet: `${String(row.line).padStart(4)}  `,
          }),
        ),
      ];

/** The last screen: what was written, what is left, and what to type next. */
export const renderInitReport = (report: InitReport, text: InitTextOptions): string => {
  const palette = createPalette(text.color);
  const block = (line: string, indent = 0): readonly string[] => textBlock(line, { columns: text.columns, indent });
  const paint = report.exitCode === 0 ? palette.green : palette.yellow;
  const written = report.files.filter((file) => file.written);
  const left = report.files.filter(({ action, written: isWritten }) => action === 'conflict' && !isWritten);
  const { install } = report;
  return `${[
    ...textBlock(headline(report), { columns: text.columns, paint: (line) => palette.bold(paint(line)) }),
    ...written.map(({ path, action }) => `  ${action === 'create' ? 'created' : 'updated'}  ${path}`),
    ...(install?.outcome === 'done' ? [`  ran      ${install.command}`] : []),
    ...left.flatMap(({ path, reason }) => block(`left as it is: ${path}${reason === null ? '' : ` (${reason})`}`, 2)),
    ...(install?.outcome === 'failed'
      ? [`  failed   ${install.command}`, ...install.output.map((line) => `    │ ${text.redact(line)}`)]
      : []),
    ...report.problems.flatMap((problem) => block(`Problem: ${problem}`, 2)),
    ...report.notes.flatMap((note) => block(`Note: ${note}`, 2)),
    ...renderSettings(report.settings),
    ...(report.next.length > 0 ? ['', 'Next:', ...report.next.map((command) => `  ${command}`)] : []),
  ].join('\n')}\n`;
};

const headline = ({ outcome, subject, problems, notes, files }: InitReport): string => {
  const several = files.filter(({ path }) => path.endsWith('devcontainer.json')).length > 1;
  const [what, are] =
    subject === 'workflows' ? ['workflows', 'are'] : several ? ['dev containers', 'are'] : ['dev container', 'is'];
  const isLeft = subject === 'workflows' && files.some(({ action, written }) => action === 'conflict' && !written);
  switch (outcome) {
    case 'done':
      if (isLeft) return `The ${what} ${are} set up, but not as asked for: a file that was changed by hand stays.`;
      if (problems.length > 0 && subject === 'workflows') return `The ${what} ${are} set up, but your own lines stay.`;
      return problems.length === 0
        ? `The ${what} ${are} set up.`
        : `The files are written, but the ${what} would not open yet.`;
    case 'unchanged':
      if (isLeft) return 'Nothing was written: a file that was changed by hand is in the way.';
      if (problems.length > 0) return `Nothing to write, but the ${what} would not open yet.`;
      return notes.length > 0
        ? `Nothing to write: the ${what} ${are} set up. What is left is for you to do:`
        : `Nothing to do: the ${what} ${are} set up.`;
    case 'would-change':
      return 'Dry run: nothing was written.';
    case 'conflict':
      return 'Nothing was written: files that devsetup did not write are in the way.';
    case 'declined':
      return 'Nothing was written.';
    case 'failed':
      return 'All files are written; installing failed.';
    case 'interrupted':
      return files.some(({ written }) => written) ? 'Interrupted.' : 'Interrupted. Nothing was written.';
  }
};
