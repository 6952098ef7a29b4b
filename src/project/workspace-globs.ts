/** A workspace pattern as a regular expression: `packages/*`, `apps/**`, `./web`. */
const toRegExp = (pattern: string): RegExp => {
  const trimmed = pattern.replace(/^\.\//, '').replace(/\/$/, '');
  const source = trimmed
    .split('/')
    .map((part) => (part === '**' ? '.*' : part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')))
    .join('/');
  return new RegExp(`^${source}$`);
};

/** Whether a folder (relative, with `/`) is a member of the workspace with these patterns; `!` takes folders out again. */
export const isWorkspaceMember = (folder: string, patterns: readonly string[]): boolean => {
  const matches = (pattern: string): boolean => toRegExp(pattern).test(folder);
  const [excluded, included] = [patterns.filter((p) => p.startsWith('!')), patterns.filter((p) => !p.startsWith('!'))];
  return included.some(matches) && !excluded.some((pattern) => matches(pattern.slice(1)));
};
