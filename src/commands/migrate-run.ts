import { randomUUID } from 'node:crypto';
import process from 'node:process';

import { isDevsetupError } from '../core/errors.ts';
import type { RunReport } from '../core/report.ts';
import type { RunView } from '../core/events.ts';
import { annotationOfError } from '../pipeline/github/annotations.ts';
import { createGithubView } from '../pipeline/github/github-view.ts';
import { outputsOf, outputsOfError, renderOutputs } from '../pipeline/github/outputs.ts';
import { renderErrorSummary, renderStepSummary } from '../pipeline/github/step-summary.ts';
import { workflowCommand } from '../pipeline/github/workflow-command.ts';
import { isGithubActions, writeGithubFiles } from '../pipeline/github/write-github-files.ts';
import { describeRun, planPipelineRun, type PipelineRun } from '../pipeline/pipeline-run.ts';
import { parseShard } from '../pipeline/shard.ts';
import { openPipeline } from '../setup/open-pipeline.ts';
import { openWorkspace, type Workspace } from '../setup/open-workspace.ts';
import { runSetup } from '../setup/run-setup.ts';
import { NO_OPTIONS } from '../steps/context.ts';
import { exitCodeOf } from '../ui/render-error.ts';
import type { ViewStep } from '../ui/create-view.ts';
import { renderJson } from '../ui/render-json.ts';
import { renderSummary } from '../ui/render-summary.ts';
import type { MigrateOptions } from './migrate.ts';
import type { Terminal } from './terminal.ts';

/** Runs the pipeline's steps; in GitHub Actions its log, annotations, summary and outputs say how they ended, whatever ended them. */
export const migrate = async (options: MigrateOptions, terminal: Terminal): Promise<RunReport> => {
  try {
    return await run(options, terminal);
  } catch (error) {
    await tellGithub(error, terminal);
    throw error;
  }
};

const run = async (options: MigrateOptions, terminal: Terminal): Promise<RunReport> => {
  const { host, signal } = terminal;
  // A mistake in a flag is told before anything is looked for.
  const shard = options.shard === undefined ? null : parseShard(options.shard);
  const opened = await openWorkspace({ project: options.project, config: options.config, host, isPipeline: true });
  const { workspace, settings } = openPipeline(opened, {
    environment: options.environment,
    lockTimeoutSeconds: options.lockTimeout,
    isJob: isGithubActions(host.env),
  });
  const pipeline = planPipelineRun(settings, {
    shard,
    only: options.only ?? [],
    skip: options.skip ?? [],
    project: options.project,
    config: options.config,
  });
  const report = await runSetup(
    {
      mode: options.dryRun === true ? 'dry-run' : 'apply',
      selection: { only: options.only ?? [], skip: options.skip ?? [], from: undefined },
      options: {
        ...NO_OPTIONS,
        verbose: options.verbose === true,
        // A pipeline's database is on another host.
        allowRemote: true,
        createMissingTables: options.createMissingTables === true,
        failFast: options.failFast === true,
        onlyTenants: [...(options.onlyTenants ?? []), ...(options.onlyTenant ?? [])],
      },
      pipeline,
    },
    { workspace, host, signal, createView: viewOf(options, terminal, workspace, pipeline) },
  );
  if (isGithubActions(host.env)) {
    const summary = (maxBytes: number): string => renderStepSummary(report, describeRun(pipeline), maxBytes);
    sayProblems(await writeGithubFiles(host.env, { outputs: renderOutputs(outputsOf(report)), summary }));
  }
  return report;
};

const viewOf = (
  options: MigrateOptions,
  terminal: Terminal,
  { root }: Workspace,
  pipeline: PipelineRun,
): ((steps: readonly ViewStep[]) => Promise<RunView>) => {
  const { stdout } = process;
  const isGithub = isGithubActions(terminal.host.env);
  const json = options.json === true;
  const toText = (report: RunReport, isBelowTree = false): string =>
    renderSummary(report, {
      columns: stdout.isTTY ? stdout.columns : undefined,
      color: terminal.color(stdout),
      repeatCommand: pipeline.repeatCommand,
      isBelowTree,
      verbose: options.verbose === true,
    });
  const createInner = terminal.view(options, json ? renderJson : toText);
  if (!isGithub) return createInner;
  return async (steps) =>
    createGithubView(await createInner(steps), {
      writeLine,
      groups: terminal.ui(options) === 'plain',
      token: randomUUID(),
      // Annotations name files from the root of the repository, which the checkout may be a folder of.
      root: terminal.host.env['GITHUB_WORKSPACE'] || root,
      json,
    });
};

const writeLine = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const sayProblems = (problems: readonly string[]): void => {
  for (const problem of problems) writeLine(workflowCommand('warning', problem, { title: 'devsetup migrate' }));
};

/** What ended the command before there was a run: refused databases, mistakes in flags and configuration. */
const tellGithub = async (error: unknown, { host }: Terminal): Promise<void> => {
  if (!isGithubActions(host.env)) return;
  const { message, hint } = isDevsetupError(error)
    ? error
    : { message: 'This is a bug in devsetup, not in your project.', hint: undefined };
  writeLine(annotationOfError(message, hint));
  const outputs = renderOutputs(outputsOfError(exitCodeOf(error)));
  sayProblems(await writeGithubFiles(host.env, { outputs, summary: () => renderErrorSummary(message, hint) }));
};
