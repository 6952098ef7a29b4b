import path from 'node:path';

import { shellWord } from '../../../core/shell-word.ts';
import { coveredFolders } from '../../../devcontainer/own-mounts.ts';
import type { DevContainer } from '../../../devcontainer/dev-container.ts';
import { findPath, findStart, isInCheckout, isPlain, type Start } from '../../../devcontainer/hooks/find-starts.ts';
import { askGitAbout, findNamesakes, type AskGit } from '../../../devcontainer/hooks/git-facts.ts';
import { ALL_HOOKS } from '../../../devcontainer/hooks/list-hooks.ts';
import type { HookRun, HookRuns } from '../../../devcontainer/hooks/run-hooks.ts';
import type { ShellCall } from '../../../shell/shell-run.ts';
import { judgeArrayForm } from './array-form.ts';
import { judgeEarlier } from './earlier-calls.ts';
import type { Fault } from './fault.ts';
import { readImageShells, type ImageShells } from './image-shells.ts';
import { isCertain } from './is-certain.ts';
import { judgeRunner } from './runner-faults.ts';
import { judgeScriptStart, type FoundScript } from './script-faults.ts';
import { findLineFault, findSyntaxFault, type ParseShell } from './syntax-faults.ts';

export interface StartFacts {
  readonly root: string;
  readonly git: AskGit;
  /** What a real shell says of a script or a text; null: there is no such shell. */
  readonly parse: ParseShell | null;
  readonly readFile: (name: string) => string | undefined;
  readonly inspect: (name: string) => FoundScript;
}

/** A command that does not start, with the hook it ends. */
export interface BrokenStart {
  readonly hook: HookRun;
  readonly call: ShellCall | null;
  readonly fault: Fault;
}

type Found = Pick<DevContainer, 'file' | 'name' | 'properties' | 'compose' | 'service'>;

/** Commands of hooks that cannot start, as far as that can be seen in the checkout. */
export const findBrokenStarts = async (
  found: Found,
  hookRuns: HookRuns,
  facts: StartFacts,
): Promise<readonly BrokenStart[]> => {
  const { runs, holes, workspace } = hookRuns;
  const image = await readImageShells(found, facts.root);
  const covered = coveredFolders(found, facts.root, workspace);
  const calls = runs.flatMap((hook, order) =>
    hook.run.calls.map((call, index) => ({ hook, call, before: before(runs, order, index) })),
  );
  const candidates = calls.filter(({ hook, call }) => {
    const own = hook.run.calls.slice(0, hook.run.calls.indexOf(call));
    return isCertain(call, own) && isInCheckout(call) && (call.fate.kind === 'fails' || call.fate.kind === 'unheeded');
  });
  const starts = candidates.map(({ call }) => findStart(call, holes));
  const files = [
    ...starts.flatMap((start) => (start === null ? [] : [start.file])),
    ...candidates.flatMap(({ call }) =>
      call.words[0]?.value === 'cd' ? [findPath(call, call.words[1]?.value ?? '', holes) ?? ''] : [],
    ),
  ].filter((file) => file !== '');
  const git = await askGitAbout([...new Set(files.flatMap((file) => [file, `${file}/x`]))], facts.git);
  const exists = (name: string): boolean => facts.inspect(name).kind !== 'missing';
  const isIgnored = (file: string): boolean => git.isIgnored(file) || git.isIgnored(`${file}/x`);

  const broken: BrokenStart[] = [];
  for (const hook of runs) {
    const { form } = hook.command;
    const fault =
      form.kind === 'words'
        ? judgeArrayForm(form.words, (name) => exists(path.posix.join(hook.directory ?? '', name)))
        : null;
    if (fault !== null) broken.push({ hook, call: null, fault });
  }
  const isBroken = (hook: HookRun): boolean => broken.some((other) => other.hook === hook && other.call === null);
  const textOf = ({ command: { form } }: HookRun, { span }: ShellCall): string =>
    span.file === found.name
      ? form.kind === 'line'
        ? form.text
        : form.words.map(shellWord).join(' ')
      : (facts.readFile(span.file) ?? '');
  for (const [at, { hook, call, before: all }] of candidates.entries()) {
    if (isBroken(hook)) continue;
    const isHost = hook.command.hook === 'initializeCommand';
    const earlier = judgeEarlier(all);
    const isMadeBefore = (file: string): boolean =>
      covered.some((folder) => !isHost && (file === folder || file.startsWith(`${folder}/`))) ||
      earlier.makes(file, exists);
    const start = starts[at] ?? null;
    if (start === null) {
      const fault =
        judgeRunner(call, {
          readFile: facts.readFile,
          exists,
          locate: (written) => findPath(call, written, holes),
          isMadeBefore,
          isIgnored,
        }) ??
        (isPlain(call, textOf(hook, call))
          ? await judgeName(call, found, { exists, image, git: facts.git, isHost })
          : null) ??
        (isHost || image === null || !image.shIsDash ? null : judgeDash(hook, call, image.name));
      if (fault !== null) broken.push({ hook, call, fault });
      continue;
    }
    if (start.by === 'direct' && !isPlain(call, textOf(hook, call))) continue;
    const script = facts.inspect(start.file);
    const name = path.posix.basename(start.file);
    const scriptFacts = {
      git,
      image: isHost ? null : image,
      isMadeBefore: isMadeBefore(start.file),
      isMadeExecutable: earlier.makesExecutable(start.file),
      changesLines: earlier.changesLines(start.file),
      namesakes: script.kind === 'missing' ? await findNamesakes(name, facts.git) : [],
      isWithoutShell:
        hook.command.form.kind === 'words' &&
        call.layers.length === 0 &&
        call.words.length === hook.command.form.words.length,
    };
    const faults = judgeScriptStart(start, script, scriptFacts);
    broken.push(...faults.map((fault) => ({ hook, call, fault })));
    if (faults.some(({ form }) => form?.make === 'unix-lines' || form?.make === 'no-mark') || isMadeBefore(start.file))
      continue;
    const syntax =
      script.text === undefined || !isShellScript(start, script.text)
        ? null
        : await findSyntaxFault(start, script.text, hook.run.faults, {
            parse: facts.parse,
            dashOf: isReadBySh(start, script.text) && !isHost && image?.shIsDash === true ? image.name : null,
          });
    if (syntax !== null) broken.push({ hook, call, fault: syntax });
    else if (start.by === 'sourced' && !isHost && image?.shIsDash === true && faults.length === 0) {
      const dash = judgeDash(hook, call, image.name);
      if (dash !== null) broken.push({ hook, call, fault: dash });
    }
  }
  for (const hook of runs) {
    const text = isBroken(hook) ? undefined : shellTextOf(hook);
    if (text === undefined) continue;
    const isLine = hook.command.form.kind === 'line' && hook.command.hook !== 'initializeCommand';
    const own = hook.run.faults.find(({ span }) => span.file === found.name);
    const dashOf = isLine && image?.shIsDash === true ? image.name : null;
    const fault = await findLineFault(text, own?.message ?? null, { parse: facts.parse, dashOf });
    if (fault !== null) broken.push({ hook, call: null, fault });
  }
  return unique(broken);
};

/** Hooks run one after the other; the commands of one hook that is an object, side by side. */
const before = (runs: readonly HookRun[], order: number, index: number): readonly ShellCall[] => {
  const here = runs[order];
  return runs.flatMap((other, at) => {
    if (other === here) return other.run.calls.slice(0, index);
    return ALL_HOOKS.indexOf(other.command.hook) < ALL_HOOKS.indexOf(here?.command.hook ?? 'initializeCommand') ||
      (at !== order && other.command.hook === here?.command.hook)
      ? other.run.calls
      : [];
  });
};

const isShellScript = (start: Start, text: string): boolean =>
  start.by === 'shell' || start.by === 'sourced'
    ? start.interpreter === null || /^(?:ba|da|a)?sh$/.test(start.interpreter)
    : start.by === 'direct' && /^#!.*\b(?:ba|da|a)?sh\b/.test(text);

/** What a hook gives to a shell. */
const shellTextOf = ({ command: { form } }: HookRun): string | undefined => {
  if (form.kind === 'line') return form.text;
  const at = form.words.findIndex((word) => /^-[a-z]*c$/.test(word));
  return at > 0 && /(?:^|\/)(?:ba|da)?sh$/.test(form.words[0] ?? '') ? form.words[at + 1] : undefined;
};

const isReadBySh = ({ by, interpreter }: Start, text: string): boolean =>
  interpreter === 'sh' || (by === 'direct' && /^#!\s*\/bin\/sh\s*$/m.test(text.split('\n', 1)[0] ?? ''));

interface NameFacts {
  readonly exists: (name: string) => boolean;
  readonly image: ImageShells | null;
  readonly git: AskGit;
  readonly isHost: boolean;
}

/** `setup.sh` without `./`, or without the folder it is in. */
const judgeName = async (
  { words, directory }: ShellCall,
  { properties }: Found,
  { exists, image, git, isHost }: NameFacts,
): Promise<Fault | null> => {
  const name = words[0]?.value ?? '';
  if (directory === null || !/^[\w.-]+\.(?:sh|bash|py)$/.test(name)) return null;
  if (['remoteEnv', 'containerEnv'].some((property) => 'PATH' in Object(properties[property]))) return null;
  const why = 'a name without / is searched for in the PATH only';
  if (exists(directory === '' ? name : `${directory}/${name}`)) {
    return { kind: 'script', subject: name, why, remedy: `Write ./${name}.` };
  }
  if (isHost || image?.bringsScripts !== false) return null;
  const [other] = await findNamesakes(name, git);
  return other === undefined
    ? null
    : {
        kind: 'script',
        subject: name,
        why,
        remedy: `Write the path of ${other}, as seen from the folder in which the hook runs.`,
      };
};

const ONLY_BASH = /^(?:source|pushd|popd|shopt)$/;

/** A hook that is a string is read by `/bin/sh`. */
const judgeDash = ({ command }: HookRun, call: ShellCall, image: string): Fault | null => {
  const name = call.words[0]?.value ?? '';
  if (command.form.kind !== 'line' || call.layers.length > 0 || !ONLY_BASH.test(name)) return null;
  return {
    kind: 'interpreter',
    subject: name,
    why: `hooks are read by /bin/sh, which is dash in the image ${image} and has no ${name}`,
    remedy:
      name === 'source'
        ? 'Write . for source.'
        : 'Write the hook as ["bash", "-c", "…"], or put it into a script for bash.',
  };
};

/** A script that several hooks start is reported once, for the first of them. */
const unique = (broken: readonly BrokenStart[]): readonly BrokenStart[] => {
  const keys = broken.map(({ fault }) => `${fault.subject} ${fault.why}`);
  return broken.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
};
