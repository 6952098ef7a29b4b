import { describe, expect, it } from 'vitest';

import { judgePython, type PythonFacts } from '../../../../src/project/judge-python.ts';
import { pyvenvVersion } from '../../../../src/project/python-problems.ts';
import { readPythonFacts } from '../../../../src/checks/toolchain/python-facts.ts';
import { pipfilePin, readPythonWishes, type PythonWish } from '../../../../src/project/python-wishes.ts';
import { makeTree } from '../../project/make-tree.ts';

const range = (text: string): PythonWish => ({ kind: 'range', source: 'pyproject.toml', file: 'pyproject.toml', text });

const pin = (file: string, ...minors: readonly number[]): PythonWish => ({
  kind: 'pin',
  source: file,
  file,
  text: minors.map((minor) => `3.${minor}`).join(' '),
  minors,
});

const PYTHON: PythonFacts = { minor: 11, version: '3.11.7', interpreter: '.venv/bin/python' };

const judge = (wishes: readonly PythonWish[], isEnforced = false, python: PythonFacts | null = PYTHON) =>
  judgePython(python, wishes, { isEnforced, remedyFor: (minor) => ({ text: `3.${minor}`, command: null }) });

const codes = (...wishes: readonly PythonWish[]): readonly string[] => judge(wishes).map(({ code }) => code);

describe('no finding', () => {
  it.each(['>=3.9,<4', '^3.11', '~=3.11', '>3.11', '>=3.10, !=3.12.*', '~3.10 || ~3.11', '*', '>=3.8'])(
    '%s',
    (text) => {
      expect(codes(range(text))).toEqual([]);
    },
  );

  it('one of several pins, as for a matrix of tests', () => {
    expect(codes(pin('.python-version', 12, 11, 10), pin('.tool-versions', 11), range('>=3.10'))).toEqual([]);
  });

  it('where the version is not known', () => {
    expect(judge([range('>=3.12'), pin('.python-version', 12)], true, null)).toEqual([]);
  });
});

describe('unsupported', () => {
  it('too old is an error, and names the next that suits', () => {
    const [problem] = judge([range('>=3.12')]);
    expect(problem).toMatchObject({
      code: 'python-version-unsupported',
      message: 'pyproject.toml asks for Python >=3.12, and .venv/bin/python is Python 3.11.7.',
      remedy: { text: '3.12' },
    });
    expect(problem?.severity).toBeUndefined();
  });

  it('too new is a warning, unless the tool refuses', () => {
    expect(judge([range('>=3.8,<3.11')])[0]).toMatchObject({ severity: 'warning', remedy: { text: '3.10' } });
    expect(judge([range('>=3.8,<3.11')], true)[0]?.severity).toBeUndefined();
  });
});

it('a pin beside a range is in its evidence, and no finding of its own', () => {
  const [problem, ...more] = judge([range('>=3.12'), pin('.python-version', 12)]);
  expect(more).toEqual([]);
  expect(problem?.evidence).toEqual(['pyproject.toml: >=3.12', '.python-version: 3.12']);
});

it('mismatch', () => {
  expect(judge([pin('.python-version', 12), range('>=3.11')])).toMatchObject([
    {
      code: 'python-version-mismatch',
      message: '.python-version asks for Python 3.12, and .venv/bin/python is Python 3.11.7.',
      remedy: { text: '3.12' },
    },
  ]);
});

describe('images and packages', () => {
  const packages: PythonWish = { kind: 'packages', source: 'r.txt (Django 4.0)', file: 'r.txt', text: '>=3.8,<3.11' };
  const image: PythonWish = { ...pin('Dockerfile', 12), kind: 'image', minors: [12] };

  it('a package that does not work on it is a warning where Python is newer, else an error', () => {
    expect(judge([packages], true)).toMatchObject([
      {
        code: 'python-version-unsupported',
        severity: 'warning',
        message: 'r.txt (Django 4.0) works on Python >=3.8,<3.11, and .venv/bin/python is Python 3.11.7.',
        remedy: { text: '3.10' },
      },
    ]);
    expect(judge([{ ...packages, text: '>=3.12' }])[0]?.severity).toBeUndefined();
  });

  it('the Python of an image is worth a note, and a pin comes first', () => {
    expect(judge([image])).toMatchObject([{ code: 'python-version-mismatch', severity: 'info' }]);
    expect(judge([image, pin('.python-version', 12)])).toMatchObject([{ place: { file: '.python-version' } }]);
  });

  it('each contradicts a pin', () => {
    expect(codes(packages, pin('.python-version', 12))).toContain('python-version-contradiction');
    expect(codes(image, pin('.python-version', 11))).toEqual(['python-version-contradiction']);
  });
});

describe('contradiction', () => {
  it('of two pins; that one of them is not met follows from it', () => {
    const problems = judge([pin('.python-version', 12), pin('runtime.txt', 11)]);
    expect(problems.map(({ code }) => code)).toEqual(['python-version-contradiction']);
    expect(problems[0]?.message).toBe(
      '.python-version asks for Python 3.12, and runtime.txt for 3.11. In use is Python 3.11.7 (.venv/bin/python), which suits runtime.txt.',
    );
  });

  it('of an image and the wheels of a package is said once', () => {
    const wheels: PythonWish = { kind: 'wheels', source: 'r.txt (psycopg2-binary 2.8.3)', file: 'r.txt', text: '<3.8' };
    const image: PythonWish = { ...pin('Dockerfile (FROM)', 11), kind: 'image', minors: [11] };
    expect(judge([image, wheels]).map(({ message }) => message)).toEqual([
      'Dockerfile (FROM) asks for Python 3.11, and r.txt (psycopg2-binary 2.8.3) has wheels for Python <3.8 only. In use is Python 3.11.7 (.venv/bin/python), which suits Dockerfile (FROM).',
    ]);
    expect(judge([wheels]).map(({ message }) => message)).toEqual([
      'r.txt (psycopg2-binary 2.8.3) has wheels for Python <3.8 only, and .venv/bin/python is Python 3.11.7.',
    ]);
  });

  it('of a pin and a range; the range still counts', () => {
    expect(codes(range('>=3.12'), pin('.python-version', 11))).toEqual([
      'python-version-contradiction',
      'python-version-unsupported',
    ]);
  });

  it('without a Python', () => {
    const problems = judge([pin('.python-version', 12), pin('runtime.txt', 11)], false, null);
    expect(problems.map(({ code }) => code)).toEqual(['python-version-contradiction']);
  });
});

describe('what the files say', () => {
  const TREE = {
    'pyproject.toml': '[project]\nname = "all"\nrequires-python = ">=3.8"\n',
    'backend/pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.11"\n',
    'backend/Pipfile': '[requires]\npython_version = "3.11"\n',
    '.python-version': '3.12.4\n3.11\n',
    'backend/.tool-versions': '# asdf\nnodejs 20.1.0\npython 3.12.1 3.11.8\n',
    'runtime.txt': 'python-3.11.7\n',
  };

  it('the nearest of each kind; a Pipfile for pipenv only', async () => {
    const root = await makeTree(TREE);
    const read = async (tool: 'pip' | 'pipenv') =>
      (
        await readPythonWishes({
          root,
          backendDirectory: `${root}/backend`,
          requirements: { tool, directory: `${root}/backend`, inputs: [] },
        })
      ).map(({ source, text }) => `${source}: ${text}`);
    const pip = [
      'backend/pyproject.toml: ^3.11',
      '.python-version: 3.12.4 3.11',
      'backend/.tool-versions: 3.12.1 3.11.8',
      'runtime.txt: 3.11.7',
    ];
    expect(await read('pip')).toEqual(pip);
    expect(await read('pipenv')).toEqual([pip[0], 'backend/Pipfile (python_version): 3.11', ...pip.slice(1)]);
  });

  it.each(['system', 'pypy3.10-7.3.15', 'my-environment', '3.12\nsystem', '', '3', '>=3.11', '2.7.18'])(
    'nothing, by .python-version %j',
    async (text) => {
      const root = await makeTree({ '.python-version': text });
      expect(await readPythonWishes({ root, backendDirectory: root, requirements: null })).toEqual([]);
    },
  );

  it('a Pipfile that is not TOML says nothing', () => {
    expect(pipfilePin('Pipfile', '[requires')).toBeNull();
  });
});

describe('the version of an interpreter', () => {
  it.each([
    ['version = 3.11.7\n', '3.11.7'],
    ['home = /usr/bin\nversion_info = 3.12.1.final.0\n', '3.12.1'],
    ['uv = 0.5\nversion_info = 3.13.0\n', '3.13.0'],
    ['home = /usr/bin\n', null],
  ])('by %j', (text, version) => {
    expect(pyvenvVersion(text)).toBe(version);
  });

  const installed = async () => Promise.reject(new Error('Python was to be started'));

  it('comes from the files of a virtual environment, unless its interpreter was replaced', async () => {
    const root = await makeTree({
      'opt/bin/python3.12': { program: '' },
      '.venv/pyvenv.cfg': 'version = 3.12.4\n',
      '.venv/bin/python': { link: '../../opt/bin/python3.12' },
      'old/pyvenv.cfg': 'version = 3.11.4\n',
      'old/bin/python': { link: '../../opt/bin/python3.12' },
    });
    const read = (folder: string) =>
      readPythonFacts(
        { root, installed },
        {
          interpreter: `${root}/${folder}/bin/python`,
          venv: `${root}/${folder}`,
          exists: true,
          source: '.venv',
          basePython: `${root}/opt/bin/python3.12`,
        },
      );
    expect(await read('.venv')).toEqual({ minor: 12, version: '3.12.4', interpreter: '.venv/bin/python' });
    expect(await read('old')).toEqual({ minor: 12, version: '3.12', interpreter: 'old/bin/python' });
  });

  it('is that of the Python the environment is to be made with, where there is none', async () => {
    const root = await makeTree({ 'opt/bin/python3.12': { program: '' } });
    const facts = await readPythonFacts(
      { root, installed },
      {
        interpreter: `${root}/.venv/bin/python`,
        venv: `${root}/.venv`,
        exists: false,
        source: 'to be created',
        basePython: `${root}/opt/bin/python3.12`,
      },
    );
    expect(facts).toEqual({ minor: 12, version: '3.12', interpreter: 'opt/bin/python3.12' });
  });
});
