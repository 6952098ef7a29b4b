import path from 'node:path';

import { STEP_IDS, type BuiltInStepId } from '../../core/step.ts';
import { classifyCommand } from './classify/classify-command.ts';
import { unknown, type Verdict } from './classify/verdict.ts';
import type { CheckoutCode } from './endings/checkout-code.ts';
import type { Ending } from './endings/ending.ts';
import { findEnding, NO_CODE, packageScript } from './endings/find-ending.ts';
import { shellTextOf, unwrapCommand } from './classify/unwrap-command.ts';
import { createLineMask } from './mask-line.ts';
import { cautionOf, idOf, offerStep } from './offer-step.ts';
import type { EnvCopy, OfferedSetting, ScriptCall, SetupScript, TakenOverLine, UnknownLine } from './setup-script.ts';
import { readShell } from '../../shell/plain/read-shell.ts';
import { CHECKOUT } from '../../shell/plain/scope.ts';
import type { ShellCommand, ShellScript } from '../../shell/plain/shell-command.ts';

export interface JudgeOptions {
  /** Relative to the root, with `/`. */
  readonly file: string;
  /** Where it is run, relative to the root. */
  readonly directory?: string;
  readonly workspaceFolder?: string | null;
  /** Of a Makefile or package.json. */
  readonly targets?: readonly string[] | null;
  /** What decides whether a command ends; by default its name alone. */
  readonly code?: CheckoutCode;
}

/** What of a script devsetup does, what it does not know, and what needs nothing. Pure. */
export const judgeScript = (text: string, options: JudgeOptions): SetupScript => {
  const script = readShell(text, options);
  const all = script.commands.flatMap((command) => inside(command, options, 0));
  const mask = createLineMask([...script.values, ...all.flatMap(({ values }) => values)]);
  const takenOver = new Map<string, TakenOverLine>();
  const left = new Map<string, UnknownLine>();
  const harmless = new Set<number>();
  const settings: OfferedSetting[] = [];
  const calls = new Map<string, ScriptCall>();
  const copies = new Map<string, EnvCopy>();
  const ids = new Set<string>(STEP_IDS);
  const exported = new Set(script.exports);
  let reached: BuiltInStepId = 'backend-dependencies';
  for (const { command } of all) {
    const { verdict: judged, ending } = withEnding(classifyCommand(command), command, options.code ?? NO_CODE);
    const copy = judged.kind === 'copies-env' ? placeCopy(judged, command, options.workspaceFolder ?? null) : undefined;
    const verdict = judged.kind === 'copies-env' && copy === undefined ? unknown('writes-files') : judged;
    if (copy !== undefined) copies.set(copy.to, copy);
    const { line, hidesErrors } = command;
    const shown = mask(command.text);
    const key = `${line}:${shown}`;
    if (verdict.kind === 'harmless' || verdict.kind === 'copies-env') harmless.add(line);
    if (verdict.kind === 'calls') {
      const file = locate(command.directory, verdict.file, options.workspaceFolder ?? null);
      calls.set(`${file}:${verdict.targets?.join() ?? ''}`, { file, targets: verdict.targets });
    }
    for (const { step, setting } of verdict.kind === 'taken-over' ? [verdict, ...(verdict.others ?? [])] : []) {
      takenOver.set(`${key}:${step}`, { line, text: shown, step, hidesErrors });
      if (STEP_IDS.indexOf(step) > STEP_IDS.indexOf(reached)) reached = step;
      if (setting !== undefined && !settings.some((other) => other.key.join('.') === setting.key.join('.')))
        settings.push(setting);
    }
    if (verdict.kind === 'taken-over') for (const name of command.variables) exported.add(name);
    // Of a line for another shell each command counts.
    const leftKey = `${key}:${command.words.join(' ')}`;
    if (verdict.kind !== 'unknown' || left.has(leftKey)) continue;
    const offered = offerStep(verdict, command, reached);
    const offer = offered === null ? null : { id: idOf(offered.title, ids), ...offered };
    if (offer !== null) ids.add(offer.id);
    left.set(leftKey, {
      line,
      text: shown,
      note: verdict.note,
      isBackground: command.isBackground,
      hidesErrors,
      offer,
      caution: offer === null ? null : cautionOf(verdict, command, ending),
    });
  }
  const known = new Set([...takenOver.values(), ...left.values()].map(({ line }) => line));
  return {
    file: options.file,
    targets: options.targets ?? null,
    takenOver: byLine([...takenOver.values()]),
    unknown: byLine([...left.values()]),
    harmless: [...harmless].filter((line) => !known.has(line)).toSorted((a, b) => a - b),
    settings,
    variables: [...exported],
    copies: [...copies.values()],
    calls: [...calls.values()],
    mistakes: script.mistakes,
  };
};

/** What does not end is nothing that a step could run. */
const withEnding = (
  verdict: Verdict,
  { directory }: ShellCommand,
  code: CheckoutCode,
): { readonly verdict: Verdict; readonly ending: Ending } => {
  if (verdict.kind !== 'unknown') return { verdict, ending: 'ends' };
  const { manage, command } = verdict;
  const called = command === undefined ? undefined : packageScriptThatSetsUp(command, directory ?? '.', code);
  if (called !== undefined) return { verdict: called, ending: 'ends' };
  if (manage === undefined && command === undefined) return { verdict, ending: 'ends' };
  const ending = findEnding({ directory, ...(manage === undefined ? { command: command ?? [] } : { manage }) }, code);
  return { verdict: ending === 'runs' ? unknown('keeps-running') : verdict, ending };
};

/** `npm run setup` where that script does what devsetup does; any other is a program. */
const packageScriptThatSetsUp = (
  words: readonly string[],
  directory: string,
  code: CheckoutCode,
): Verdict | undefined => {
  const [name = '', ...args] = words;
  const { folder, script } = /^(?:npm|pnpm|yarn|bun)$/.test(name) ? packageScript(args) : NO_SCRIPT;
  const text = script === null ? null : code.script(path.posix.join(directory, folder), script);
  // Without what it calls in turn: a script may call itself.
  const isOne = text !== null && judgeScript(text, { file: 'package.json', code: NO_CODE }).takenOver.length > 0;
  return isOne && script !== null
    ? { kind: 'calls', file: path.posix.join(folder, 'package.json'), targets: [script] }
    : undefined;
};

const NO_SCRIPT = { folder: '.', script: null };

interface Placed {
  readonly command: ShellCommand;
  readonly values: ShellScript['values'];
}

const DEEPEST = 4;
const CONTAINERS = /^(?:docker|podman)(?:-compose)?$/;

/** A command, or those it gives to another shell as text. */
const inside = (given: ShellCommand, options: JudgeOptions, depth: number): readonly Placed[] => {
  // Its folders are not those of this checkout.
  const command = given.words.slice(0, 4).some((word) => CONTAINERS.test(word)) ? { ...given, directory: null } : given;
  const text = shellTextOf(unwrapCommand(command.words));
  if (text === null || depth >= DEEPEST) return [{ command, values: [] }];
  const inner = readShell(text.replaceAll('\u0000', '"$UNKNOWN"'), { ...options, directory: command.directory ?? '.' });
  return inner.commands
    .map((found) => ({
      ...found,
      line: command.line,
      text: command.text,
      isConditional: command.isConditional || found.isConditional,
      isBackground: command.isBackground || found.isBackground,
      isUnsure: command.isUnsure || found.isUnsure,
      isRepeated: command.isRepeated || found.isRepeated,
      hidesErrors: command.hidesErrors || found.hidesErrors,
      ...(command.directory === null && { directory: null }),
    }))
    .flatMap((found) => inside(found, options, depth + 1))
    .map(({ command: found, values }) => ({ command: found, values: [...values, ...inner.values] }));
};

/** undefined: it is not known to be within the checkout. */
const placeCopy = (
  { from, to }: EnvCopy,
  { directory }: ShellCommand,
  workspaceFolder: string | null,
): EnvCopy | undefined => {
  const placed = [from, to].map((file) => path.posix.normalize(locate(directory, file, workspaceFolder)));
  const [source = '', target = ''] = placed;
  return directory === null || placed.some((file) => path.posix.isAbsolute(file) || file.startsWith('..'))
    ? undefined
    : { from: source, to: target };
};

/** Relative to the root where it lies in the checkout, else as it is written. */
const locate = (directory: string | null, file: string, workspaceFolder: string | null): string => {
  const from = workspaceFolder !== null && file.startsWith(`${workspaceFolder}/`) ? workspaceFolder : CHECKOUT;
  if (file.startsWith(`${from}/`)) return file.slice(from.length + 1);
  return path.posix.isAbsolute(file) || directory === null ? file : path.posix.join(directory, file);
};

const byLine = <T extends { readonly line: number }>(lines: readonly T[]): readonly T[] =>
  lines.toSorted((a, b) => a.line - b.line);
