import type { Loss } from './find-loss.ts';

export interface FilesCommand {
  readonly words: readonly string[];
  /** Where a path that the command names is, relative to the root of the checkout; null: outside, or not known. */
  readonly locate: (written: string) => string | null;
  /** The folders of the checkout in which services keep a database. */
  readonly dataFolders: readonly string[];
  /** The folder it runs in is the root of the checkout, or one in it that belongs to the same repository. */
  readonly isInRepository: boolean;
}

/** `git clean -fdx`, `rm -rf` of the data of a database, … null: nothing is lost, or it is not certain. */
export const filesLoss = (command: FilesCommand): Loss | null => {
  const program = command.words[0]?.split('/').at(-1) ?? '';
  if (program === 'git') return gitLoss(command);
  return program === 'rm' ? removalLoss(command) : null;
};

const GIT_VALUED = new Set(['-C', '-c', '--git-dir', '--work-tree', '--namespace', '--exec-path']);

const gitLoss = ({ words, locate, isInRepository }: FilesCommand): Loss | null => {
  let at = 1;
  let isHere = isInRepository;
  for (; words[at]?.startsWith('-') === true; at += GIT_VALUED.has(words[at] ?? '') ? 2 : 1) {
    if (words[at] === '-C') isHere = locate(words[at + 1] ?? '') === '';
    if (/^--(?:git-dir|work-tree)/.test(words[at] ?? '')) return null;
  }
  if (!isHere) return null;
  const [verb = '', ...args] = words.slice(at);
  const has = (letter: string, long: string): boolean =>
    args.some((word) => word === long || new RegExp(`^-[a-zA-Z]*${letter}[a-zA-Z]*$`).test(word));
  const paths = args.filter((word) => !word.startsWith('-'));
  switch (verb) {
    case 'clean': {
      const isReal = has('f', '--force') && !has('n', '--dry-run') && !has('i', '--interactive');
      // What is excluded, or named, shows that it was thought about.
      if (!isReal || paths.length > 0 || has('e', '--exclude') || args.some((word) => word.startsWith('--exclude=')))
        return null;
      return {
        command: `git clean ${args.join(' ')}`,
        what: `files that are not committed${has('x', '') ? ', .env and other ignored files among them' : ''}`,
      };
    }
    case 'reset':
      return args.includes('--hard') ? { command: 'git reset --hard', what: 'changes that are not committed' } : null;
    case 'checkout':
      if (has('b', '-B') || has('p', '--patch')) return null;
      return isEverything(paths, locate) || (has('f', '--force') && paths.length <= 1)
        ? { command: `git checkout ${has('f', '--force') ? '-f' : '.'}`, what: 'changes that are not committed' }
        : null;
    case 'restore':
      return isEverything(paths, locate) && !args.includes('--staged') && !has('p', '--patch')
        ? { command: 'git restore .', what: 'changes that are not committed' }
        : null;
    case 'stash':
      return paths[0] === 'clear' ? { command: 'git stash clear', what: 'stashed changes' } : null;
    default:
      return null;
  }
};

const isEverything = (paths: readonly string[], locate: FilesCommand['locate']): boolean =>
  paths.length > 0 && locate(paths.at(-1) ?? '') === '';

const removalLoss = ({ words, locate, dataFolders }: FilesCommand): Loss | null => {
  const paths = words.slice(1).filter((word) => !word.startsWith('-'));
  const isRecursive = words.some((word) => word === '--recursive' || /^-[a-zA-Z]*[rR]/.test(word));
  for (const written of paths) {
    const file = locate(written.replace(/\/(?:\*|\.\*|\{[^}]*\})?$/, '') || '/');
    if (
      file !== null &&
      isRecursive &&
      dataFolders.some(
        (folder) => folder === file || folder.startsWith(`${file}/`) || (file === '' && !written.includes('*')),
      )
    ) {
      return { command: `rm -r ${written}`, what: 'the data of the database, which a service keeps there' };
    }
    if (file !== null && /\.sqlite3?$/.test(file) && !/test/i.test(file)) {
      return { command: `rm ${written}`, what: 'the database' };
    }
  }
  return null;
};
