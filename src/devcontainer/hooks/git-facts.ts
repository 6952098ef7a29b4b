/** What git says on standard output; null where it failed, or where there is none. */
export type AskGit = (args: readonly string[]) => Promise<string | null>;

/** What git knows of some files of the checkout, all relative to its root. */
export interface GitFacts {
  /** `100644`, `100755`, `120000` (a link); undefined: git does not have it. */
  readonly modeOf: (file: string) => string | undefined;
  readonly isIgnored: (file: string) => boolean;
  /** The submodule that a file lies in. */
  readonly submoduleOf: (file: string) => string | undefined;
  /** git writes the lines of this file with CRLF into a new checkout. */
  readonly writesCrlf: (file: string) => boolean;
}

const NOTHING: GitFacts = {
  modeOf: () => undefined,
  isIgnored: () => false,
  submoduleOf: () => undefined,
  writesCrlf: () => false,
};

/** Asks about all of these files at once. */
export const askGitAbout = async (files: readonly string[], git: AskGit): Promise<GitFacts> => {
  const staged = files.length === 0 ? null : await git(['ls-files', '-s', '-z', '--', ...files]);
  if (staged === null) return NOTHING;
  const [ignored, attributes, autocrlf, submodules] = await Promise.all([
    git(['-c', 'core.quotePath=false', 'check-ignore', '--no-index', '--', ...files]),
    git(['check-attr', '-z', 'text', 'eol', '--', ...files]),
    git(['config', '--get', 'core.autocrlf']),
    git(['config', '--file', '.gitmodules', '--get-regexp', String.raw`\.path$`]),
  ]);
  const modes = new Map(
    staged.split('\0').flatMap((line) => {
      const [, mode, name] = /^(\d+) \w+ \d\t([^]+)$/.exec(line) ?? [];
      return mode === undefined || name === undefined ? [] : [[name, mode] as const];
    }),
  );
  const ignoredFiles = new Set((ignored ?? '').split('\n'));
  const folders = (submodules ?? '')
    .split('\n')
    .map((line) => line.slice(line.indexOf(' ') + 1))
    .filter((name) => name !== '');
  const values = new Map<string, string>();
  const parts = (attributes ?? '').split('\0');
  for (let at = 0; at + 2 < parts.length; at += 3) values.set(`${parts[at]}\0${parts[at + 1]}`, parts[at + 2] ?? '');
  return {
    modeOf: (file) => modes.get(file),
    isIgnored: (file) => ignoredFiles.has(file),
    submoduleOf: (file) => folders.find((folder) => file.startsWith(`${folder}/`)),
    writesCrlf: (file) => {
      const eol = values.get(`${file}\0eol`);
      if (values.get(`${file}\0text`) === 'unset') return false;
      return eol === 'crlf' || (eol !== 'lf' && autocrlf?.trim() === 'true');
    },
  };
};

/** Where files of this name are. */
export const findNamesakes = async (name: string, git: AskGit): Promise<readonly string[]> =>
  ((await git(['ls-files', '-z', '--', `:(glob)**/${name}`])) ?? '').split('\0').filter((file) => file !== '');
