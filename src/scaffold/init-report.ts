import { ExitCode } from '../core/errors.ts';
import { INIT_REPORT_SCHEMA_VERSION, type InitReport } from '../core/init-report.ts';
import type { CarriedOut } from './carry-out.ts';

type Facts = Pick<
  InitReport,
  'subject' | 'version' | 'project' | 'options' | 'scripts' | 'notes' | 'settings' | 'next'
> & {
  readonly problems?: readonly string[];
  /** Notes that are repeated as long as they hold. */
  readonly warnings?: readonly string[];
};

/** The one document about a run of `devsetup init`. */
export const initReport = ({ outcome, files, written, install }: CarriedOut, facts: Facts): InitReport => ({
  schemaVersion: INIT_REPORT_SCHEMA_VERSION,
  command: 'init',
  subject: facts.subject,
  version: facts.version,
  project: facts.project,
  outcome,
  exitCode:
    EXIT_CODES[outcome] === ExitCode.done &&
    ((facts.problems ?? []).length > 0 ||
      (facts.subject === 'workflows' && outcome !== 'would-change' && isLeft(files, written)))
      ? ExitCode.failed
      : EXIT_CODES[outcome],
  options: facts.options,
  files: files.map((file) => ({
    path: file.path,
    action: file.action,
    written: written.includes(file),
    reason: file.reason,
  })),
  scripts: facts.scripts,
  install,
  problems: facts.problems ?? [],
  notes: [...(facts.warnings ?? []), ...(outcome === 'unchanged' ? [] : facts.notes)],
  settings: facts.settings,
  next: facts.next,
});

/** A file whose lines were changed by hand is in the way of what was asked for. */
const isLeft = (files: CarriedOut['files'], written: CarriedOut['written']): boolean =>
  files.some((file) => file.action === 'conflict' && !written.includes(file));

const EXIT_CODES: Readonly<Record<InitReport['outcome'], InitReport['exitCode']>> = {
  done: ExitCode.done,
  unchanged: ExitCode.done,
  'would-change': ExitCode.done,
  conflict: ExitCode.failed,
  declined: ExitCode.failed,
  failed: ExitCode.failed,
  interrupted: ExitCode.interrupted,
};
