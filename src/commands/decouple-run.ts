import path from 'node:path';
import process from 'node:process';

import { buildAudit } from '../audit/build-audit.ts';
import { findProjectFacts } from '../audit/find-project-facts.ts';
import { readTextFile, writeTextFile, type TextFile } from '../checkout/text-file.ts';
import { DECOUPLE_REPORT_SCHEMA_VERSION, type DecoupleReport } from '../core/decouple-report.ts';
import { DevsetupError, ExitCode, usageError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import type { ChangedFile, Decoupling, MigrateWith } from '../decouple/decoupling.ts';
import { secretOf } from '../decouple/database-environment.ts';
import { gatherFacts } from '../decouple/gather-facts.ts';
import { planDecoupling } from '../decouple/plan-decoupling.ts';
import type { PlannedFile } from '../scaffold/planned-file.ts';
import { packageSpec } from '../scaffold/plan/package-spec.ts';
import { planPackageJson } from '../scaffold/plan/plan-package-json.ts';
import { writeFiles } from '../scaffold/write/write-files.ts';
import { createPalette } from '../ui/palette.ts';
import { askText, askYesNo } from '../ui/prompts.ts';
import { renderDecouplePlan } from '../ui/render-decouple.ts';
import { renderDiff } from '../ui/render-diff.ts';
import { readAuditInputs, type AuditInputs } from './audit-inputs.ts';
import type { Terminal } from './terminal.ts';

export interface DecoupleRun {
  readonly cwd: string;
  /** []: all workflows of the checkout. */
  readonly files: readonly string[];
  readonly version: string;
  readonly project: string | undefined;
  readonly configFile: string | undefined;
  readonly with: MigrateWith;
  readonly secret: string | null;
  readonly isDryRun: boolean;
  /** `--yes` */
  readonly isAllowed: boolean;
  /** `--json`: stdout holds one document. */
  readonly isQuiet: boolean;
  /** As it was typed, to be repeated with `--yes`. */
  readonly command: string;
  readonly redact: (line: string) => string;
  readonly terminal: Terminal;
}

/** Reads, plans, shows the plan, asks, writes. */
export const runDecouple = async (run: DecoupleRun): Promise<DecoupleReport> => {
  const { cwd, terminal } = run;
  const command = 'decouple';
  const named = oneCheckout(readAuditInputs({ command, cwd, paths: run.files, project: run.project }));
  const { root } = named.checkout;
  // The job that tests, and secrets of other environments, may stand in workflows that nobody named.
  const all =
    run.files.length === 0 ? named : oneCheckout(readAuditInputs({ command, cwd: root, paths: [], project: root }));
  const wanted = new Set(named.files.map((file) => file.path));
  const { config, facts } = await gatherFacts({ ...run, root, checkout: all.checkout });
  const audit = buildAudit({
    files: all.files,
    readFile: all.checkout.readFile,
    project: findProjectFacts(all.checkout.listFiles(), all.checkout.readFile),
    config: config.audit,
  });
  const plan = (secret: string | null, isProposal = false): Decoupling =>
    planDecoupling(audit, { ...facts, secret, isProposal }, (file) => wanted.has(file));
  let decoupling = plan(run.secret);
  const canAsk = !run.isAllowed && !run.isDryRun && terminal.canAsk();
  if (canAsk && run.secret === null && decoupling.left.some(({ needsSecret }) => needsSecret === true)) {
    const secret = await askSecret(facts.urlVariable, terminal.signal);
    if (secret !== null) decoupling = plan(secret);
  }
  // Until the secret is named: what would be done with the names that the settings read.
  const proposal = decoupling.left.some(({ needsSecret }) => needsSecret === true) ? plan(null, true) : null;
  const place = { root, cwd, version: run.version };
  const changes = await withManifest(decoupling, place);
  const install = `${facts.node.tool} install`;
  const proposed = proposal === null ? [] : await withManifest(proposal, place);
  const end = (outcome: DecoupleReport['outcome']): DecoupleReport =>
    reportOf(
      outcome,
      { ...decoupling, settings: (proposal ?? decoupling).settings },
      { changes, waiting: beyond(changes, proposed) },
      { ...run, root, install, secret: proposal === null ? null : secretOf(facts) },
    );
  if (terminal.signal.aborted) return end('interrupted');
  const isShown = !(run.isQuiet && (run.isAllowed || run.isDryRun));
  if (isShown && proposal !== null && proposal.files.length > 0) {
    const title = `With a secret ${secretOf(facts)}, which no deployment names so far, this would be written:`;
    terminal.print(process.stderr, `${title}\n\n`);
    showPlan(proposal, proposed, run);
  }
  if (changes.length === 0) return end('unchanged');
  if (isShown) showPlan(decoupling, changes, run);
  if (run.isDryRun) return end('would-change');
  if (!run.isAllowed && !canAsk) {
    throw usageError({
      code: 'DECOUPLE_NOT_CONFIRMED',
      message: 'Nothing was written: there is no terminal on which devsetup could ask whether to.',
      hint: `Type ${run.command} --yes to write what is shown, or ${run.command} --dry-run to see it again.`,
    });
  }
  if (canAsk && !(await askYesNo('Write these files? [y/N] ', terminal.signal)))
    return end(terminal.signal.aborted ? 'interrupted' : 'declined');
  await write(changes, root);
  return end('done');
};

const oneCheckout = ([first, ...others]: readonly AuditInputs[]): AuditInputs => {
  if (first !== undefined && others.length === 0) return first;
  throw usageError({
    code: 'SEVERAL_CHECKOUTS',
    message: 'These workflows belong to several checkouts.',
    hint: 'Type `npx devsetup decouple` in each of them.',
  });
};

const askSecret = (usual: string, signal: AbortSignal): Promise<string | null> =>
  askText(
    {
      question: "Which secret holds the database's address?",
      usual,
      verify: (answer) =>
        /^[A-Za-z_]\w*$/.test(answer) ? undefined : 'Type the name of a secret: letters, digits, _.',
    },
    signal,
  );

/** A file that is to be changed or created. */
type Change = Omit<ChangedFile, 'before'> & { readonly before: string | null };

/** A job that installs devsetup needs it in package.json. */
const withManifest = async (
  { files, needsDevsetup }: Decoupling,
  place: { readonly root: string; readonly cwd: string; readonly version: string },
): Promise<readonly Change[]> => {
  if (!needsDevsetup) return files;
  const before = (await readTextFile(path.join(place.root, 'package.json'), place.root))?.text ?? null;
  const { action, after } = planPackageJson({ before, spec: await packageSpec(undefined, place), isAsked: false });
  return action === 'keep' ? files : [...files, { file: 'package.json', before, after }];
};

/** What a proposal changes that is not changed anyway. */
const beyond = (changes: readonly Change[], proposed: readonly Change[]): readonly Change[] => {
  const now = new Map(changes.map(({ file, after }) => [file, after]));
  return proposed
    .map((one) => ({ ...one, before: now.get(one.file) ?? one.before }))
    .filter(({ before, after }) => before !== after);
};

const showPlan = ({ moved }: Decoupling, changes: readonly Change[], { terminal, redact }: DecoupleRun): void => {
  const { stderr } = process;
  const text = { columns: stderr.isTTY ? stderr.columns : undefined, color: terminal.color(stderr), redact };
  const shown = changes.map(({ file, before, after }) => ({ name: file, before, after }));
  terminal.print(stderr, renderDecouplePlan(shown, moved, text));
};

const write = async (changes: readonly Change[], root: string): Promise<void> => {
  const read = new Map<string, TextFile | undefined>();
  for (const { file, before } of changes) {
    const found = await readTextFile(path.join(root, file), root);
    const now = found?.bytes.toString('utf8').replace(/^\uFEFF/, '');
    if (before !== null && now !== before && found?.text !== before) {
      throw new DevsetupError({
        code: 'DECOUPLE_WRITE_FAILED',
        message: `${file} has changed since it was read.`,
        hint: 'Nothing was changed. Run `npx devsetup decouple` again.',
      });
    }
    read.set(file, found);
  }
  const planned = changes.map(({ file, before, after }): PlannedFile => ({
    path: file,
    action: before === null ? 'create' : 'update',
    before,
    after,
    reason: null,
  }));
  await writeFiles(planned, {
    root,
    files: { read: readTextFile, write: writeTextFile },
    read,
    command: 'decouple',
    changeForm: () => Promise.resolve(null),
  });
};

const reportOf = (
  outcome: DecoupleReport['outcome'],
  { moved, left, settings, notes }: Decoupling,
  { changes, waiting }: { readonly changes: readonly Change[]; readonly waiting: readonly Change[] },
  {
    version,
    redact,
    root,
    install,
    secret,
    command,
  }: DecoupleRun & { readonly root: string; readonly install: string },
): DecoupleReport => {
  const hasManifest = changes.some(({ file }) => file === 'package.json');
  const fileOf = ({ file, before, after }: Change, isWaiting: boolean): DecoupleReport['files'][number] => ({
    path: file,
    action: before === null ? 'create' : 'update',
    written: outcome === 'done' && !isWaiting,
    needsSecret: isWaiting ? secret : null,
    diff: renderDiff({ name: file, before, after }, createPalette(false)).map(redact),
  });
  const isComplete = left.length === 0 && outcome !== 'declined';
  return {
    schemaVersion: DECOUPLE_REPORT_SCHEMA_VERSION,
    command: 'decouple',
    version,
    project: root,
    outcome,
    exitCode: outcome === 'interrupted' ? ExitCode.interrupted : isComplete ? ExitCode.done : ExitCode.failed,
    files: [...changes.map((one) => fileOf(one, false)), ...waiting.map((one) => fileOf(one, true))],
    moved,
    left: left.map(({ span, what, why, remedy }) => ({ ...span, what, why, remedy })),
    settings: settings.map(({ kind, name, environment }) => ({
      kind,
      name,
      environment,
      purpose: 'the settings need it, and no workflow sets it',
      command: `gh ${kind} set ${shellWord(name)}${environment === null ? '' : ` --env ${shellWord(environment)}`}`,
    })),
    notes,
    next: [
      ...(hasManifest && outcome !== 'unchanged' ? [install] : []),
      ...(secret === null ? [] : [`${command} --secret ${shellWord(secret)}`]),
      ...(outcome === 'done' ? ['npx devsetup audit'] : []),
    ],
  };
};
