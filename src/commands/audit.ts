import process from 'node:process';

import { Argument, Option, type Command } from 'commander';

import type { Severity } from '../core/check.ts';
import { FAIL_ON } from '../core/audit-report.ts';
import { usageError } from '../core/errors.ts';
import { escapeControls } from '../core/visible-text.ts';
import { parseAuditFormats, verifyOutputs, type AuditOutput } from './audit-formats.ts';
import { listOption, withCommonOptions, type CommonOptions } from './common-options.ts';
import type { Terminal } from './terminal.ts';

export interface AuditOptions extends CommonOptions {
  readonly format?: readonly string[];
  readonly failOn: Severity;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly fix?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: boolean;
  readonly list?: boolean;
  readonly explain?: string;
  readonly deployLog?: string;
  readonly sha?: string;
}

/** `devsetup audit` */
export const addAuditCommand = (program: Command, terminal: Terminal): void => {
  const command = program
    .command('audit')
    .description('read GitHub workflows and report where migrations and images break the rules of a safe deployment')
    .addArgument(new Argument('[paths...]', 'workflow files, or folders (default: .github/workflows of the checkout)'))
    .addOption(
      listOption(
        '--format <formats>',
        'text, json, sarif or github; several with files: sarif=audit.sarif,json=a.json',
      ),
    )
    .addOption(new Option('--fail-on <severity>', 'exit with 1 from here on').choices(FAIL_ON).default('error'))
    .addOption(listOption('--only <rules>', 'only these rules or families (image/*), separated by commas'))
    .addOption(listOption('--skip <rules>', 'all but these rules or families'))
    .option('--fix', 'mend what can be mended mechanically: shows the difference, asks, then looks again')
    .option('--baseline <file>', 'findings that are known already: they are told and do not fail')
    .option('--write-baseline', 'write all present findings to the baseline')
    .option('--list', 'list the rules, look at nothing')
    .option('--explain <file>', 'print how a workflow is understood: jobs, roles, images; or the page of a rule')
    .option('--deploy-log <file>', 'read the log of a deployment (-: standard input) for images that are not immutable')
    .option('--sha <commit>', 'with --deploy-log: the commit that was to be deployed');
  withCommonOptions(command).action((paths: readonly string[], options: AuditOptions) =>
    // Errors are one document, too, wherever JSON was asked for.
    terminal.run({ ...options, json: options.json === true || (options.format ?? []).includes('json') }, (host) =>
      audit(paths, options, terminal, host),
    ),
  );
};

type Exit = { readonly exitCode: number };

const audit = async (
  paths: readonly string[],
  options: AuditOptions,
  terminal: Terminal,
  host: Terminal['host'],
): Promise<Exit> => {
  const outputs = parseAuditFormats(options.format ?? [], options.json === true);
  await verifyOutputs(outputs, host.cwd);
  if (options.list === true) {
    const { listAuditRules } = await import('./audit-list.ts');
    return listAuditRules(outputs, terminal);
  }
  if (options.deployLog !== undefined) return judgeDeployLog(paths, options.deployLog, outputs, options, terminal);
  if (options.sha !== undefined) throw conflict('--sha belongs to --deploy-log.', 'Add --deploy-log FILE.');
  const [{ selectRules }, { lookAtWorkflows }, { reportAudit }] = await Promise.all([
    import('../audit/list-rules.ts'),
    import('./audit-look.ts'),
    import('../audit/report-audit.ts'),
  ]);
  const { cwd } = host;
  const { project, config, baseline } = options;
  const rules = selectRules(options.only ?? [], options.skip ?? []);
  const writesBaseline = options.writeBaseline === true;
  if (options.explain !== undefined) {
    const { explainAudit } = await import('./audit-explain.ts');
    const isJson = outputs.some(({ format, file }) => format === 'json' && file === null);
    return explainAudit(options.explain, isJson, { cwd, project, config, baseline, rules, writesBaseline }, terminal);
  }
  const look = (): ReturnType<typeof lookAtWorkflows> =>
    lookAtWorkflows({ cwd, paths, project, config, baseline, rules, writesBaseline });
  let looks = await look();
  const notes: string[] = [];
  let isUnanswered = false;
  if (options.fix === true) {
    const { fixWorkflows } = await import('./audit-fixing.ts');
    const done = await fixWorkflows(looks, options, terminal);
    notes.push(...done.notes);
    ({ isUnanswered } = done);
    if (done.hasChanged) looks = await look();
    if (!isUnanswered) {
      const { offerToDecouple } = await import('./audit-decouple.ts');
      const decoupled = await offerToDecouple(looks, paths, options, terminal);
      // The text names decouple at its end.
      if (!isTextOnStdout(outputs)) notes.push(...decoupled.notes);
      if (decoupled.hasChanged) looks = await look();
    }
  }
  if (writesBaseline) {
    const { writeBaselines } = await import('./audit-baseline.ts');
    notes.push(...(await writeBaselines(looks, cwd)));
    looks = await look();
  }
  const { describeStale } = await import('./audit-baseline.ts');
  notes.push(...describeStale(looks, rules));
  const outcome = reportAudit(looks, options.failOn, isUnanswered);
  const { printOutcome } = await import('./audit-output.ts');
  await printOutcome(outcome, outputs, { options, terminal, notes });
  tellBeside(outputs, notes, terminal);
  for (const { rule, error } of looks.flatMap(({ result }) => result.crashes)) {
    process.stderr.write(`devsetup audit: the rule ${rule} failed; what the others have found is complete.\n`);
    terminal.tell(error);
  }
  return outcome.report.summary;
};

const judgeDeployLog = async (
  paths: readonly string[],
  file: string,
  outputs: readonly AuditOutput[],
  options: AuditOptions,
  terminal: Terminal,
): Promise<Exit> => {
  const { fix, writeBaseline, baseline, failOn, sha } = options;
  const [other] = [
    ...paths,
    ...(fix === true ? ['--fix'] : []),
    ...(writeBaseline === true || baseline !== undefined ? ['--baseline'] : []),
  ];
  if (other !== undefined)
    throw conflict(
      `--deploy-log reads a log and no workflows: ${other} has no place there.`,
      'Run devsetup audit twice.',
    );
  const [{ lookAtDeployLog }, { printOutcome }] = await Promise.all([
    import('./audit-deploy-log.ts'),
    import('./audit-output.ts'),
  ]);
  const outcome = await lookAtDeployLog({ cwd: terminal.host.cwd, file, sha, failOn });
  await printOutcome(outcome, outputs, { options, terminal, notes: [] });
  return outcome.report.summary;
};

const conflict = (message: string, hint: string): Error => usageError({ code: 'USAGE', message, hint });

const isTextOnStdout = (outputs: readonly AuditOutput[]): boolean =>
  outputs.some(({ format, file }) => format === 'text' && file === null);

/** Where stdout is read by a program, people are told on stderr. */
const tellBeside = (outputs: readonly AuditOutput[], notes: readonly string[], terminal: Terminal): void => {
  if (isTextOnStdout(outputs)) return;
  for (const note of notes) terminal.print(process.stderr, `${escapeControls(note)}\n`);
};
