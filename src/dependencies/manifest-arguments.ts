import path from 'node:path';

import { readTextFile } from '../checkout/text-file.ts';
import { DevsetupError } from '../core/errors.ts';
import { asRecord, asTexts, type Table } from '../core/shape.ts';
import { isDirectory, isFile } from '../project/files.ts';
import { namesDjango } from '../project/python-manifest.ts';

/** Groups (PEP 735) and extras (PEP 621) that the configuration asks for. */
export interface Wanted {
  readonly groups: readonly string[];
  readonly extras: readonly string[];
}

/**
 * What `pip install` gets for the pyproject.toml files among these. A project that can be built is installed itself, editable, with its
 * extras. A site that cannot, as most, gives its dependencies: pip has no option that reads them without building. uv and PDM
 * install the group `dev` by default, so it is part of both; a site whose dependencies are all in groups gives those with Django, too.
 */
export const manifestArguments = async (files: readonly string[], wanted: Wanted): Promise<readonly string[]> => {
  const manifests = files.filter((file) => path.basename(file) === 'pyproject.toml');
  const lists = await Promise.all(manifests.map((file) => argumentsOf(file, wanted)));
  return lists.flat();
};

const argumentsOf = async (file: string, { groups, extras }: Wanted): Promise<readonly string[]> => {
  const document = await readManifest(file);
  const project = asRecord(document['project']);
  const optional = asRecord(project['optional-dependencies']);
  const all = asRecord(document['dependency-groups']);
  const chosenExtras = extras.length > 0 || !('dev' in optional) ? extras : ['dev'];
  const isMain = (group: string): boolean => !('dependencies' in project) && membersOf(group, all).some(namesDjango);
  const ownGroups = Object.keys(all).filter((group) => group === 'dev' || isMain(group));
  const chosenGroups = groups.length > 0 ? groups : ownGroups;
  const grouped = chosenGroups.flatMap((group) => membersOf(group, all));
  const folder = path.dirname(file);
  if (await isBuildable(document, folder)) {
    const own = chosenExtras.length === 0 ? folder : `${folder}[${chosenExtras.join(',')}]`;
    return ['-e', own, ...grouped];
  }
  const extra = chosenExtras.flatMap((name) => extraOf(name, optional, String(project['name'])));
  return [...new Set([...asTexts(project['dependencies']), ...extra, ...grouped])];
};

const readManifest = async (file: string): Promise<Table> => {
  const { parse } = await import('smol-toml');
  try {
    return parse((await readTextFile(file))?.text ?? '');
  } catch (cause) {
    throw new DevsetupError({
      code: 'PYPROJECT_INVALID',
      message: `${file} cannot be read: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}`,
      hint: 'Correct the file.',
      cause,
    });
  }
};

/** A group with those it includes; circles end. */
const membersOf = (group: string, groups: Table, seen: readonly string[] = []): readonly string[] => {
  const entries = groups[group];
  if (seen.includes(group) || !Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    if (typeof entry === 'string') return [entry];
    const included = asRecord(entry)['include-group'];
    return typeof included === 'string' ? membersOf(included, groups, [...seen, group]) : [];
  });
};

/** An extra may name others of the same project: `all = ["site[dev,docs]"]`. */
const extraOf = (extra: string, optional: Table, name: string, seen: readonly string[] = []): readonly string[] => {
  if (seen.includes(extra)) return [];
  return asTexts(optional[extra]).flatMap((requirement) => {
    const [, own, others] = /^([\w.-]+)\[([^\]]+)\]$/.exec(requirement) ?? [];
    if (others === undefined || own !== name) return [requirement];
    return others.split(',').flatMap((other) => extraOf(other.trim(), optional, name, [...seen, extra]));
  });
};

/** Where each build backend is told what the package consists of. */
const PACKAGE_TABLES: readonly (readonly [backend: RegExp, ...keys: readonly string[]])[] = [
  [/^setuptools/, 'setuptools.packages', 'setuptools.py-modules', 'setuptools.package-dir'],
  [/^hatchling/, 'hatch.build'],
  [/^flit/, 'flit.module'],
  [/^pdm/, 'pdm.build'],
  [/^poetry/, 'poetry.packages'],
];

/**
 * Whether its build backend finds a package: a table says what it consists of, or it lies where the backend searches by itself. setuptools
 * refuses a folder with several packages, which is what a site looks like, unless they are below `src`.
 */
const isBuildable = async (document: Table, folder: string): Promise<boolean> => {
  const backend = asRecord(document['build-system'])['build-backend'];
  const name = asRecord(document['project'])['name'];
  if (typeof backend !== 'string' || typeof name !== 'string') return false;
  const [, ...keys] = PACKAGE_TABLES.find(([pattern]) => pattern.test(backend)) ?? [/^/];
  const isDeclared = keys.some((key) => {
    const [tool = '', table = ''] = key.split('.');
    return asRecord(asRecord(document['tool'])[tool])[table] !== undefined;
  });
  if (isDeclared || (await isDirectory(path.join(folder, 'src')))) return true;
  const module = name.replaceAll(/[-.]+/g, '_').toLowerCase();
  const places = [path.join(folder, module, '__init__.py'), path.join(folder, `${module}.py`)];
  return !backend.startsWith('setuptools') && (await Promise.all(places.map(isFile))).includes(true);
};
