import path from 'node:path';
import { findText, isFile } from './files.ts';

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
const EDITABLE = /^[ \t]*(?:-e|--editable)(?:[ \t]*=[ \t]*|[ \t]+)(\.[^\s#[]*)/gm;
const isUrl = (name: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(name);

/** The files a requirements file includes by -r or -c, relative to its own folder as pip reads them. */
const parseIncludes = (file: string, text: string): readonly string[] =>
  [...text.matchAll(INCLUDE)]
    .map(([, name = '']) => name)
    .filter((name) => !isUrl(name))
    .map((name) => path.resolve(path.dirname(file), name));

/** Folders that are installed as packages (`-e .`), relative to the folder pip runs in. */
const parseEditables = (directory: string, text: string): readonly string[] =>
  [...text.matchAll(EDITABLE)].map(([, name = '.']) => path.resolve(directory, name));

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
  const texts = await Promise.all(closure.map(findText));
  const packages = texts.flatMap((text) => parseEditables(directory, text ?? ''));
  const manifests = packages.flatMap((folder) =>
    ['pyproject.toml', 'setup.py', 'setup.cfg'].map((name) => path.join(folder, name)),
  );
  const existing = await Promise.all(manifests.map(async (file) => ((await isFile(file)) ? [file] : [])));
  return [...new Set([...closure, ...existing.flat()])];
};
