import type { Layout } from './layout.ts';

type Files = Readonly<Record<string, string>>;

export interface DependencyLayout {
  /** By paths from the root. */
  readonly files: Files;
  /** What the last command of the plan looks like; null: nothing is to be installed. */
  readonly command: RegExp | null;
}

const REQUIREMENTS = 'Django>=4.2\npsycopg2-binary\n';
const PROJECT = '[project]\nname = "site"\nversion = "1"\ndependencies = ["Django>=4.2", "psycopg2-binary"]\n';
const POETRY = '[tool.poetry]\nname = "site"\nversion = "1"\n[tool.poetry.dependencies]\nDjango = "*"\n';
const LOCKED = '[[package]]\nname = "django"\nversion = "5.2"\n';

/** pip's or, where uv is on PATH, uv's. */
const pip = (files: string): RegExp => new RegExp(String.raw`pip install .*-r ${files}$`);

/** Requirement files of the layout; `backend` is the path of manage.py's folder from the root, '' for the root itself. */
export const dependencyFiles = (kind: Layout['dependencies'], backend: string): DependencyLayout => {
  const at = (name: string): string => (backend === '' ? name : `${backend}/${name}`);
  const lock = (name: string, manifest: string, text: string, command: RegExp): DependencyLayout => ({
    files: { [at(name)]: text, [at(name === 'Pipfile.lock' ? 'Pipfile' : 'pyproject.toml')]: manifest },
    command,
  });
  switch (kind) {
    case 'none':
      return { files: {}, command: null };
    case 'beside':
      return { files: { [at('requirements.txt')]: REQUIREMENTS }, command: pip(String.raw`\S*requirements\.txt`) };
    case 'root':
      return { files: { 'requirements.txt': REQUIREMENTS }, command: pip(String.raw`\S*requirements\.txt`) };
    case 'elsewhere':
      return {
        files: { 'deployment/requirements.txt': REQUIREMENTS },
        command: pip(String.raw`\S*deployment/requirements\.txt`),
      };
    case 'folder':
      return {
        files: {
          [at('requirements/base.txt')]: REQUIREMENTS,
          [at('requirements/development.txt')]: '-r base.txt\nipython\n',
          [at('requirements/production.txt')]: '-r base.txt\ngunicorn\n',
        },
        command: pip(String.raw`\S*requirements/development\.txt`),
      };
    case 'two files':
      return {
        files: { [at('requirements.txt')]: REQUIREMENTS, [at('requirements-dev.txt')]: 'pytest\n' },
        command: pip(String.raw`\S*requirements\.txt -r \S*requirements-dev\.txt`),
      };
    case 'pyproject':
      return {
        files: { [at('pyproject.toml')]: PROJECT },
        command: /pip install .*(?:Django>=4\.2 psycopg2-binary|-r \S*pyproject\.toml)$/,
      };
    case 'uv.lock':
      return lock('uv.lock', PROJECT, LOCKED, /uv sync --locked$/);
    case 'poetry.lock':
      return lock('poetry.lock', POETRY, LOCKED, /poetry install --no-interaction --no-root$/);
    case 'poetry.lock and requirements': {
      const { files, command } = lock('poetry.lock', POETRY, LOCKED, /poetry install --no-interaction --no-root$/);
      return { files: { ...files, [at('requirements.txt')]: REQUIREMENTS }, command };
    }
    case 'pdm.lock':
      return lock('pdm.lock', PROJECT, LOCKED, /pdm sync --no-self --no-editable$/);
    case 'Pipfile.lock':
      return lock(
        'Pipfile.lock',
        '[packages]\ndjango = "*"\n',
        JSON.stringify({ default: { django: { version: '==5.2' } } }, null, 2),
        /pipenv sync --dev$/,
      );
  }
};
