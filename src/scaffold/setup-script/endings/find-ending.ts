import path from 'node:path';

import { readShell } from '../../../shell/plain/read-shell.ts';
import { isStatic } from '../../../shell/plain/scope.ts';
import { unwrapCommand } from '../classify/unwrap-command.ts';
import type { CheckoutCode, PythonCode } from './checkout-code.ts';
import { together, type Ending, type Runnable } from './ending.ts';
import { endingByName } from './management-names.ts';
import { endingByWords, endingOfModule, isRunningScript } from './program-names.ts';
import { definitionsOf, readPython } from './read-python.ts';

/** Where nothing of the checkout can be read, names decide. */
export const NO_CODE: CheckoutCode = { manage: () => [], file: () => null, script: () => null, module: () => null };

const DEEPEST = 5;

/** Whether a command ends: by its name, else by what its source in the checkout does and calls. Runs nothing. */
export const findEnding = (runnable: Runnable, code: CheckoutCode, depth = 0): Ending => {
  if (depth > DEEPEST) return 'unknown';
  return 'manage' in runnable
    ? ofManage(runnable.manage, code, depth)
    : ofCommand(unwrapCommand(runnable.command), runnable.directory ?? '.', code, depth);
};

const ofManage = (words: readonly string[], code: CheckoutCode, depth: number): Ending => {
  const [name = '', ...rest] = words;
  if (name === 'tenant_command' || name === 'all_tenants_command') return ofManage(rest, code, depth);
  const byName = endingByName(name);
  if (byName === 'runs') return 'runs';
  const sources = code.manage(name);
  if (sources.length === 0) return byName ?? 'unknown';
  const bySource = together(sources.map((source) => ofPython(source, code, depth)));
  return bySource === 'ends' && byName === 'unknown' ? 'unknown' : bySource;
};

/** What it calls and imports from the checkout counts as its own. */
const ofPython = ({ text, folder }: PythonCode, code: CheckoutCode, depth: number): Ending => {
  if (depth > DEEPEST) return 'unknown';
  const signs = readPython(text);
  if (signs.runs) return 'runs';
  const next = depth + 1;
  return together([
    signs.isOpen ? 'unknown' : 'ends',
    ...signs.manage.map((name) => findEnding({ manage: [name], directory: null }, code, next)),
    ...signs.programs.map((words) => findEnding({ command: words, directory: '.' }, code, next)),
    ...signs.imports.map(({ module, names }) => {
      const found = code.module(module, folder);
      const part = found === null ? '' : definitionsOf(found.text, names);
      return found === null || part === '' ? 'ends' : ofPython({ ...found, text: part }, code, next);
    }),
  ]);
};

const ofCommand = (words: readonly string[], directory: string, code: CheckoutCode, depth: number): Ending => {
  const [first = '', ...args] = words;
  const name = path.posix.basename(first);
  if (/^(?:npx|pnpx|bunx)$/.test(name)) return ofCommand(behindFlags(args), directory, code, depth + 1);
  if (/^(?:python|pypy|py)[\d.]*$/.test(name)) return ofInterpreter(args, directory, code, depth);
  if (name === 'manage.py' || name === 'django-admin') return ofManage(behindFlags(args), code, depth);
  if (/^(?:npm|pnpm|yarn|bun)$/.test(name)) return ofPackageScript(args, directory, code, depth);
  const byWords = endingByWords(words);
  if (byWords !== null) return byWords;
  return first.endsWith('.py') ? ofFile(first, directory, code, depth) : 'unknown';
};

const behindFlags = (args: readonly string[]): readonly string[] => {
  const at = args.findIndex((arg) => !arg.startsWith('-'));
  return at === -1 ? [] : args.slice(at);
};

const ofInterpreter = (args: readonly string[], directory: string, code: CheckoutCode, depth: number): Ending => {
  const [first = '', ...rest] = args.filter((arg, index) => index > 0 || !/^-[BEIOPqsSuv]+$/.test(arg));
  if (first === '-m') {
    const [module = '', ...words] = rest;
    const known = endingOfModule(module);
    if (known !== null) return known;
    if (module === 'manage' || module === 'django') return ofManage(words, code, depth);
    const found = code.module(module, directory);
    return found === null ? 'unknown' : ofPython(found, code, depth + 1);
  }
  if (first === '-c') return ofPython({ text: rest[0] ?? '', folder: directory }, code, depth + 1);
  if (path.posix.basename(first) === 'manage.py') return ofManage(behindFlags(rest), code, depth);
  return ofFile(first, directory, code, depth);
};

const ofFile = (file: string, directory: string, code: CheckoutCode, depth: number): Ending => {
  const text = isStatic(file) && file !== '' ? code.file(path.posix.join(directory, file)) : null;
  return text === null
    ? 'unknown'
    : ofPython({ text, folder: path.posix.dirname(path.posix.join(directory, file)) }, code, depth + 1);
};

const ofPackageScript = (args: readonly string[], directory: string, code: CheckoutCode, depth: number): Ending => {
  const { folder, script } = packageScript(args);
  if (script === null) return 'unknown';
  if (isRunningScript(script)) return 'runs';
  const text = code.script(path.posix.join(directory, folder), script);
  if (text === null || depth > DEEPEST) return 'unknown';
  const at = path.posix.join(directory, folder);
  const { commands } = readShell(text, { file: 'package.json', directory: at });
  return together(commands.map(({ words }) => ofCommand(unwrapCommand(words), at, code, depth + 1)));
};

const FOLDER = /^(?:--prefix|--cwd|--dir|-C)$/;

/** `--prefix web run build` → the script `build` of the folder `web`; null: another verb. */
export const packageScript = (args: readonly string[]): { readonly folder: string; readonly script: string | null } => {
  const at = args.findIndex((arg) => FOLDER.test(arg));
  const folder = at === -1 ? '.' : (args[at + 1] ?? '.');
  const [verb = '', named] = args.filter((arg, index) => !arg.startsWith('-') && !FOLDER.test(args[index - 1] ?? ''));
  const script = /^(?:run|run-script)$/.test(verb) ? (named ?? null) : verb === '' ? null : verb;
  return { folder, script };
};
