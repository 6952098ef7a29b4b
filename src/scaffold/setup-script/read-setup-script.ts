import path from 'node:path';

import { findText, isInside, shown } from '../../project/files.ts';
import type { CheckoutCode } from './endings/checkout-code.ts';
import { NO_CODE } from './endings/find-ending.ts';
import { judgeScript } from './judge-script.ts';
import { readMakefile } from './read-makefile.ts';
import type { ScriptCall, SetupScript } from './setup-script.ts';

const MOST_CHARACTERS = 200_000;
const MOST_FILES = 20;

export interface ReadScriptOptions {
  readonly root: string;
  readonly workspaceFolder: string | null;
  readonly code?: CheckoutCode;
}

/** Reads one script of the checkout; undefined: there is none of that name, or it is no shell script. Never runs anything. */
export const readSetupScript = async (
  { file, targets }: ScriptCall,
  { root, workspaceFolder, code = NO_CODE }: ReadScriptOptions,
): Promise<SetupScript | undefined> => {
  const absolute = path.resolve(root, file);
  const text = isInside(root, absolute) ? await findText(absolute) : undefined;
  if (text === undefined) return undefined;
  const name = shown(root, absolute).split(path.sep).join('/');
  if (/^(?:GNUm|M|m)akefile$|\.mk$/.test(path.basename(name))) return judgeMakefile(text, name, targets, code);
  if (path.basename(name) === 'package.json') return judgePackage(text, name, targets ?? [], code);
  if (!isShell(text, name)) return undefined;
  return judgeScript(text.slice(0, MOST_CHARACTERS).replaceAll('\r\n', '\n'), { file: name, workspaceFolder, code });
};

/** By its first line, else by its name. */
const isShell = (text: string, name: string): boolean => {
  if (text.includes('\u0000')) return false;
  const [, interpreter] = /^#!\s*(\S+(?:[ \t]+\S+)?)/.exec(text) ?? [];
  return interpreter === undefined
    ? /\.(?:sh|bash)$|^[^.]+$/.test(path.basename(name))
    : /\b(?:ba|da|z|k|a)?sh\b/.test(interpreter);
};

const judgeMakefile = (
  text: string,
  file: string,
  targets: readonly string[] | null,
  code: CheckoutCode,
): SetupScript | undefined => {
  const recipes = readMakefile(text.slice(0, MOST_CHARACTERS), targets);
  if (recipes.lines.length === 0) return undefined;
  const judged = judgeScript(recipes.text, { file, code, targets });
  return placedAt(judged, (line) => recipes.lines[line - 1] ?? line);
};

/** A script of package.json stands in one line of it. */
const judgePackage = (
  text: string,
  file: string,
  targets: readonly string[],
  code: CheckoutCode,
): SetupScript | undefined => {
  const directory = path.posix.dirname(file);
  const [name = ''] = targets;
  const script = code.script(directory, name);
  if (script === null) return undefined;
  const at = text.split('\n').findIndex((line) => line.includes(`${JSON.stringify(name)}:`)) + 1;
  return placedAt(judgeScript(script, { file, directory, code, targets }), () => Math.max(at, 1));
};

export const placedAt = (judged: SetupScript, lineOf: (line: number) => number): SetupScript => {
  const placed = <T extends { readonly line: number }>(lines: readonly T[]): readonly T[] =>
    lines.map((found) => ({ ...found, line: lineOf(found.line) }));
  return {
    ...judged,
    takenOver: placed(judged.takenOver),
    unknown: placed(judged.unknown),
    harmless: judged.harmless.map(lineOf),
    mistakes: judged.mistakes.map(lineOf),
  };
};

/** These scripts, and those that they run, each once; what cannot be read is left out, and named in `missing`. */
export const readCalledScripts = async (
  calls: readonly ScriptCall[],
  options: ReadScriptOptions,
): Promise<{ readonly scripts: readonly SetupScript[]; readonly missing: readonly string[] }> => {
  const scripts: SetupScript[] = [];
  const missing: string[] = [];
  const seen = new Set<string>();
  const open = [...calls];
  for (let call = open.shift(); call !== undefined && seen.size < MOST_FILES; call = open.shift()) {
    const key = `${path.normalize(call.file)}:${call.targets?.join() ?? ''}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const script = await readSetupScript(call, options);
    if (script === undefined) {
      missing.push(call.file);
      continue;
    }
    scripts.push(script);
    open.push(...script.calls);
  }
  return { scripts, missing };
};
