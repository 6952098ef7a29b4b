import path from 'node:path';

import { findTextOf } from '../project/files.ts';
import { shownPath } from '../project/version-wish.ts';

/** A file, or a variable of the environment, that asks for packages or names a registry. */
export interface SourceFile {
  /** As it is shown. */
  readonly name: string;
  readonly text: string;
  /** Its lines are of no use to a reader: it is a variable. */
  readonly isVariable?: true;
}

const REGISTRY_VARIABLES = [
  'PIP_INDEX_URL',
  'PIP_EXTRA_INDEX_URL',
  'UV_INDEX_URL',
  'UV_DEFAULT_INDEX',
  'UV_EXTRA_INDEX_URL',
  'UV_INDEX',
  'PIPENV_PYPI_MIRROR',
  'PDM_PYPI_URL',
  'NPM_CONFIG_REGISTRY',
  'npm_config_registry',
  'YARN_NPM_REGISTRY_SERVER',
  'YARN_REGISTRY',
];

interface Reading {
  readonly root: string;
  /** What decides an installation (`inputs` of the requirements or of a frontend), and the pip.conf of an environment. */
  readonly inputs: readonly string[];
  readonly environment: { get(name: string): string | undefined };
}

/** Never throws: a file that cannot be read asks for nothing. A lock file repeats what others ask for. */
export const readSourceFiles = async ({ root, inputs, environment }: Reading): Promise<readonly SourceFile[]> => {
  const isManifest = (file: string): boolean =>
    !/(?:\.lock|\.lockb|[-.]lock\.(?:json|ya?ml)|shrinkwrap\.json)$/.test(file);
  const files = await Promise.all(
    [...new Set(inputs)].filter(isManifest).map(async (file): Promise<readonly SourceFile[]> => {
      const text = await findTextOf(file, path.basename(file) === 'pip.conf' ? { anywhere: true } : {});
      return text === undefined ? [] : [{ name: shownPath(root, file), text }];
    }),
  );
  const variables = REGISTRY_VARIABLES.flatMap((name): readonly SourceFile[] => {
    const text = environment.get(name) ?? '';
    return text === '' ? [] : [{ name: `the variable ${name}`, text, isVariable: true }];
  });
  return [...files.flat(), ...variables];
};

/** The first line for which this is true, as `requirements.txt:3`. */
const findLine = (files: readonly SourceFile[], holds: (line: string) => boolean): string | undefined => {
  for (const { name, text, isVariable } of files) {
    const at = text.split(/\r?\n/).findIndex((line) => holds(line.replace(/(?:^|\s)#(?!egg=).*$/, '')));
    if (at >= 0) return isVariable ? name : `${name}:${at + 1}`;
  }
  return undefined;
};

/** PEP 503: `Django_Tenants` and `django-tenants` are one package. */
const normal = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');

/** Where a package is asked for: the first word of a line of requirements, a key of a table, or a quoted requirement. */
export const findRequirement = (files: readonly SourceFile[], name: string): string | undefined => {
  const wanted = normal(name);
  return findLine(files, (line) => {
    // The name of the project, or of an index, is a value.
    const asked = line.replace(/^\s*"?(?:name|source|url|index|version|description|python)"?\s*[=:].*$/, '');
    const words = [
      /^\s*([\w.-]+)/.exec(asked)?.[1],
      ...[...asked.matchAll(/["'](@?[\w./-]+)/g)].map(([, word]) => word),
    ];
    return words.some((word) => word !== undefined && normal(word) === wanted);
  });
};

/** Nothing where an `@` follows: what precedes it may be a password with a slash in it. */
const HOST = /[a-z]:\/\/(?:[^\s/@"']*@)?([\w.-]+(?::\d+)?)(?=[/\s"']|$)(?![^\s"']*@)/gi;

/** Where a registry is named by its address. */
export const findAddress = (files: readonly SourceFile[], host: string): string | undefined =>
  findLine(files, (line) => [...line.matchAll(HOST)].some(([, authority]) => authority === host));

/** Keys and options that name a registry; in package.json they name other things. */
const REGISTRY_LINE =
  /^\s*(?:-i|--(?:extra-)?index-url|"?(?:[\w.@:-]*registry(?:Server)?|(?:extra-|default-)?index(?:-url)?|url)"?\s*[=:])/i;

/** The first registry that these name. */
export const findRegistry = (
  files: readonly SourceFile[],
): { readonly host: string; readonly place: string } | undefined => {
  const hosts: string[] = [];
  const place = findLine(
    files.filter(({ name }) => path.basename(name) !== 'package.json'),
    (line) => {
      if (REGISTRY_LINE.test(line)) hosts.push(...[...line.matchAll(HOST)].map(([, host = '']) => host));
      return hosts.length > 0;
    },
  );
  const [host] = hosts;
  return host === undefined || place === undefined ? undefined : { host, place };
};

/** Where a package.json or the like asks for this range of Node. */
export const findRange = (files: readonly SourceFile[], range: string): string | undefined =>
  findLine(files, (line) => /"(?:node|version)"\s*:/.test(line) && line.includes(`"${range}"`));
