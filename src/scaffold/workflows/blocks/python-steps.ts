import type { PythonTool } from '../../../project/types.ts';
import { yamlText } from './yaml-text.ts';

export const SETUP_PYTHON = 'actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0';
export const CACHE = 'actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5';

export interface PythonInstall {
  readonly tool: PythonTool;
  /** The files that decide what is installed, relative to the root. */
  readonly inputs: readonly string[];
}

/** Where the tools that setup-python has no cache for keep what they download. */
const CACHES: Readonly<Record<Exclude<PythonTool, 'pip'>, string>> = {
  uv: '~/.cache/uv',
  poetry: '~/.cache/pypoetry',
  pipenv: '~/.cache/pipenv',
  pdm: '~/.cache/pdm',
};

/** Python with the cache of what the backend installs; null: nothing says what it installs, nothing is cached. */
export const pythonSteps = (version: string, install: PythonInstall | null): readonly string[] => {
  const setup = [`- uses: ${SETUP_PYTHON}`, '  with:', `    python-version: '${version}'`];
  if (install === null || install.inputs.length === 0) return setup;
  if (install.tool === 'pip') {
    const files = install.inputs.map((file) => `      ${file}`);
    return [...setup, '    cache: pip', '    cache-dependency-path: |', ...files];
  }
  const hashed = install.inputs.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ');
  return [
    ...setup,
    `- uses: ${CACHE}`,
    '  with:',
    `    path: ${yamlText(CACHES[install.tool])}`,
    `    key: ${install.tool}-\${{ runner.os }}-${version}-\${{ hashFiles(${hashed}) }}`,
  ];
};

/** devsetup installs as on a laptop: whichever tool it is, into one environment that later steps find on PATH. */
export const INSTALL_BACKEND: readonly string[] = [
  "- name: Install the backend's dependencies",
  '  run: |',
  '    python -m venv "$RUNNER_TEMP/venv"',
  '    echo "VIRTUAL_ENV=$RUNNER_TEMP/venv" >> "$GITHUB_ENV"',
  '    echo "$RUNNER_TEMP/venv/bin" >> "$GITHUB_PATH"',
  '    VIRTUAL_ENV="$RUNNER_TEMP/venv" npx --no-install devsetup --only backend-dependencies',
];
