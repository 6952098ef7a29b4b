import { shellWord } from '../core/shell-word.ts';
import path from 'node:path';

import { findProjectFacts } from '../audit/find-project-facts.ts';
import type { AuditInput, AuditResult } from '../audit/judge-audit.ts';
import type { AuditedCheckout } from '../audit/report-audit.ts';
import { runAudit } from '../audit/run-audit.ts';
import { parseBaseline, type Baseline } from '../audit/suppress/baseline.ts';
import { loadConfig } from '../config/load-config.ts';
import { usageError } from '../core/errors.ts';
import type { RuleId } from '../core/rule-ids.ts';
import { readText } from '../project/open-checkout.ts';
import { readAuditInputs, type AuditInputs, type InputOptions } from './audit-inputs.ts';

export interface LookOptions extends Omit<InputOptions, 'command'> {
  /** `--config` */
  readonly config?: string | undefined;
  /** `--baseline` */
  readonly baseline?: string | undefined;
  readonly rules: ReadonlySet<RuleId>;
  /** A baseline that is not there yet is about to be written. */
  readonly writesBaseline: boolean;
}

export interface Look extends AuditedCheckout {
  readonly root: string;
  /** Absolute; null: neither flag nor configuration names one. */
  readonly baselineFile: string | null;
  /** The checkout it must be in, where the configuration names it; the command line may name any file. */
  readonly baselineWithin: string | undefined;
  readonly baseline: Baseline;
  readonly result: AuditResult;
}

/**
 * Reads and audits everything that is meant, a checkout at a time.
 *
 * @throws usage errors of inputs, configuration and baseline
 */
export const lookAtWorkflows = async (options: LookOptions): Promise<readonly Look[]> => {
  const looks: Look[] = [];
  for (const inputs of readAuditInputs({ ...options, command: 'audit' })) looks.push(await lookAt(inputs, options));
  return looks;
};

const NOTHING_KNOWN: Baseline = new Map();

const lookAt = async (inputs: AuditInputs, options: LookOptions): Promise<Look> => {
  const { cwd, config: file, rules } = options;
  const { root } = inputs.checkout;
  const { audit: config } = await loadConfig({
    root,
    ...(file === undefined ? {} : { file: path.resolve(cwd, file) }),
  });
  const named = options.baseline === undefined ? undefined : path.resolve(cwd, options.baseline);
  const baselineFile = named ?? (config.baseline === null ? null : path.resolve(root, config.baseline));
  const baselineWithin = named === undefined ? root : undefined;
  const baseline =
    baselineFile === null
      ? NOTHING_KNOWN
      : readBaseline(baselineFile, cwd, { within: baselineWithin, mayBeMissing: options.writesBaseline });
  const result = runAudit({ ...inputOf(inputs), config, rules, baseline });
  const files = [...inputs.files, ...inputs.unreadable].map((one) => one.path);
  return {
    root,
    files,
    result,
    baselineFile,
    baselineWithin,
    baseline,
    show: (one) => shownFrom(cwd, path.join(root, one)),
  };
};

const inputOf = ({
  checkout,
  isProject,
  files,
  unreadable,
}: AuditInputs): Pick<AuditInput, 'files' | 'unreadable' | 'readFile' | 'project'> => ({
  files,
  unreadable,
  readFile: checkout.readFile,
  project: isProject
    ? findProjectFacts(checkout.listFiles(), checkout.readFile)
    : // Workflows of many projects may lie side by side: what lies beside one says nothing about it.
      { isDjango: null, hasTenants: null },
});

const readBaseline = (
  file: string,
  cwd: string,
  { within, mayBeMissing }: { readonly within: string | undefined; readonly mayBeMissing: boolean },
): Baseline => {
  const name = shownFrom(cwd, file);
  const found = readText(file, within);
  if (found.kind === 'text') return parseBaseline(name, found.text);
  if (mayBeMissing) return NOTHING_KNOWN;
  throw usageError({
    code: 'BASELINE_MISSING',
    message: `The baseline ${name} cannot be read: ${found.reason}.`,
    hint: `Write it: \`npx devsetup audit --baseline ${shellWord(name)} --write-baseline\`.`,
  });
};

/** Below the working directory as people type it, with `/`; elsewhere absolute. */
const shownFrom = (cwd: string, file: string): string => {
  const relative = path.relative(cwd, file);
  return (relative.startsWith('..') || path.isAbsolute(relative) ? file : relative).split(path.sep).join('/');
};
