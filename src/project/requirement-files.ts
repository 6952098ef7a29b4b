import path from 'node:path';
import { findText, isFile, isInside } from './files.ts';
import { filesIn, pathOfUrl, sortPaths } from './inputs/local-paths.ts';
import { packageInputs } from './inputs/python-package.ts';

export type RequirementKind = 'development' | 'base' | 'test' | 'production' | 'constraints' | 'other';

const KINDS: readonly (readonly [RequirementKind, RegExp])[] = [
  ['constraints', /^constraints?$/],
  ['development', /^(?:development|develop|devel|dev|local)$/],
  ['test', /^(?:tests?|testing|ci|lint|linting|docs?|documentation|types?)$/],
  ['production', /^(?:production|prod|staging|stage|deploy|deployment|heroku|server)$/],
  ['base', /^(?:base|common|core|main|requirements|shared|default)$/],
];

/** What a requirements file is for, by the words of its name: `requirements-dev.txt`, `dev_requirements.txt`, `local.txt`. */
export const requirementKind = (file: string): RequirementKind => {
  const words = path
    .basename(file, '.txt')
    .toLowerCase()
    .split(/[-_.\s]+/);
  // `requirements` says nothing beside another word.
  const telling = words.length > 1 ? words.filter((word) => !/^(?:requirements?|reqs?)$/.test(word)) : words;
  const kind = KINDS.find(([, pattern]) => telling.some((word) => pattern.test(word)))?.[0];
  return kind ?? 'other';
};

const INCLUDE = /^[ \t]*(?:-r|-c|--requirement|--constraint)(?:[ \t]*=[ \t]*|[ \t]*)([^\s#]+)/gm;
const isUrl = (name: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(name);

/** The files a requirements file includes by -r or -c, relative to its own folder as pip reads them. */
const parseIncludes = (file: string, text: string): readonly string[] =>
  [...text.matchAll(INCLUDE)]
    .map(([, name = '']) => name)
    .filter((name) => !isUrl(name))
    .map((name) => path.resolve(path.dirname(file), name));

const FIND_LINKS = /^(?:-f|--find-links)(?:\s*=\s*|\s+)(\S+)/;
const EDITABLE = /^(?:-e|--editable)(?:\s*=\s*|\s+)/;
const LOCAL = /^(?:\.|\/|~|file:)|^[^\s:]*\/|\.(?:whl|zip|tar\.gz|tgz)$/i;

/** What a line installs from the checkout: `-e ./package[dev]`, `./package`, `wheels/x.whl`, `x @ file:../x`. */
const localPathOf = (line: string): string | undefined => {
  const what = line.replace(EDITABLE, '').replaceAll(/["']/g, '');
  const place = (/^[\w.-]+(?:\[[^\]]*\])?\s*@\s*(.+)$/.exec(what)?.[1] ?? what).replace(
    /(?:\s*;|\s--?\w|#egg=).*$/,
    '',
  );
  const bare = place.replace(/\[[^\]]*\]$/, '').trim();
  const isPath = LOCAL.test(bare) || (EDITABLE.test(line) && !/^(?:\w+\+|\w+:)/.test(bare));
  return isPath ? pathOfUrl(bare) : undefined;
};

const linesOf = (text: string): readonly string[] =>
  text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim());

interface LocalReferences {
  /** Packages, archives and wheels. */
  readonly paths: readonly string[];
  /** Folders of archives and wheels. */
  readonly links: readonly string[];
}

/** pip and uv take these relative to the folder they run in, older versions of them relative to the file: both are looked up. */
const parseLocal = (directory: string, file: string, text: string): LocalReferences => {
  const lines = linesOf(text);
  const bases = [directory, path.dirname(file)];
  const resolve = (names: readonly string[]): readonly string[] =>
    names.flatMap((name) => bases.map((base) => path.resolve(base, name)));
  return {
    paths: resolve(lines.flatMap((line) => localPathOf(line) ?? [])),
    links: resolve(lines.flatMap((line) => FIND_LINKS.exec(line)?.[1] ?? []).map(pathOfUrl)),
  };
};

/** The file and all it includes, each once, the file first. Files that do not exist are left out; circles end. */
export const closureOf = async (file: string, seen: readonly string[] = []): Promise<readonly string[]> => {
  if (seen.includes(file)) return seen;
  const text = await findText(file);
  if (text === undefined) return seen;
  let all: readonly string[] = [...seen, file];
  for (const included of parseIncludes(file, text)) all = await closureOf(included, all);
  return all;
};

/** Existing files that decide what `pip install -r files` run in `directory` installs. */
export const requirementInputs = async (directory: string, files: readonly string[]): Promise<readonly string[]> => {
  const closure = [...new Set((await Promise.all(files.map((file) => closureOf(file)))).flat())];
  const local = await Promise.all(
    closure.map(async (file) => parseLocal(directory, file, (await findText(file)) ?? '')),
  );
  const { files: archives, folders } = await sortPaths(local.flatMap(({ paths }) => paths));
  const seen = new Set<string>();
  const packages = await Promise.all(folders.map((folder) => packageInputs(folder, seen)));
  const linked = await Promise.all([...new Set(local.flatMap(({ links }) => links))].map(filesIn));
  return [...new Set([...closure, ...archives, ...packages.flat(), ...linked.flat()])];
};

const isInstallable = async (place: string): Promise<boolean> => {
  const files = [place, ...['pyproject.toml', 'setup.py', 'setup.cfg'].map((name) => path.join(place, name))];
  return (await Promise.all(files.map(isFile))).includes(true);
};

/**
 * The folder that `pip install -r files` has to run in. pip and uv read `-r` and `-c` relative to the file that names them, and `-e .`,
 * `./libs/x` and `x @ file:…` relative to the folder they run in: the first of these folders in which all of them are there. `preferred`
 * where the files name none, or where no folder has them all.
 */
export const findWorkingDirectory = async (
  files: readonly string[],
  { preferred, root }: { readonly preferred: string; readonly root: string },
): Promise<string> => {
  const closure = [...new Set((await Promise.all(files.map((file) => closureOf(file)))).flat())];
  const texts = await Promise.all(closure.map(async (file) => (await findText(file)) ?? ''));
  const places = texts
    .flatMap(linesOf)
    .flatMap((line) => localPathOf(line) ?? [])
    .filter((place) => !/^[/~$]/.test(place));
  if (places.length === 0) return preferred;
  for (const folder of [preferred, ...closure.flatMap((file) => foldersUpTo(path.dirname(file), root))]) {
    const found = await Promise.all(places.map((place) => isInstallable(path.resolve(folder, place))));
    if (!found.includes(false)) return folder;
  }
  return preferred;
};

const foldersUpTo = (folder: string, root: string): readonly string[] =>
  folder === root || !isInside(root, folder) ? [folder] : [folder, ...foldersUpTo(path.dirname(folder), root)];
