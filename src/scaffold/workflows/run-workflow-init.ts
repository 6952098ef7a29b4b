import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { loadConfig } from '../../config/load-config.ts';
import type { InitReport } from '../../core/init-report.ts';
import { findRoot } from '../../project/find-root.ts';
import { carryOut } from '../carry-out.ts';
import { chooseBackend } from '../choose-backend.ts';
import type { InitOptions } from '../init-options.ts';
import { initReport } from '../init-report.ts';
import type { InitServices } from '../init-services.ts';
import { folder, lookAtRepository } from '../look/look-at-repository.ts';
import { nextCommands } from '../next-commands.ts';
import { chooseOptions, type Choice } from '../plan/choose-options.ts';
import { packageSpec } from '../plan/package-spec.ts';
import { planConfig } from '../plan/plan-config.ts';
import { planGitignore } from '../plan/plan-gitignore.ts';
import { planPackageJson } from '../plan/plan-package-json.ts';
import type { InitPlace } from '../init-dev-container.ts';
import { checkOptions } from '../template/check-options.ts';
import type { OptionValues } from '../template/template.ts';
import { findInstall } from '../write/install.ts';
import type { ReadFile } from '../write/scaffold-files.ts';
import { disputeNotes, lookAtExisting } from './existing/look-at-existing.ts';
import { offerDecouple } from './existing/offer-decouple.ts';
import { otherPipelines, refuseSecond, whereDeploying, withoutSecond } from './existing/second-pipeline.ts';
import { findBranches } from './find-branches.ts';
import { findTestCommand } from './find-test-command.ts';
import { listSettings } from './list-settings.ts';
import { readMadeWith } from './made-with.ts';
import { pipelineNotes } from './pipeline-notes.ts';
import { findPipelineParts } from './pipeline-parts.ts';
import { planWorkflows } from './plan-workflows.ts';
import {
  PIPELINE,
  renderWorkflows,
  TEMPLATE_NAMES,
  type RenderedFile,
  type WorkflowTemplates,
} from './render-workflows.ts';
import { WORKFLOW_OPTIONS, type WorkflowValues } from './workflow-options.ts';

/** `devsetup init --workflows`: looks, plans, shows the plan, asks, writes. Everything is planned before anything is written. */
export const runWorkflowInit = async <F extends ReadFile>(
  options: InitOptions,
  place: InitPlace,
  services: InitServices<F>,
): Promise<InitReport> => {
  const { cwd } = place;
  const root = await findRoot({ cwd, project: place.project });
  const config = await loadConfig({ root, ...(place.config === undefined ? {} : { file: place.config }) });
  const choose = services.canAsk ? services.choose : undefined;
  const { backend, needsConfig } = await chooseBackend({
    root,
    config,
    cwd,
    asked: options.asked['backendFolder'],
    choose,
  });

  const read = new Map<string, F | undefined>();
  const readText = async (name: string): Promise<string | null> => {
    const file = read.get(name) ?? (await services.files.read(path.join(root, name), root));
    read.set(name, file);
    return file?.text ?? null;
  };
  const made = readMadeWith((await readText(PIPELINE)) ?? '') ?? null;
  const asked = withEarlierSecrets(options.asked, made);
  const [findings, branches, test] = await Promise.all([
    lookAtRepository({ root, config, backend }),
    findBranches(root),
    findTestCommand(root, backend.directory),
  ]);
  const template = { options: WORKFLOW_OPTIONS };
  const existing = await lookAtExisting(root, config, findings.frontends);
  const others = made === null ? otherPipelines(existing.pipelines) : [];
  const offers = offerDecouple(existing.pipelines, { isRefused: others.length > 0 && options.second !== true });
  if (offers.length > 0) services.showFound(offers.map((offer) => ['workflows', offer]));
  const refused = await refuseSecond(others, options, services);
  const found = {
    ...existing.versions,
    ...findings.options,
    ...branches,
    ...existing.names,
    ...(test === undefined ? {} : { backendTest: test }),
  };
  const chosen = chooseOptions({ template, asked, made, found, madeIn: PIPELINE });
  const choices = refused === null ? await services.askOpenOptions(chosen, template) : chosen;
  const values = valuesOf(choices) as WorkflowValues;
  // The defaults are the template's own: images hold an expression.
  checkOptions(template, valuesOf(choices.filter(({ by }) => by !== 'default')));

  const shown = choices.filter(({ value }) => value !== '');
  const parts = await findPipelineParts({ root, config, backend, engine: findings.settings.engine, values });
  // Only what the user chose: what was found is found again, so the workflows follow the checkout.
  const told = choices.filter(({ by }) => by === 'flag' || by === 'made');
  const templates = await readTemplates(place.templates);
  const rendered = renderWorkflows(templates, parts, valuesOf(told));
  // As it was the last time: the same options, without those that are new now.
  const renderAgain = async (): Promise<readonly RenderedFile[]> => {
    const last = chooseOptions({ template, asked: {}, made, found, madeIn: PIPELINE });
    const lastParts = await findPipelineParts({
      root,
      config,
      backend,
      engine: findings.settings.engine,
      values: valuesOf(last) as WorkflowValues,
    });
    return renderWorkflows(templates, lastParts, made ?? {});
  };
  const pipeline = await planWorkflows(rendered, { readText, renderAgain, root, isForced: options.force, services });
  const configPath = config.file === null ? null : folder(root, config.file);
  const spec = await packageSpec(options.package, { cwd, root, version: place.version });
  const manifest = planPackageJson({
    before: await readText('package.json'),
    spec,
    isAsked: options.package !== undefined,
  });
  const managePy = { key: ['backend', 'managePy'], value: folder(root, backend.managePy) };
  const configured = planConfig({
    path: configPath === 'package.json' ? 'devsetup.config.jsonc' : configPath,
    before: configPath === null || configPath === 'package.json' ? null : await readText(configPath),
    needs: needsConfig ? [managePy] : [],
  });
  const planned = [
    ...pipeline.files,
    manifest,
    planGitignore(await readText('.gitignore')),
    ...(configured === undefined ? [] : [configured]),
  ];
  const install = await findInstall({
    root,
    tool: values.packageManager,
    isChanged: manifest.action !== 'keep',
    isWanted: options.install,
  });
  const carried =
    refused !== null
      ? withoutSecond(refused, planned, others)
      : await carryOut(
          {
            root,
            command: place.command,
            files: planned,
            problems: pipeline.problems,
            main: PIPELINE,
            // A file of somebody else by that name is no pipeline that the other files could be added to.
            isNew: made === null,
            choices: shown,
            scripts: [],
            install,
            read: () => Promise.resolve(read),
          },
          options,
          services,
        );
  return initReport(carried, {
    subject: 'workflows',
    version: place.version,
    project: root,
    options: shown,
    scripts: [],
    problems: refused === null ? pipeline.problems : [],
    notes:
      refused === null
        ? [...offers, ...disputeNotes(existing, choices), ...(await pipelineNotes(root, parts, findings.frontends))]
        : offers,
    settings: refused !== null || carried.outcome === 'unchanged' ? [] : listSettings(parts, existing.inputs),
    next: nextCommands(carried.outcome, {
      ...carried,
      after: ['npx devsetup audit', 'npx devsetup doctor --only pipelines'],
      command: place.command,
      deploying: made === null ? whereDeploying(existing.pipelines, options) : null,
    }),
  });
};

/** A secret that is named adds to those that were named before. */
const withEarlierSecrets = (asked: OptionValues, made: OptionValues | null): OptionValues => {
  const { secrets } = asked;
  if (secrets === undefined) return asked;
  const names = [made?.['secrets'], secrets].flatMap((list) => (list ?? '').split(',').filter((name) => name !== ''));
  return { ...asked, secrets: [...new Set(names)].join(',') };
};

const valuesOf = (choices: readonly Choice[]): OptionValues =>
  Object.fromEntries(choices.map(({ option, value }) => [option, value]));

const readTemplates = async (templates: string): Promise<WorkflowTemplates> =>
  Object.fromEntries(
    await Promise.all(
      TEMPLATE_NAMES.map(async (name) => [name, await readFile(path.join(templates, 'workflows', name), 'utf8')]),
    ),
  ) as WorkflowTemplates;
