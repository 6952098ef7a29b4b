import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPythonWishes } from '../../../src/project/python-wishes.ts';
import { suitableMinors } from '../../../src/project/suitable-minors.ts';
import { makeTree, type Tree } from './make-tree.ts';

const suitable = async (tree: Tree, minors = [8, 9, 10, 11, 12, 13]): Promise<readonly number[]> => {
  const root = await makeTree(tree);
  const inputs = Object.keys(tree)
    .filter((name) => name === 'requirements.txt')
    .map((name) => path.join(root, name));
  const requirements = { tool: 'pipenv', directory: root, inputs } as const;
  return suitableMinors(minors, await readPythonWishes({ root, backendDirectory: root, requirements }));
};

const POETRY = '[tool.poetry.dependencies]\npython = ';

/** The one that a reader of the project believes first: what installers enforce, what developers work with, what it is deployed on. */
const SOURCES: readonly (readonly [string, (minor: number) => Tree])[] = [
  ['pyproject.toml', (minor) => ({ 'pyproject.toml': `${POETRY}"~3.${minor}"\n` })],
  ['setup.cfg', (minor) => ({ 'setup.cfg': `[options]\npython_requires = ==3.${minor}.*\n` })],
  ['Pipfile', (minor) => ({ Pipfile: `[requires]\npython_version = "3.${minor}"\n` })],
  ['.python-version', (minor) => ({ '.python-version': `3.${minor}.2\n` })],
  ['.tool-versions', (minor) => ({ '.tool-versions': `nodejs 20.1.0\npython 3.${minor}.9\n` })],
  ['mise.toml', (minor) => ({ 'mise.toml': `[tools]\npython = "3.${minor}"\n` })],
  ['runtime.txt', (minor) => ({ 'runtime.txt': `python-3.${minor}.6\n` })],
  [
    'the dev container',
    (minor) => ({
      '.devcontainer/devcontainer.json': `{ "image": "mcr.microsoft.com/devcontainers/python:3.${minor}" }`,
    }),
  ],
  ['Dockerfile', (minor) => ({ Dockerfile: `FROM python:3.${minor}-slim\n` })],
];

describe.each(SOURCES.slice(0, -1).map(([name, write], index) => ({ name, write, weaker: SOURCES.slice(index + 1) })))(
  '$name counts for more than',
  ({ write, weaker }) => {
    it.each(weaker)('%s, be it older or newer', async (_, other) => {
      expect(await suitable({ ...write(12), ...other(10) })).toEqual([12]);
      expect(await suitable({ ...write(10), ...other(12) })).toEqual([10]);
      // What is not installed is no choice.
      expect(await suitable({ ...write(12), ...other(10) }, [10, 11])).toEqual([10]);
      expect(await suitable({ ...write(12), ...other(10) }, [8, 11])).toEqual([11]);
    });
  },
);

describe('a package', () => {
  const pinned = (...lines: readonly string[]): Tree => ({ 'requirements.txt': `${lines.join('\n')}\n` });
  const of = (source: string, minor: number): Tree => SOURCES.find(([name]) => name === source)?.[1](minor) ?? {};

  it.each<[string, Tree, readonly number[]]>([
    ['that pip refuses: a left-over pin', { ...pinned('Django==5.0.1'), ...of('runtime.txt', 8) }, [10]],
    ['that pip refuses: an old image', { ...pinned('Django==5.0.1'), ...of('Dockerfile', 9) }, [10]],
    ['that does not start there: a new image', { ...pinned('Django==2.2.28'), ...of('Dockerfile', 12) }, [11]],
    ['that does not start there: a pin', { ...pinned('Django==2.2.28'), ...of('.python-version', 13) }, [11]],
    [
      'that does not start there: the installer decides',
      { ...pinned('Django==2.2.28'), ...of('pyproject.toml', 12) },
      [12],
    ],
    ['of wheels only: an image', { ...pinned('psycopg[binary]==3.1.8'), ...of('Dockerfile', 13) }, [11]],
    ['of wheels only: a pin', { ...pinned('psycopg[binary]==3.1.8'), ...of('Pipfile', 12) }, [11]],
    ['that can be compiled: the image runs it', { ...pinned('psycopg2-binary==2.8.3'), ...of('Dockerfile', 10) }, [10]],
    [
      'that can be compiled: the image, beside a wheel',
      { ...pinned('psycopg2-binary==2.9.5'), ...of('Dockerfile', 12) },
      [12],
    ],
    ['that can be compiled: a pin', { ...pinned('psycopg2-binary==2.9.5'), ...of('.tool-versions', 12) }, [12]],
    [
      'that can be compiled: not on an older Python',
      { ...pinned('psycopg2-binary==2.9.11'), ...of('Dockerfile', 8) },
      [9],
    ],
    ['that can be compiled, and nothing else: the nearest', pinned('psycopg2-binary==2.8.2'), [8]],
    ['that can be compiled: where there is a wheel', pinned('psycopg2-binary==2.9.3'), [8, 9, 10]],
    ['beside another one', pinned('Django==4.0.8', 'psycopg2-binary==2.9.1'), [8, 9, 10]],
    [
      'beside an image that suits it',
      { ...pinned('Django==3.2.25', 'psycopg2-binary==2.8.3'), ...of('Dockerfile', 10) },
      [10],
    ],
    ['beside an image that is not installed', { ...pinned('Django==4.2.29'), ...of('Dockerfile', 14) }, [13]],
  ])('%s', async (_, tree, expected) => {
    expect(await suitable(tree)).toEqual(expected);
  });
});

it('three that contradict each other: the strongest that is installed', async () => {
  const tree = { '.python-version': '3.12.1\n', 'runtime.txt': 'python-3.11.2\n', Dockerfile: 'FROM python:3.10\n' };
  expect(await suitable(tree)).toEqual([12]);
  expect(await suitable(tree, [10, 11])).toEqual([11]);
  expect(await suitable({ ...tree, 'setup.cfg': '[options]\npython_requires = <3.12\n' })).toEqual([11]);
});
