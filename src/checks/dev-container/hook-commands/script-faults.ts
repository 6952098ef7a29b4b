import path from 'node:path';

import type { GitFacts } from '../../../devcontainer/hooks/git-facts.ts';
import type { Start } from '../../../devcontainer/hooks/find-starts.ts';
import { formCommands } from '../../../project/change-form.ts';
import { baseName } from '../../../shell/programs/take-off.ts';
import type { Fault } from './fault.ts';
import type { ImageShells } from './image-shells.ts';

/** What is at a path of the checkout. */
export interface FoundScript {
  readonly kind: 'file' | 'folder' | 'broken-link' | 'missing';
  /** undefined: it cannot be read as text. */
  readonly text: string | undefined;
  readonly isLink: boolean;
  /** null: this machine has no such permission. */
  readonly isExecutable: boolean | null;
}

export interface ScriptFacts {
  readonly git: GitFacts;
  /** null: not known, or it is started on the host. */
  readonly image: ImageShells | null;
  /** Something that runs before it makes it, or may do so. */
  readonly isMadeBefore: boolean;
  /** `chmod` runs before it, on this file or on what it may be among. */
  readonly isMadeExecutable: boolean;
  /** Something that runs before it may change its line ends. */
  readonly changesLines: boolean;
  /** Files of the same name in the checkout. */
  readonly namesakes: readonly string[];
  /** It is the command of a hook in the form of a list. */
  readonly isWithoutShell: boolean;
}

const LFS = 'version https://git-lfs.github.com/spec/v1';

/** Why a script of the checkout does not start. [] where nothing is certain. */
export const judgeScriptStart = (start: Start, found: FoundScript, facts: ScriptFacts): readonly Fault[] => {
  const gone = judgePresence(start, found, facts);
  if (gone !== null) return [gone];
  const { text } = found;
  if (found.kind !== 'file' || text === undefined) return [];
  const faults = [
    start.by === 'direct' ? judgeMode(start, found, facts) : null,
    start.by === 'program' ? null : judgeLineEnds(start, text, facts),
    start.by === 'direct' ? judgeFirstLine(start, text, facts) : null,
    start.by === 'shell' && facts.image?.lacks(start.interpreter ?? '') === true
      ? {
          kind: 'interpreter' as const,
          subject: start.written,
          why: `the image ${facts.image.name} has no ${start.interpreter}`,
          remedy: `Call it with sh, or install ${start.interpreter} in the image.`,
        }
      : null,
  ];
  return faults.filter((fault) => fault !== null);
};

const fault = ({ written }: Start, why: string, remedy: string, more: Partial<Fault> = {}): Fault => ({
  kind: 'script',
  subject: written,
  why,
  remedy,
  ...more,
});

const judgePresence = (start: Start, { kind, text, isLink }: FoundScript, facts: ScriptFacts): Fault | null => {
  const { file, by } = start;
  const { git, isMadeBefore, namesakes } = facts;
  const submodule = git.submoduleOf(file);
  if (kind === 'broken-link')
    return isMadeBefore
      ? null
      : fault(
          start,
          'it is a link to a file that does not exist',
          `Replace the link ${file}, or create what it leads to.`,
        );
  if (kind === 'missing') {
    if (isMadeBefore) return null;
    if (submodule !== undefined) {
      return fault(
        start,
        `it lies in the submodule ${submodule}, which is not checked out`,
        `Check out the submodule ${submodule}.`,
        { command: 'git submodule update --init' },
      );
    }
    // Tools make what git ignores, e.g. an environment of Python.
    if (git.isIgnored(file)) return null;
    const others = namesakes.filter((name) => name !== file);
    const [other] = others;
    return fault(
      start,
      other === undefined
        ? `${file} does not exist in the checkout`
        : `${file} does not exist; the checkout has ${others.slice(0, 3).join(', ')}`,
      other === undefined || others.length > 1
        ? 'Name a script that exists, as seen from the folder in which the hook runs.'
        : `Write ${other}, as seen from the folder in which the hook runs.`,
    );
  }
  if (kind === 'folder')
    return by === 'direct' ? fault(start, 'it is a folder', 'Name the script that is meant.') : null;
  if (text === undefined) return null;
  if (text.startsWith(LFS)) {
    return fault(
      start,
      'it is the pointer that Git LFS leaves where the file was not downloaded',
      'Download the file, or take it out of Git LFS.',
      { command: 'git lfs pull' },
    );
  }
  if (git.modeOf(file) === '120000' && !isLink && !text.includes('\n')) {
    return fault(
      start,
      'it is a link in git, and a text with the name of its target here',
      `Write ${text} instead of the link, or let git create links (core.symlinks).`,
    );
  }
  if (
    git.modeOf(file) === undefined &&
    git.isIgnored(file) &&
    !isMadeBefore &&
    !/(?:^|\/)(?:node_modules|\.?v?env|bin|build|dist|target|vendor)\//.test(file)
  ) {
    return fault(
      start,
      'git ignores it, so it exists on this machine only',
      `Let git have it: take ${file} out of .gitignore and commit it.`,
    );
  }
  return null;
};

const judgeMode = (
  start: Start,
  { isExecutable }: FoundScript,
  { git, isMadeExecutable }: ScriptFacts,
): Fault | null => {
  const { file } = start;
  const mode = git.modeOf(file);
  const isRightInGit = mode === undefined || mode !== '100644';
  if (isMadeExecutable || isExecutable === null || (isExecutable && isRightInGit)) return null;
  const why = isExecutable
    ? 'it is executable on this machine, but not in git (mode 100644), and so in no other clone and no codespace'
    : isRightInGit
      ? 'it is not executable'
      : 'it is not executable, neither here nor in git (mode 100644)';
  return fault(start, why, `Make ${file} executable, also in git.`, {
    command: formCommands(file, 'executable')
      .slice(0, isRightInGit ? 1 : 2)
      .join(' && '),
    form: { file, make: 'executable' },
  });
};

const judgeLineEnds = (start: Start, text: string, { git, changesLines }: ScriptFacts): Fault | null => {
  const { file } = start;
  if (changesLines) return null;
  const isDirect = start.by === 'direct' && /^#![^\n]*\r\n/.test(text);
  if (isDirect || (hasCrlf(text) && (start.by !== 'direct' || /^#![^\n]*sh\b/.test(text)))) {
    const why = isDirect ? 'Linux takes the CR as part of the name of its interpreter' : CR_IN_WORDS;
    return fault(start, `its lines end with CRLF, and ${why}`, `Store ${file} with LF line ends.`, {
      form: { file, make: 'unix-lines' },
    });
  }
  if (!git.writesCrlf(file) || git.modeOf(file) === undefined) return null;
  return fault(
    start,
    `git writes it with CRLF line ends at the next checkout, and ${CR_IN_WORDS}`,
    `Add the line "${attributeLine(file)}" to .gitattributes.`,
    { attribute: file },
  );
};

const CR_IN_WORDS = 'the shell takes the CR as part of the last word of each line';

const hasCrlf = (text: string): boolean =>
  text.split('\n').some((line) => line.endsWith('\r') && !/^\s*(?:#(?!!).*)?$/.test(line));

export const attributeLine = (file: string): string => `${/\s/.test(file) ? `"${file}"` : `/${file}`} text eol=lf`;

const judgeFirstLine = (start: Start, text: string, { image, isWithoutShell }: ScriptFacts): Fault | null => {
  const { file } = start;
  if (text.startsWith('\uFEFF#!')) {
    return fault(
      start,
      'it starts with a byte order mark, so its first line names no interpreter',
      `Store ${file} without a byte order mark.`,
      {
        form: { file, make: 'no-mark' },
      },
    );
  }
  const [line = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1);
  if (!line.startsWith('#!')) {
    if (text.includes('\0') || text.startsWith('\u007FELF') || text.trim() === '') return null;
    if (/\.(?:py|js|mjs|rb|pl)$/.test(file)) {
      return fault(
        start,
        'its first line names no interpreter (#!), so a shell reads it',
        `Call it with its interpreter, or start ${file} with a #! line.`,
      );
    }
    return isWithoutShell
      ? fault(
          start,
          'its first line names no interpreter (#!), and there is no shell that would read it',
          `Start ${file} with #!/bin/sh or #!/usr/bin/env bash.`,
        )
      : null;
  }
  const [interpreter = '', ...args] = line.slice(2).trim().split(/\s+/);
  const wrong = judgeInterpreter(interpreter, args, image);
  return wrong === null ? null : { ...fault(start, wrong.why, wrong.remedy), kind: 'interpreter' };
};

const judgeInterpreter = (
  interpreter: string,
  args: readonly string[],
  image: ImageShells | null,
): Pick<Fault, 'why' | 'remedy'> | null => {
  const program = args.find((word) => word !== '-S') ?? '';
  if (baseName(interpreter) === 'env') {
    if (args.length > 1 && args[0]?.startsWith('-') === false && !args[0].includes('=')) {
      return {
        why: `Linux gives env "${args.join(' ')}" as the name of one program`,
        remedy: `Write #!/usr/bin/env -S ${args.join(' ')} as its first line.`,
      };
    }
    return image?.lacks(program) === true
      ? {
          why: `the image ${image.name} has no ${program}`,
          remedy: `Install ${program} in the image, or write the script for sh.`,
        }
      : null;
  }
  if (!path.posix.isAbsolute(interpreter)) {
    return {
      why: `its first line names ${interpreter === '' ? 'no interpreter' : `${interpreter}, which is no absolute path`}`,
      remedy: 'Write the full path of the interpreter, e.g. #!/usr/bin/env bash.',
    };
  }
  if (interpreter.startsWith('/opt/homebrew/')) {
    return {
      why: `its first line names ${interpreter}, which only macOS has`,
      remedy: `Write #!/usr/bin/env ${baseName(interpreter)} as its first line.`,
    };
  }
  const name = baseName(interpreter);
  return image?.lacks(name) === true
    ? {
        why: `the image ${image.name} has no ${name}`,
        remedy: `Install ${name} in the image, or write the script for sh.`,
      }
    : null;
};
