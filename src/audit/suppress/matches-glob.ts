/**
 * Whether a path (relative, with `/`) matches a pattern: `*` and `?` stay within a folder, `**` does not. A pattern without `/` is one of
 * the file's name, in any folder.
 */
export const matchesGlob = (pattern: string, file: string): boolean => {
  const wanted = pattern.replace(/^\.\//, '');
  const name = wanted.includes('/') ? file : file.slice(file.lastIndexOf('/') + 1);
  return toRegExp(wanted.endsWith('/') ? `${wanted}**` : wanted).test(name);
};

const toRegExp = (pattern: string): RegExp => {
  const source = pattern.replaceAll(/\*\*\/|\*+|\?|[.+^${}()|[\]\\]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '*') return '[^/]*';
    if (part.startsWith('*')) return '.*';
    return part === '?' ? '[^/]' : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
};
