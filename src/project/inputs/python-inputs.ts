import path from 'node:path';
import type { Environment } from '../../config/environment.ts';
import { filterAsync, findText, isFile } from '../files.ts';
import { requirementInputs } from '../requirement-files.ts';
import type { PythonTool } from '../types.ts';
import { packageInputs, referencesOf } from './python-package.ts';

interface Reads {
  /**
   * In the folder the tool runs in. All of them count whether they are there or not: one that appears is a change, and a lock
   * file that the installation itself writes is counted in the same way before and after.
   */
  readonly files: readonly string[];
  /** Of those, the manifest that may name packages and files of the checkout. */
  readonly manifest: string | null;
  /** The package in that folder is installed too, so what builds it counts. */
  readonly installsProject: boolean;
  /** Variables that name further files, separated by spaces. */
  readonly variables: readonly string[];
}

/**
 * What each tool reads from a checkout when it installs.
 *
 * pip: pip.pypa.io, "Requirements File Format" (-r, -c, -e, --find-links) and "Configuration" (PIP_CONFIG_FILE, PIP_CONSTRAINT; the
 * pip.conf of a virtual environment is added where the environment is known). uv may install in its place, so uv.toml counts.
 * uv: docs.astral.sh/uv, "Configuration files" (uv.toml, [tool.uv]), "Workspaces" (members), "Python versions" (.python-version),
 * "Caching" (cache-keys), "Dependency sources" (path).
 * poetry: python-poetry.org/docs, "Configuration" (poetry.toml), "Dependency specification" (path).
 * pipenv: pipenv.pypa.io, "Pipfile & Pipfile.lock" (path), "PEP 751 pylock.toml Support", "Environment variables" (PIPENV_PIPFILE).
 * pdm: pdm-project.org, "Configure PDM" (pdm.toml, .pdm.toml of PDM 1), "Manage dependencies" (file:///${PROJECT_ROOT}/…).
 */
const READS: Readonly<Record<PythonTool, Reads>> = {
  pip: {
    files: ['uv.toml'],
    manifest: null,
    installsProject: false,
    variables: [
      'PIP_CONFIG_FILE',
      'PIP_CONSTRAINT',
      'PIP_BUILD_CONSTRAINT',
      'PIP_REQUIREMENT',
      'UV_CONFIG_FILE',
      'UV_CONSTRAINT',
      'UV_BUILD_CONSTRAINT',
      'UV_OVERRIDE',
    ],
  },
  uv: {
    files: ['uv.lock', 'pyproject.toml', 'uv.toml', '.python-version', '.python-versions'],
    manifest: 'pyproject.toml',
    installsProject: true,
    variables: ['UV_CONFIG_FILE', 'UV_CONSTRAINT', 'UV_BUILD_CONSTRAINT', 'UV_OVERRIDE'],
  },
  poetry: {
    files: ['poetry.lock', 'pyproject.toml', 'poetry.toml'],
    manifest: 'pyproject.toml',
    installsProject: false,
    variables: [],
  },
  pipenv: {
    files: ['Pipfile.lock', 'Pipfile', 'pylock.toml'],
    manifest: 'Pipfile',
    installsProject: false,
    variables: ['PIPENV_PIPFILE', 'PIP_CONFIG_FILE', 'PIP_CONSTRAINT'],
  },
  pdm: {
    files: ['pdm.lock', 'pyproject.toml', 'pdm.toml', '.pdm.toml'],
    manifest: 'pyproject.toml',
    installsProject: false,
    variables: [],
  },
};

export interface PythonInputsOptions {
  readonly tool: PythonTool;
  readonly root: string;
  /** Where the tool runs. */
  readonly directory: string;
  /** The lock file, the manifest or the requirement files. */
  readonly files: readonly string[];
  readonly environment?: Pick<Environment, 'get'> | undefined;
}

const MANIFEST_NAMES = new Set(['pyproject.toml', 'setup.py', 'setup.cfg']);

/** Every file whose content decides what is installed, in an order that does not depend on which of them exist. */
export const pythonInputs = async (options: PythonInputsOptions): Promise<readonly string[]> => {
  const { tool, directory, files } = options;
  const reads = READS[tool];
  const own = reads.files.map((name) => path.join(directory, name));
  const named = await namedByEnvironment(options, reads);
  if (tool !== 'pip') {
    const manifest = reads.manifest === null ? null : path.join(directory, reads.manifest);
    const references = await manifestInputs(manifest, reads.installsProject);
    return [...new Set([...own, ...references, ...files, ...named])];
  }
  const manifests = files.filter((file) => MANIFEST_NAMES.has(path.basename(file)));
  const listed = files.filter((file) => !manifests.includes(file));
  const included = await requirementInputs(directory, [...listed, ...named]);
  const packages = await Promise.all(manifests.map((file) => packageInputs(path.dirname(file), new Set())));
  return [...new Set([...files, ...included, ...packages.flat(), ...(await settingsOfUv(options)), ...own])];
};

const manifestInputs = async (manifest: string | null, installsProject: boolean): Promise<readonly string[]> => {
  if (manifest === null) return [];
  if (installsProject) return packageInputs(path.dirname(manifest), new Set());
  return referencesOf(manifest, new Set());
};

/** `PIP_CONFIG_FILE=/dev/null` is how settings are switched off: only files count. */
const namedByEnvironment = (
  { directory, environment }: PythonInputsOptions,
  { variables }: Reads,
): Promise<readonly string[]> =>
  filterAsync(
    variables
      .flatMap((name) => (environment?.get(name) ?? '').split(/\s+/))
      .filter((name) => name !== '')
      .map((name) => path.resolve(directory, name)),
    isFile,
  );

/** Of requirement files uv reads the nearest settings above; pyproject.toml counts only where it has some. */
const settingsOfUv = async ({ root, directory }: PythonInputsOptions): Promise<readonly string[]> => {
  const folders = [directory];
  for (let folder = directory; folder !== root && folder !== path.dirname(folder);) {
    folder = path.dirname(folder);
    folders.push(folder);
  }
  const candidates = folders.flatMap((folder) => ['uv.toml', 'pyproject.toml'].map((name) => path.join(folder, name)));
  return filterAsync(candidates, async (file) =>
    path.basename(file) === 'uv.toml' ? isFile(file) : /^\s*\[tool\.uv\b/m.test((await findText(file)) ?? ''),
  );
};
