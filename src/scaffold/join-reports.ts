import type { InitFile, InitReport } from '../core/init-report.ts';
import { nextCommands } from './next-commands.ts';

/** The first of them that one dev container ended with is that of all. */
const OUTCOMES: readonly InitReport['outcome'][] = [
  'interrupted',
  'failed',
  'done',
  'conflict',
  'declined',
  'would-change',
  'unchanged',
];

/** One report of several dev containers, in the order in which they were set up. */
export const joinReports = (reports: readonly InitReport[], command: string): InitReport => {
  const [first] = reports;
  if (first === undefined) throw new Error('there is no report to join');
  const outcome = OUTCOMES.find((one) => reports.some((report) => report.outcome === one)) ?? first.outcome;
  const files = joinFiles(reports.flatMap((report) => report.files));
  const install = reports.find((report) => report.install !== null)?.install ?? null;
  const all = (of: (report: InitReport) => readonly string[]): readonly string[] => [...new Set(reports.flatMap(of))];
  const scripts = new Map(reports.flatMap((report) => report.scripts).map((script) => [script.file, script]));
  return {
    ...first,
    outcome,
    exitCode: reports.map((report) => report.exitCode).reduce((one, other) => (one > other ? one : other)),
    options: reports.flatMap(({ options }) => options),
    files,
    scripts: [...scripts.values()],
    install,
    problems: all(({ problems }) => problems),
    notes: all(({ notes }) => notes),
    next: nextCommands(outcome, { written: files.filter(({ written }) => written), install, command }),
  };
};

/** A file that several of them need, such as package.json, once: with what was done to it first. */
const joinFiles = (files: readonly InitFile[]): readonly InitFile[] => {
  const joined = new Map<string, InitFile>();
  for (const file of files) {
    const known = joined.get(file.path);
    if (known === undefined || (known.action === 'keep' && file.action !== 'keep')) joined.set(file.path, file);
  }
  return [...joined.values()];
};
