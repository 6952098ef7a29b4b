import path from 'node:path';

import { hasHole } from '../../../shell/holes.ts';
import { baseName } from '../../../shell/programs/take-off.ts';
import type { ShellCall } from '../../../shell/shell-run.ts';

/** What commands that run before may have done to a file of the checkout. Where it is not certain, they may have. */
export interface Earlier {
  readonly makes: (file: string, exists: (name: string) => boolean) => boolean;
  readonly makesExecutable: (file: string) => boolean;
  readonly changesLines: (file: string) => boolean;
}

export const judgeEarlier = (calls: readonly ShellCall[]): Earlier => {
  const wordsOf = (call: ShellCall): readonly string[] => call.words.map(({ value }) => value);
  const allOf = (call: ShellCall): string =>
    [...wordsOf(call), call.outputTo ?? '', call.input?.value ?? ''].join('\n');
  return {
    makes: (file, exists) => {
      const name = firstMissing(file, exists);
      return calls.some((call) => allOf(call).includes(name) || mayMakeAnything(wordsOf(call)));
    },
    makesExecutable: (file) =>
      calls.some((call) => {
        const words = wordsOf(call);
        const at = words.findIndex((word) => baseName(word) === 'chmod');
        const named = words.slice(at + 1).filter((word) => !/^(?:-|\+|[ugoa]*[+=]|\d+$)/.test(word));
        return (
          at >= 0 &&
          (named.length === 0 ||
            named.some(
              (word) => hasHole(word) || /[*?{]/.test(word) || path.posix.basename(word) === path.posix.basename(file),
            ) ||
            words.some((word) => /^-[a-zA-Z]*R/.test(word)))
        );
      }),
    changesLines: (file) =>
      calls.some((call) => {
        const all = allOf(call);
        return (
          /dos2unix|fromdos|\\r|autocrlf/.test(all) ||
          (call.words[0]?.value === 'sed' && all.includes(path.posix.basename(file)))
        );
      }),
  };
};

/** The name of the part of a path that is not there yet: whatever makes the file has to name it. */
const firstMissing = (file: string, exists: (name: string) => boolean): string => {
  const parts = file.split('/');
  const at = parts.findIndex((_, index) => !exists(parts.slice(0, index + 1).join('/')));
  return parts[at] ?? parts.at(-1) ?? file;
};

/** Unpacks, fetches or copies what it does not name, or is a program of the image that nothing is known of. */
const mayMakeAnything = ([program = '', ...args]: readonly string[]): boolean => {
  const name = baseName(program);
  if (hasHole(program)) return true;
  if (name === 'git')
    return args.some((word) =>
      /^(?:clone|submodule|checkout|switch|restore|reset|pull|merge|lfs|worktree|sparse-checkout|stash|apply)$/.test(
        word,
      ),
    );
  if (/^(?:cp|mv|rsync|ln|install)$/.test(name))
    return args.some((word) => /^(?:\.\/?|.*\/\.)$|[*]/.test(word) || hasHole(word));
  if (/^(?:docker|podman|docker-compose|nerdctl)$/.test(name))
    return args.some((word) => /^(?:run|exec|up|cp)$/.test(word));
  return (
    /^(?:tar|unzip|7z|bsdtar|wget|curl|aria2c|gh|glab|svn|hg|cookiecutter|copier|degit|repo|west|vcs|patch|chezmoi|ansible(?:-playbook)?|nix|devbox|terraform)$/.test(
      name,
    ) ||
    (program.startsWith('/') && !/^\/(?:usr\/(?:local\/)?)?s?bin\//.test(program)) ||
    /^\/usr\/local\/s?bin\//.test(program)
  );
};
