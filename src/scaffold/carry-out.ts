import type { InitInstall, InitReport } from '../core/init-report.ts';
import { usageError } from '../core/errors.ts';
import { changeForm } from '../project/change-form.ts';
import type { InitOptions } from './init-options.ts';
import type { InitServices } from './init-services.ts';
import type { Choice } from './plan/choose-options.ts';
import type { PlannedFile } from './planned-file.ts';
import { runInstall, type Install } from './write/install.ts';
import type { ReadFile } from './write/scaffold-files.ts';
import { writeFiles } from './write/write-files.ts';

export interface Plan<F extends ReadFile> {
  readonly root: string;
  /** As it was typed, to be repeated with `--yes`. */
  readonly command: string;
  readonly files: readonly PlannedFile[];
  /** The files of a template belong together: if this one is new, none is written while another file in its place is in the way. */
  readonly main: string;
  /** Whether it is new; by default, where its main file is not there yet. */
  readonly isNew?: boolean;
  /** Shown with the plan. */
  readonly choices: readonly Choice[];
  /** Why the dev container would not open; shown before the plan. */
  readonly problems?: readonly string[];
  /** Why it will open. */
  readonly proof?: string | null;
  readonly scripts: InitReport['scripts'];
  readonly install: Install | null;
  /** What each file was when the plan was made, by path. */
  readonly read: (planned: readonly PlannedFile[]) => Promise<ReadonlyMap<string, F | undefined>>;
}

export interface CarriedOut {
  readonly outcome: InitReport['outcome'];
  readonly files: readonly PlannedFile[];
  readonly written: readonly PlannedFile[];
  readonly install: InitInstall | null;
}

/** Shows the plan, asks, writes, installs. */
export const carryOut = async <F extends ReadFile>(
  plan: Plan<F>,
  options: Pick<InitOptions, 'dryRun' | 'force'>,
  services: InitServices<F>,
): Promise<CarriedOut> => {
  const { root, command, files: planned, main, choices, problems = [], proof = null, scripts, install, read } = plan;
  const end = (
    outcome: InitReport['outcome'],
    files: readonly PlannedFile[],
    written: readonly PlannedFile[] = [],
    installed: InitInstall | null = null,
  ): CarriedOut => ({ outcome, files, written, install: installed });

  if (services.signal.aborted) return end('interrupted', planned);
  const changes = planned.filter(({ action }) => action !== 'keep');
  if (changes.length === 0 && install === null) return end('unchanged', planned);
  services.showScripts(scripts);
  services.showPlan({ problems, options: choices, files: planned, proof });
  if (options.dryRun) return end('would-change', planned, [], install && { ...install.shown, outcome: 'would-run' });

  if (!services.canAsk && !services.isAllowed) throw unconfirmed(command);
  const settled = await settleConflicts(planned, options.force, services);
  const isNew = plan.isNew ?? planned.some(({ path: name, action }) => name === main && action === 'create');
  if (services.signal.aborted) return end('interrupted', settled);
  if (isNew && settled.some(({ action }) => action === 'conflict')) return end('conflict', settled);
  const writable = settled.filter(({ action }) => action === 'create' || action === 'update');
  if (writable.length === 0 && install === null) return end('unchanged', settled);
  if (services.canAsk && !(await services.confirm('Do this?'))) {
    return end(services.signal.aborted ? 'interrupted' : 'declined', settled);
  }
  await writeFiles(writable, {
    root,
    files: services.files,
    read: await read(writable),
    changeForm: (file, make) => changeForm(file, make, { root, ...services }),
  });
  if (install === null) return end('done', settled, writable);
  const installed = await runInstall(install, services);
  if (services.signal.aborted) return end('interrupted', settled, writable, installed);
  return end(installed.outcome === 'failed' ? 'failed' : 'done', settled, writable, installed);
};

export const unconfirmed = (command: string): Error =>
  usageError({
    code: 'INIT_NOT_CONFIRMED',
    message: 'Nothing was written: there is no terminal on which devsetup could ask whether to.',
    hint: `Type ${command} --yes to write what the plan shows, or ${command} --dry-run to see it again.`,
  });

/** A file that devsetup did not write is replaced only by --force, or if the user agrees after seeing the difference. */
const settleConflicts = async <F extends ReadFile>(
  planned: readonly PlannedFile[],
  isForced: boolean,
  { canAsk, confirm }: InitServices<F>,
): Promise<readonly PlannedFile[]> => {
  const settled: PlannedFile[] = [];
  for (const file of planned) {
    const isReplaced =
      file.action === 'conflict' && (isForced || (canAsk && (await confirm(`Replace ${file.path} by what is shown?`))));
    settled.push(isReplaced ? { ...file, action: 'update' } : file);
  }
  return settled;
};
