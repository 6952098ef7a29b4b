import path from 'node:path';

import { loadConfig } from '../config/load-config.ts';
import { ExitCode } from '../core/errors.ts';
import { INIT_REPORT_SCHEMA_VERSION, type InitInstall, type InitReport } from '../core/init-report.ts';
import { findRoot } from '../project/find-root.ts';
import { chooseBackend } from './choose-backend.ts';
import { planExisting } from './existing/plan-existing.ts';
import { gatherInit, type Gathered } from './gather-init.ts';
import type { InitOptions } from './init-options.ts';
import type { InitServices } from './init-services.ts';
import { nextCommands } from './next-commands.ts';
import { DEV_CONTAINER } from './plan/find-made-options.ts';
import { packageSpec } from './plan/package-spec.ts';
import { planInit } from './plan/plan-init.ts';
import { versionNotes } from './plan/version-note.ts';
import type { PlannedFile } from './planned-file.ts';
import { takeOverScripts } from './take-over-scripts.ts';
import { readTemplate } from './template/read-template.ts';
import { findInstall, runInstall } from './write/install.ts';
import type { ReadFile } from './write/scaffold-files.ts';
import { writeFiles } from './write/write-files.ts';

export interface InitPlace {
  readonly cwd: string;
  /** `--project` */
  readonly project: string | undefined;
  /** `--config` */
  readonly config: string | undefined;
  readonly version: string;
  /** Of this package. */
  readonly templates: string;
}

/** `devsetup init`: looks, plans, shows the plan, asks, writes. Everything is planned before anything is written. */
export const runInit = async <F extends ReadFile>(
  options: InitOptions,
  place: InitPlace,
  services: InitServices<F>,
): Promise<InitReport> => {
  const { cwd } = place;
  const root = await findRoot({ cwd, project: place.project });
  const config = await loadConfig({ root, ...(place.config === undefined ? {} : { file: place.config }) });
  const ask = services.canAsk ? services.ask : undefined;
  const chosen = await chooseBackend({ root, config, cwd, asked: options.asked['backendFolder'], ask });
  const template = await readTemplate(path.join(place.templates, 'django-postgres'));
  const gathered = await gatherInit({ root, config, ...chosen, template, asked: options.asked, files: services.files });
  const { made, devContainer } = gathered;
  const choices = devContainer === undefined ? await services.settle(gathered.choices, template) : gathered.choices;
  const values = Object.fromEntries(choices.map(({ option, value }) => [option, value]));
  const { needs, shown: scripts } = await takeOverScripts(gathered.scripts, config.steps, services);
  const existing =
    devContainer === undefined
      ? null
      : await planExisting({
          root,
          devContainer,
          packageManager: values['packageManager'] ?? 'npm',
          scripts: gathered.scripts,
          steps: linesThatBecameSteps(scripts),
        });
  const planned = planInit({
    template,
    choices,
    made,
    texts: gathered.texts,
    settings: gathered.findings.settings,
    existing,
    packageSpec: await packageSpec(options.package, { cwd, root, version: place.version }),
    isPackageAsked: options.package !== undefined,
    config: { ...gathered.config, needs: [...gathered.config.needs, ...needs] },
  });
  const install = await findInstall({
    root,
    tool: values['packageManager'] ?? 'npm',
    isChanged: planned.some(({ path: name, action }) => name === 'package.json' && action !== 'keep'),
    isWanted: options.install,
  });
  const shownOptions = devContainer === undefined ? choices : [];
  const report = (
    outcome: InitReport['outcome'],
    files: readonly PlannedFile[],
    written: readonly PlannedFile[] = [],
    installed: InitInstall | null = null,
  ): InitReport => ({
    schemaVersion: INIT_REPORT_SCHEMA_VERSION,
    command: 'init',
    version: place.version,
    project: root,
    outcome,
    exitCode: EXIT_CODES[outcome],
    options: shownOptions,
    files: files.map((file) => ({
      path: file.path,
      action: file.action,
      written: written.includes(file),
      reason: file.reason,
    })),
    scripts,
    install: installed,
    notes: outcome === 'unchanged' ? [] : [...gathered.findings.notes, ...versionNotes(made, shownOptions)],
    next: nextCommands(outcome, { written, install: installed }),
  });

  const changes = planned.filter(({ action }) => action !== 'keep');
  if (changes.length === 0 && install === null) return report('unchanged', planned);
  services.tell(scripts);
  services.show({ options: shownOptions, files: planned });
  if (options.dryRun) return report('would-change', planned, [], install && { ...install.shown, outcome: 'would-run' });

  const settled = await settleConflicts(planned, options.force, services);
  const isBlocked = isNew(planned) && settled.some(({ action }) => action === 'conflict');
  if (services.signal.aborted) return report('interrupted', settled);
  if (isBlocked) return report('conflict', settled);
  const writable = settled.filter(({ action }) => action === 'create' || action === 'update');
  if (writable.length === 0 && install === null) return report('unchanged', settled);
  if (services.canAsk && !(await services.confirm('Do this?'))) {
    return report(services.signal.aborted ? 'interrupted' : 'declined', settled);
  }
  await writeFiles(writable, { root, files: services.files, read: await readAll(gathered, writable, root, services) });
  if (install === null) return report('done', settled, writable);
  const installed = await runInstall(install, services);
  if (services.signal.aborted) return report('interrupted', settled, writable, installed);
  return report(installed.outcome === 'failed' ? 'failed' : 'done', settled, writable, installed);
};

const EXIT_CODES: Readonly<Record<InitReport['outcome'], InitReport['exitCode']>> = {
  done: ExitCode.done,
  unchanged: ExitCode.done,
  'would-change': ExitCode.done,
  conflict: ExitCode.failed,
  declined: ExitCode.failed,
  failed: ExitCode.failed,
  interrupted: ExitCode.interrupted,
};

/** A dev container that would be made of the template's files and somebody else's may be anything: then none is made. */
const isNew = (planned: readonly PlannedFile[]): boolean =>
  planned.some(({ path: name, action }) => name === DEV_CONTAINER && action === 'create');

/** What somebody else wrote is replaced only by --force, or where the user says so having seen the difference. */
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

/** Also those that only the plan of an existing dev container names. */
const readAll = async <F extends ReadFile>(
  { read }: Gathered<F>,
  planned: readonly PlannedFile[],
  root: string,
  { files }: InitServices<F>,
): Promise<ReadonlyMap<string, F | undefined>> => {
  for (const { path: name } of planned) {
    if (!read.has(name)) read.set(name, await files.read(path.join(root, name)));
  }
  return read;
};

/** A script whose other lines all became steps need not be called any more. */
const linesThatBecameSteps = (scripts: InitReport['scripts']): ReadonlySet<string> =>
  new Set(
    scripts.flatMap(({ file, unknown }) =>
      unknown.filter(({ step }) => step !== null).map(({ line }) => `${file}:${line}`),
    ),
  );
