import path from 'node:path';

/** What may start a script: images, compose files, make, package managers, other scripts. */
const STARTERS =
  /(?:^|\/)(?:[^/]*Dockerfile[^/]*|[^/]*Containerfile[^/]*|Makefile|GNUmakefile|[^/]+\.mk|Procfile[^/]*|justfile|package\.json|pyproject\.toml|tox\.ini|fabfile\.py|[^/]+\.(?:sh|bash|ya?ml|toml|json|tf|service))$/i;

/** Files that mention a script by its name, workflows and itself aside: they may run it. */
export const findMentions = (
  script: string,
  files: readonly string[],
  readFile: (file: string) => string | undefined,
): readonly string[] => {
  const name = path.posix.basename(script);
  return files.filter(
    (file) =>
      file !== script &&
      !file.startsWith('.github/workflows/') &&
      STARTERS.test(file) &&
      (readFile(file) ?? '').includes(name),
  );
};
