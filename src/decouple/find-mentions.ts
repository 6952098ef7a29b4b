import path from 'node:path';

/** What may start a script: images, compose files, make, package managers, other scripts. */
const STARTERS =
  /(?:^|\/)(?:[^/]*Dockerfile[^/]*|[^/]*Containerfile[^/]*|Makefile|GNUmakefile|[^/]+\.mk|Procfile[^/]*|justfile|package\.json|pyproject\.toml|tox\.ini|fabfile\.py|[^/]+\.(?:sh|bash|ya?ml|toml|json|tf|service))$/i;

/** The audit follows their steps, from every job that uses them. */
const isComposite = (file: string, text: string): boolean =>
  /(?:^|\/)action\.ya?ml$/.test(file) && /^\s*using:\s*["']?composite\b/m.test(text);

/** Files that mention a script by its name, workflows, composite actions and itself aside: they may run it. */
export const findMentions = (
  script: string,
  files: readonly string[],
  readFile: (file: string) => string | undefined,
): readonly string[] => {
  const name = path.posix.basename(script);
  const mentions = (text: string, file: string): boolean => text.includes(name) && !isComposite(file, text);
  return files.filter(
    (file) =>
      file !== script &&
      !file.startsWith('.github/workflows/') &&
      STARTERS.test(file) &&
      mentions(readFile(file) ?? '', file),
  );
};
