import { existsSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { runDevsetup, startDevsetup } from '../../support/run-devsetup.ts';
import { createSampleProject, writeProjectFile, type SampleProject } from '../../support/sample-project.ts';
import { cleanUpAfterEach, processesOf, stepOf } from './support/faults.ts';
import { until } from '../../support/until.ts';

const keep = cleanUpAfterEach();
const ONLY = ['--only', 'backend-dependencies'];

const findVenv = (project: SampleProject): string | undefined =>
  [project.root, project.backend].map((folder) => path.join(folder, '.venv')).find(existsSync);

const expectInstalled = async (project: SampleProject): Promise<void> => {
  const again = await runDevsetup(['--json', ...ONLY], { cwd: project.root });
  expect(again).toMatchObject({ exitCode: 0 });
  expect(stepOf(again, 'backend-dependencies').status).toBe('changed');
  const third = await runDevsetup(['--json', ...ONLY], { cwd: project.root });
  expect(stepOf(third, 'backend-dependencies').status).toBe('unchanged');
};

describe('an installation', () => {
  it('is interrupted while it builds a package: no process is left, a re-run installs', async () => {
    const project = keep(await createSampleProject());
    await writeSlowPackage(project);
    const run = startDevsetup(['--ui', 'plain', ...ONLY], { cwd: project.root });
    await until('the package is being built', () => existsSync(path.join(project.root, 'building')));
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended.exitCode).toBe(130);
    expect(ended.stdout).toMatch(/Backend dependencies: interrupted/);
    await until('nothing is left running', () => processesOf(project.root).length === 0);
    await writeProjectFile(project, 'go', '');
    await expectInstalled(project);
  });

  it('is interrupted while it creates the virtual environment: the next run recreates it', async () => {
    const project = keep(await createSampleProject());
    await writeSlowPackage(project);
    await writeProjectFile(project, 'go', '');
    const run = startDevsetup(['--ui', 'plain', ...ONLY], { cwd: project.root });
    await until('there is an interpreter', () => existsSync(path.join(findVenv(project) ?? '', 'bin/python')));
    run.child.kill('SIGINT');
    expect((await run.ended).exitCode).toBe(130);
    await expectInstalled(project);
  });

  it('survives kill -9 of devsetup: a re-run installs', async () => {
    expect.hasAssertions();
    const project = keep(await createSampleProject());
    await writeSlowPackage(project);
    const run = startDevsetup(['--ui', 'plain', ...ONLY], { cwd: project.root });
    await until('the package is being built', () => existsSync(path.join(project.root, 'building')));
    run.child.kill('SIGKILL');
    await run.ended;
    await writeProjectFile(project, 'go', '');
    await expectInstalled(project);
    await until('nothing is left running', () => processesOf(project.root).length === 0);
  });
});

/** A requirement that needs no registry, and a minute to build unless there is a file `go`. */
const writeSlowPackage = async (project: SampleProject): Promise<void> => {
  await writeProjectFile(project, 'backend/requirements.txt', './slow\n');
  await writeProjectFile(
    project,
    'backend/slow/pyproject.toml',
    '[build-system]\nrequires = []\nbuild-backend = "build_slowly"\nbackend-path = ["."]\n',
  );
  await writeProjectFile(
    project,
    'backend/slow/build_slowly.py',
    `import pathlib, time, zipfile

ROOT = pathlib.Path(${JSON.stringify(project.root)})


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    (ROOT / "building").write_text("")
    for _ in range(600):
        if (ROOT / "go").exists():
            break
        time.sleep(0.1)
    name = "slow-1.0-py3-none-any.whl"
    info = "slow-1.0.dist-info/"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / name, "w") as wheel:
        wheel.writestr("django/__init__.py", "")
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: slow\\nVersion: 1.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: slow\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return name
`,
  );
};
