import { readJsonc } from '../../../project/read-jsonc.ts';
import { hasHole } from '../../../shell/holes.ts';
import { optionSet, optionValue, skipOptions } from '../../../shell/programs/options.ts';
import { baseName } from '../../../shell/programs/take-off.ts';
import type { ShellCall } from '../../../shell/shell-run.ts';
import type { Fault } from './fault.ts';

export interface RunnerFacts {
  readonly readFile: (name: string) => string | undefined;
  readonly exists: (name: string) => boolean;
  /** A path that the command names, relative to the root; null: not known. */
  readonly locate: (written: string) => string | null;
  /** Something that runs before may make a file of this name. */
  readonly isMadeBefore: (file: string) => boolean;
  readonly isIgnored: (file: string) => boolean;
}

/** `npm run x` without a script x, `make x` without a target x, `bash -c` without a command, `cd` to nowhere. null: nothing that is certain. */
export const judgeRunner = (call: ShellCall, facts: RunnerFacts): Fault | null => {
  const { words } = call;
  const name = baseName(words[0]?.value ?? '');
  if (words.some(({ value }) => hasHole(value) && !/^[\uE000-\uF8FE]\//.test(value))) return null;
  if (name === 'npm' || name === 'pnpm') return judgePackageScript(name, call, facts);
  if (name === 'make') return judgeMake(call, facts);
  if (name === 'cd') return judgeFolder(call, facts);
  if (
    /^(?:ba|da|z|k)?sh$/.test(name) &&
    words.length > 1 &&
    /^-[a-z]*c$/.test(words.at(-1)?.value ?? '') &&
    words.slice(1).every(({ value }) => value.startsWith('-'))
  ) {
    return {
      kind: 'runner',
      subject: words.map(({ value }) => value).join(' '),
      why: '-c needs the command as the next word',
      remedy: `Write the command, in quotes, after ${words.at(-1)?.value}.`,
    };
  }
  return null;
};

const NPM_VALUED = optionSet('--prefix -C --dir --cwd --loglevel --reporter');

const judgePackageScript = (name: string, { words, directory }: ShellCall, facts: RunnerFacts): Fault | null => {
  const at = skipOptions(words, 1, NPM_VALUED);
  const verb = words[at]?.value ?? '';
  const named = skipOptions(words, at + 1, NPM_VALUED);
  const script = verb === 'run' || verb === 'run-script' ? words[named]?.value : verb === 'test' ? 'test' : undefined;
  // Options decide which packages are meant, or that a missing script does not matter.
  const options = words.slice(1).map(({ value }) => value);
  if (
    script === undefined ||
    directory === null ||
    options.some((word) => /^(?:-w|-ws|-r|--workspaces?|--recursive|--filter|-F|--if-present)(?:=|$)/.test(word))
  )
    return null;
  const folder = optionValue(words, ['--prefix', '-C', '--dir', '--cwd'])?.word.value;
  const from = folder === undefined ? directory : facts.locate(folder);
  if (from === null) return null;
  const manifest = foldersUp(from)
    .map((each) => (each === '' ? 'package.json' : `${each}/package.json`))
    .find(facts.exists);
  const subject = `${name} ${verb === 'test' ? 'test' : `run ${script}`}`;
  if (manifest === undefined) {
    if (facts.isMadeBefore(from === '' ? 'package.json' : `${from}/package.json`)) return null;
    return {
      kind: 'runner',
      subject,
      why: `there is no package.json in ${from === '' ? 'the root of the checkout' : from}, nor above it`,
      remedy: 'Let the hook change into the folder of package.json first.',
    };
  }
  const text = facts.readFile(manifest);
  const { value, mistakes } = readJsonc(text ?? '');
  if (text === undefined || mistakes.length > 0 || typeof value !== 'object' || value === null) return null;
  const scripts = (value as { readonly scripts?: unknown }).scripts ?? {};
  if (typeof scripts !== 'object' || scripts === null || script in scripts || facts.isMadeBefore(manifest)) return null;
  const names = Object.keys(scripts);
  return {
    kind: 'runner',
    subject,
    why: `${manifest} has no script ${script}${names.length === 0 ? '' : ` (it has ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''})`}`,
    remedy: `Add the script ${script} to ${manifest}, or name one that it has.`,
    place: { file: manifest, line: null, column: null },
  };
};

/** A folder and those above it up to the root of the checkout. */
const foldersUp = (folder: string): readonly string[] => {
  const parts = folder === '' ? [] : folder.split('/');
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('/')), ''];
};

const MAKE_VALUED = optionSet('-C --directory -f --file --makefile -j --jobs -I -o -W');
const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'];

const judgeMake = ({ words, directory }: ShellCall, facts: RunnerFacts): Fault | null => {
  if (directory === null) return null;
  const folder = optionValue(words, ['-C', '--directory'])?.word.value;
  const named = optionValue(words, ['-f', '--file', '--makefile'])?.word.value;
  const from = folder === undefined ? directory : facts.locate(folder);
  if (from === null || (folder !== undefined && named !== undefined)) return null;
  const below = (name: string): string => (from === '' ? name : `${from}/${name}`);
  const candidates = named === undefined ? MAKEFILES.map(below) : [facts.locate(named) ?? ''];
  const makefile = candidates.find(facts.exists);
  const targets = targetsOf(words);
  const [wanted] = targets;
  const subject = ['make', ...targets].join(' ');
  if (makefile === undefined) {
    if (candidates.some(facts.isMadeBefore) || targets.some((target) => isBuiltByRule(target, below, facts)))
      return null;
    return {
      kind: 'runner',
      subject,
      why: `there is no ${named ?? 'Makefile'} in ${from === '' ? 'the root of the checkout' : from}`,
      remedy: 'Let the hook change into the folder of the Makefile first, or name it with -f.',
    };
  }
  const text = facts.readFile(makefile);
  if (text === undefined || wanted === undefined || facts.isMadeBefore(makefile)) return null;
  const known = makeTargets(text);
  const missing =
    known === null ? undefined : targets.find((target) => !known.has(target) && !isBuiltByRule(target, below, facts));
  if (known === null || missing === undefined) return null;
  const names = [...known].filter((target) => /^\w/.test(target));
  return {
    kind: 'runner',
    subject: `make ${missing}`,
    why: `${makefile} has no target ${missing}${names.length === 0 ? '' : ` (it has ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''})`}`,
    remedy: `Add the target ${missing} to ${makefile}, or name one that it has.`,
    place: { file: makefile, line: null, column: null },
  };
};

const targetsOf = (words: ShellCall['words']): readonly string[] => {
  const targets: string[] = [];
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at]?.value ?? '';
    if (word.startsWith('-')) at += MAKE_VALUED.has(word) ? 1 : 0;
    else if (!/^\w+[:+?]?=/.test(word)) targets.push(word);
  }
  return targets;
};

/** A file that is there needs no rule, and make builds some by rules of its own: `x` of `x.c` or `x.sh`. */
const isBuiltByRule = (target: string, below: (name: string) => string, { exists }: RunnerFacts): boolean =>
  exists(below(target)) ||
  ['.sh', '.c', '.cc', '.cpp', '.o', '.f', '.p', '.r', '.s'].some((end) => exists(below(target + end)));

/** The targets of a Makefile; null: some are made by patterns, variables, or files that it includes. */
const makeTargets = (text: string): ReadonlySet<string> | null => {
  const targets = new Set<string>();
  for (const line of text.replaceAll('\\\n', ' ').split(/\r?\n/)) {
    if (/^\s*(?:-?include|sinclude|define)\b|\$\(?\{?(?:eval|call)\b/.test(line)) return null;
    if (line.startsWith('\t') || /^\s*#/.test(line)) continue;
    const [, names] = /^([^:=#]+?)\s*(?:::?(?![:=])|&:)/.exec(line) ?? [];
    if (names === undefined) continue;
    if (/[%$]|\.DEFAULT\b/.test(names)) return null;
    for (const name of names.trim().split(/\s+/)) targets.add(name);
  }
  return targets;
};

const judgeFolder = ({ words, directory }: ShellCall, facts: RunnerFacts): Fault | null => {
  const written = words.slice(1).find(({ value }) => !/^-./.test(value))?.value;
  if (written === undefined || written === '-' || directory === null) return null;
  // The folder is where the shell was before.
  const folder = facts.locate(written);
  if (folder === null || folder === '' || facts.exists(folder) || facts.isMadeBefore(folder) || facts.isIgnored(folder))
    return null;
  return {
    kind: 'folder',
    subject: `cd ${folder}`,
    why: `the checkout has no folder ${folder}`,
    remedy: `Name a folder that exists, as seen from ${directory === '' ? 'the root of the checkout' : directory}.`,
  };
};
