import path from 'node:path';
import { parse } from 'smol-toml';
import { asRecord, type Table } from '../../core/shape.ts';
import { filterAsync, findText, isFile } from '../files.ts';
import { findByGlobs } from './find-by-globs.ts';
import { pathOfUrl, sortPaths, textLeaves } from './local-paths.ts';

/**
 * What a build backend reads of a package to know its metadata: pyproject.toml (PEP 517, 518, 621), setup.py and setup.cfg
 * (setuptools), and the scripts and manifests of hatchling, pdm-backend, maturin, meson-python and scikit-build-core. The code
 * of the package is not among them: editable packages run it from where it lies.
 */
const MANIFESTS = [
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'MANIFEST.in',
  'hatch.toml',
  'hatch_build.py',
  'pdm_build.py',
  'Cargo.toml',
  'meson.build',
  'CMakeLists.txt',
];

/** Keys under which pyproject.toml, hatch.toml and Pipfile name files and packages of the checkout. */
const PATH_KEYS: ReadonlySet<string> = new Set([
  'path', // uv sources, poetry, pipenv, hatch and pdm versions, hatch build hooks
  'file', // setuptools dynamic, uv cache-keys
  'files', // hatch-requirements-txt
  'script', // poetry build
  'backend-path', // PEP 517
  'manifest-path', // maturin
]);

const parseToml = (text: string): Table => {
  try {
    return parse(text);
  } catch {
    // The tool that reads it says what is wrong.
    return {};
  }
};

const FILE_URL = /(?:file:[^\s"';,#\]]+|\{root:uri\}\/[^\s"';,#\]]+)/g;

/** `package.module.ATTRIBUTE` as the files that may hold it, in the flat and the src layout. */
const filesOfAttribute = (attribute: string): readonly string[] => {
  const module = attribute.split('.').slice(0, -1).join('/');
  return module === '' ? [] : [module, `src/${module}`].flatMap((name) => [`${name}.py`, `${name}/__init__.py`]);
};

/** Long descriptions and licences change nothing that is installed. */
const isProse = (name: string): boolean => /\.(?:md|rst)$|(?:^|\/)licen[cs]e/i.test(name);

/** Paths that a TOML manifest names, relative to its folder. */
const pathsOfToml = (text: string): readonly string[] => {
  const document = parseToml(text);
  const { project, tool } = { project: asRecord(document['project']), tool: asRecord(document['tool']) };
  const leaves = textLeaves({ ...document, tool: { ...tool, ruff: {}, mypy: {}, pytest: {}, coverage: {} } });
  const named = leaves.filter(([key]) => PATH_KEYS.has(key)).map(([, value]) => value);
  const attributes = leaves.filter(([key]) => key === 'attr').flatMap(([, value]) => filesOfAttribute(value));
  // flit reads the version from the module that has the name of the project.
  const usesFlit = String(asRecord(document['build-system'])['build-backend']).startsWith('flit');
  const module = asRecord(asRecord(tool['flit'])['module'])['name'] ?? project['name'];
  const flit = usesFlit && typeof module === 'string' ? filesOfAttribute(`${module.replaceAll('-', '_')}.version`) : [];
  const urls = leaves.flatMap(([, value]) => value.match(FILE_URL) ?? []).map(pathOfUrl);
  return [...named, ...attributes, ...flit, ...urls].filter((name) => !isProse(name));
};

/** setuptools: `version = attr: package.__version__`, `install_requires = file: requirements.txt, more.txt`. */
const pathsOfSetupCfg = (text: string): readonly string[] => {
  const attributes = [...text.matchAll(/=\s*attr:\s*([\w.]+)/g)].flatMap(([, name = '']) => filesOfAttribute(name));
  const files = [...text.matchAll(/=\s*file:\s*([^\n]+)/g)].flatMap(([, names = '']) => names.split(','));
  return [...attributes, ...files.map((name) => name.trim())];
};

/** setup.py is a program: every text in it that names a file may be one it opens. */
const pathsOfSetupPy = (text: string): readonly string[] =>
  [...text.matchAll(/["']([\w./-]+\.[\w]+|[A-Z_]+)["']/g)]
    .map(([, name = '']) => name)
    .filter((name) => !isProse(name));

const READERS: Readonly<Record<string, (text: string) => readonly string[]>> = {
  'pyproject.toml': pathsOfToml,
  'hatch.toml': pathsOfToml,
  Pipfile: pathsOfToml,
  'setup.cfg': pathsOfSetupCfg,
  'setup.py': pathsOfSetupPy,
};

/** Members of a uv workspace (docs.astral.sh/uv/concepts/projects/workspaces). */
const workspaceMembers = async (directory: string, text: string): Promise<readonly string[]> => {
  const workspace = asRecord(asRecord(asRecord(parseToml(text)['tool'])['uv'])['workspace']);
  const patterns = (key: string): readonly string[] => textLeaves(workspace[key]).map(([, value]) => value);
  const excluded = patterns('exclude').map((pattern) => `!${pattern}`);
  return findByGlobs(directory, [...patterns('members'), ...excluded]);
};

/** The files a manifest names, and everything the packages it depends on by a path are made of. */
export const referencesOf = async (manifest: string, seen: Set<string>): Promise<readonly string[]> => {
  const directory = path.dirname(manifest);
  const text = await findText(manifest);
  if (text === undefined) return [];
  const named = READERS[path.basename(manifest)]?.(text) ?? [];
  const members = path.basename(manifest) === 'pyproject.toml' ? await workspaceMembers(directory, text) : [];
  const { files, folders } = await sortPaths([...named.map((name) => path.resolve(directory, name)), ...members]);
  const packages = await Promise.all(folders.map((folder) => packageInputs(folder, seen)));
  return [...files, ...packages.flat()];
};

/** Existing files that decide what a package in this folder is and depends on. `seen` ends circles. */
export const packageInputs = async (directory: string, seen: Set<string>): Promise<readonly string[]> => {
  if (seen.has(directory)) return [];
  seen.add(directory);
  const manifests = await filterAsync(
    MANIFESTS.map((name) => path.join(directory, name)),
    isFile,
  );
  const references = await Promise.all(manifests.map((manifest) => referencesOf(manifest, seen)));
  return [...new Set([...manifests, ...references.flat()])];
};
