import type { Holes } from '../holes.ts';
import type { Place } from '../machine/machine.ts';

/** What `git` says of the commit, the branch or the tag it is at; null: something else. */
export const sayGit = (words: readonly string[], { layers }: Place, holes: Holes): string | null => {
  const args = withoutGlobalOptions(words);
  const [verb, ...rest] = args;
  const isElsewhere = layers.some(({ kind }) => kind === 'remote' || kind === 'container');
  const written = `$(git ${args.join(' ')})`;
  // The commit of the checkout is that of the run.
  const commit = (length?: number): string =>
    holes.of({
      kind: 'commit',
      name: isElsewhere ? '$(git rev-parse HEAD)' : 'github.sha',
      ...(length === undefined ? {} : { length }),
    });
  if (verb === 'rev-parse') {
    const short = rest.find((arg) => arg.startsWith('--short'));
    if (rest.includes('--abbrev-ref')) return holes.of({ kind: 'branch', name: written });
    if (rest.includes('--show-toplevel')) return holes.of({ kind: 'unknown', name: 'github.workspace' });
    const target = rest.find((arg) => !arg.startsWith('-')) ?? '';
    if (target === 'HEAD') return commit(short === undefined ? undefined : Number(short.split('=')[1] ?? 7));
    const own = target.length === 1 ? holes.get(target) : undefined;
    if (own?.kind === 'commit')
      return short === undefined ? target : holes.of({ ...own, length: Number(short.split('=')[1] ?? 7) });
    return holes.of({ kind: 'commit', name: written, ...(short === undefined ? {} : { length: 7 }) });
  }
  if (verb === 'log' || verb === 'show' || verb === 'rev-list') {
    const format = rest
      .map((arg) => /^--(?:pretty|format)=(?:format:|tformat:)?(%[hH])$/.exec(arg)?.[1])
      .find((found) => found !== undefined);
    if (format !== undefined) return commit(format === '%h' ? 7 : undefined);
    return null;
  }
  if (verb === 'describe') {
    const isCommit = rest.some((arg) => arg === '--always' || arg.startsWith('--match=')) && !rest.includes('--tags');
    return holes.of({ kind: isCommit ? 'commit' : 'git-tag', name: written });
  }
  if (verb === 'branch' && rest.includes('--show-current')) return holes.of({ kind: 'branch', name: written });
  if (verb === 'symbolic-ref') return holes.of({ kind: 'branch', name: written });
  return null;
};

const withoutGlobalOptions = (words: readonly string[]): readonly string[] => {
  let from = 0;
  while ((words[from] ?? '').startsWith('-')) from += words[from] === '-C' || words[from] === '-c' ? 2 : 1;
  return words.slice(from);
};
