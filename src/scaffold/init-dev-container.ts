import { randomBytes } from 'node:crypto';
import path from 'node:path';

import { loadConfig } from '../config/load-config.ts';
import { usageError } from '../core/errors.ts';
import type { InitReport } from '../core/init-report.ts';
import { findDevContainer } from '../devcontainer/dev-container.ts';
import { findRoot } from '../project/find-root.ts';
import { carryOut } from './carry-out.ts';
import { chooseBackend } from './choose-backend.ts';
import { planDatabase, type DatabaseKind } from './database/plan-database.ts';
import { containerErrors } from './existing/container-errors.ts';
import { fixHooks } from './existing/fix-hooks.ts';
import { findStaying, planExisting } from './existing/plan-existing.ts';
import { gatherInit, type Gathered } from './gather-init.ts';
import type { InitOptions } from './init-options.ts';
import { initReport } from './init-report.ts';
import type { InitServices } from './init-services.ts';
import { describeFound } from './look/describe-found.ts';
import { nextCommands } from './next-commands.ts';
import { DEV_CONTAINER } from './plan/find-made-options.ts';
import { linesAsSteps } from './plan/offer-steps.ts';
import { packageSpec } from './plan/package-spec.ts';
import { planInit } from './plan/plan-init.ts';
import { versionNotes, versionsWithoutEffect } from './plan/version-note.ts';
import type { PlannedFile } from './planned-file.ts';
import { scriptNotes } from './setup-script/script-notes.ts';
import { takeOverScripts } from './take-over-scripts.ts';
import { findNeededVariables } from './variables/needed-variables.ts';
import { secretsNote } from './variables/plan-variables.ts';
import { fillTemplate } from './variables/template-variables.ts';
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
  /** As it was typed. */
  readonly command: string;
  /** Of this package. */
  readonly templates: string;
}

/**
 * Sets up the dev container of this devcontainer.json, or a new one: inspects the checkout, plans, shows the plan, asks, writes. Everything
 * is planned before anything is written.
 */
export const initDevContainer = async <F extends ReadFile>(
  options: InitOptions,
  place: InitPlace,
  services: InitServices<F>,
  file: string | undefined,
): Promise<InitReport> => {
  const { cwd } = place;
  const root = await findRoot({ cwd, project: place.project });
  const config = await loadConfig({ root, ...(place.config === undefined ? {} : { file: place.config }) });
  const choose = services.canAsk ? services.choose : undefined;
  const chosen = await chooseBackend({ root, config, cwd, asked: options.asked['backendFolder'], choose });
  const template = await readTemplate(path.join(place.templates, 'django-postgres'));
  const found = file === undefined ? undefined : await findDevContainer(root, file);
  const gathered = await gatherInit({
    root,
    config,
    ...chosen,
    template,
    asked: options.asked,
    files: services.files,
    devContainer: found,
  });
  const { made } = gathered;
  const hooks = await fixHooks(root, found, services);
  const devContainer = gathered.devContainer === undefined ? undefined : hooks.devContainer;
  const managePy = path.relative(root, chosen.backend.managePy);
  services.showFound(describeFound({ ...gathered, managePy, devContainer: found }));
  const choices =
    devContainer === undefined ? await services.askOpenOptions(gathered.choices, template) : gathered.choices;
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
  const { settings } = gathered.findings;
  const needed = await findNeededVariables({ root, backend: chosen.backend, envFiles: config.envFiles });
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
  const database =
    devContainer === undefined || existing === null
      ? null
      : await planDatabase({
          root,
          devContainer,
          files: existing.files,
          template,
          values,
          settings,
          urlVariable: config.database.urlVariable,
          needed,
          random: randomValue,
          asked: options.database,
          choose: (usual) => (choose === undefined ? Promise.resolve(usual) : chooseDatabase(usual, choose)),
        });
  if (options.database !== undefined && devContainer === undefined) throw withoutContainer(options.database);
  const { files: ofTemplate, ...filled } = fillTemplate(
    planInit({
      template,
      choices,
      made,
      texts: gathered.texts,
      settings,
      existing: database?.files ?? null,
      packageSpec: await packageSpec(options.package, { cwd, root, version: place.version }),
      isPackageAsked: options.package !== undefined,
      config: { ...gathered.config, needs: [...gathered.config.needs, ...needs] },
    }),
    needed,
    randomValue,
  );
  const planned = [...ofTemplate, ...hooks.files];
  const install = await findInstall({
    root,
    tool: values['packageManager'] ?? 'npm',
    isChanged: planned.some(({ path: name, action }) => name === 'package.json' && action !== 'keep'),
    isWanted: options.install,
  });
  const broken = await containerErrors(root, database?.devContainer ?? found);
  const problems = [...broken, ...(database?.problems ?? []), ...filled.problems];
  const shownOptions = devContainer === undefined ? choices : [];
  const carried = await carryOut(
    {
      root,
      command: place.command,
      files: planned,
      main: DEV_CONTAINER,
      choices: shownOptions,
      problems,
      proof: database?.proof ?? null,
      scripts,
      install,
      read: (writable) => readAll(gathered, writable, root, services),
    },
    options,
    services,
  );
  const notes = [
    ...gathered.findings.notes,
    ...scriptNotes(gathered.scripts),
    ...versionNotes(made, shownOptions),
    ...(database?.notes ?? []),
  ];
  return initReport(carried, {
    subject: 'dev-container',
    version: place.version,
    project: root,
    options: shownOptions,
    scripts,
    notes,
    problems,
    warnings: [
      ...hooks.warnings,
      ...(existing?.left ?? []),
      ...(devContainer === undefined ? [] : versionsWithoutEffect(options.asked, devContainer.name, planned)),
      ...(database?.warnings ?? []),
      ...secretsNote([...new Set([...(database?.secrets ?? []), ...filled.secrets])], needed),
    ],
    settings: [],
    next: nextCommands(carried.outcome, { ...carried, command: place.command }),
  });
};

/** As Django's own startproject marks it: not for production. */
const randomValue = (): string => `django-insecure-${randomBytes(30).toString('base64url')}`;

const chooseDatabase = (usual: DatabaseKind, choose: InitServices<ReadFile>['choose']): Promise<DatabaseKind> => {
  const choices = [
    { value: 'embedded', label: 'a PostgreSQL that devsetup runs in the container', hint: 'nothing else to start' },
    { value: 'compose', label: 'a service of compose next to the container', hint: 'the image of production' },
  ] as const;
  return choose(
    'This dev container has no database. What brings one?',
    usual === 'embedded' ? choices : choices.toReversed(),
  );
};

const withoutContainer = (kind: DatabaseKind): Error =>
  usageError({
    code: 'INIT_OPTION_INVALID',
    message: `--database ${kind} is for a dev container that is there already and has no database.`,
    hint: 'The one that devsetup init writes has PostgreSQL next to it: omit --database.',
  });

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
