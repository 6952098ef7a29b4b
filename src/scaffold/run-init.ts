import path from 'node:path';

import { loadConfig } from '../config/load-config.ts';
import type { InitReport } from '../core/init-report.ts';
import { findDevContainer } from '../devcontainer/dev-container.ts';
import { findRoot } from '../project/find-root.ts';
import { carryOut } from './carry-out.ts';
import { chooseBackend } from './choose-backend.ts';
import { containerErrors } from './existing/container-errors.ts';
import { fixHooks } from './existing/fix-hooks.ts';
import { findStaying, planExisting } from './existing/plan-existing.ts';
import { gatherInit, type Gathered } from './gather-init.ts';
import type { InitOptions } from './init-options.ts';
import { initReport } from './init-report.ts';
import type { InitServices } from './init-services.ts';
import { nextCommands } from './next-commands.ts';
import { DEV_CONTAINER } from './plan/find-made-options.ts';
import { linesAsSteps } from './plan/offer-steps.ts';
import { packageSpec } from './plan/package-spec.ts';
import { planInit } from './plan/plan-init.ts';
import { versionNotes } from './plan/version-note.ts';
import type { PlannedFile } from './planned-file.ts';
import { scriptNotes } from './setup-script/script-notes.ts';
import { takeOverScripts } from './take-over-scripts.ts';
import { readTemplate } from './template/read-template.ts';
import { findInstall } from './write/install.ts';
import type { ReadFile } from './write/scaffold-files.ts';

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
  const { made } = gathered;
  const found = await findDevContainer(root);
  const problems = await containerErrors(root, found);
  const hooks = await fixHooks(root, found, services);
  const devContainer = gathered.devContainer === undefined ? undefined : hooks.devContainer;
  const choices = devContainer === undefined ? await services.settle(gathered.choices, template) : gathered.choices;
  const values = Object.fromEntries(choices.map(({ option, value }) => [option, value]));
  const { needs, shown: scripts } = await takeOverScripts(
    {
      scripts: gathered.scripts,
      configured: config.steps,
      stayingWith: (lines) =>
        devContainer === undefined ? new Map() : findStaying(root, devContainer, { ...gathered, steps: lines }),
    },
    services,
  );
  const existing =
    devContainer === undefined
      ? null
      : await planExisting({
          root,
          devContainer,
          written: gathered.devContainer?.text,
          packageManager: values['packageManager'] ?? 'npm',
          scripts: gathered.scripts,
          code: gathered.code,
          steps: linesThatBecameSteps(scripts),
        });
  const planned = [
    ...planInit({
      template,
      choices,
      made,
      texts: gathered.texts,
      settings: gathered.findings.settings,
      existing: existing?.files ?? null,
      packageSpec: await packageSpec(options.package, { cwd, root, version: place.version }),
      isPackageAsked: options.package !== undefined,
      config: { ...gathered.config, needs: [...gathered.config.needs, ...needs] },
    }),
    ...hooks.files,
  ];
  const install = await findInstall({
    root,
    tool: values['packageManager'] ?? 'npm',
    isChanged: planned.some(({ path: name, action }) => name === 'package.json' && action !== 'keep'),
    isWanted: options.install,
  });
  const shownOptions = devContainer === undefined ? choices : [];
  const carried = await carryOut(
    {
      root,
      files: planned,
      main: DEV_CONTAINER,
      choices: shownOptions,
      problems,
      scripts,
      install,
      read: (writable) => readAll(gathered, writable, root, services),
    },
    options,
    services,
  );
  const notes = [...gathered.findings.notes, ...scriptNotes(gathered.scripts), ...versionNotes(made, shownOptions)];
  return initReport(carried, {
    subject: 'dev-container',
    version: place.version,
    project: root,
    options: shownOptions,
    scripts,
    notes,
    warnings: [...problems, ...hooks.warnings, ...(existing?.left ?? [])],
    settings: [],
    next: nextCommands(carried.outcome, carried),
  });
};

/** Also those that only the plan of an existing dev container names. */
const readAll = async <F extends ReadFile>(
  { read }: Gathered<F>,
  planned: readonly PlannedFile[],
  root: string,
  { files }: InitServices<F>,
): Promise<ReadonlyMap<string, F | undefined>> => {
  for (const { path: name } of planned) {
    if (!read.has(name)) read.set(name, await files.read(path.join(root, name), root));
  }
  return read;
};

/** A script whose other lines all became steps need not be called any more. */
const linesThatBecameSteps = (scripts: InitReport['scripts']): ReadonlySet<string> =>
  linesAsSteps(
    scripts.flatMap(({ file, unknown }) => unknown.map(({ text, step }) => ({ file, text, isStep: step !== null }))),
  );
