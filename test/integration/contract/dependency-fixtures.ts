import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { writeProjectFile, type SampleProject, type Variation } from '../../support/sample-project.ts';
import { configure } from '../../support/variations.ts';
import type { Fixture } from './fixture.ts';
import { arrangeWithoutDependencies } from './workspaces.ts';

/** Makes a wheel without a registry: the smallest that an installer accepts. */
const WHEEL = `
import sys, zipfile
file, name, version, module = sys.argv[1:]
info = f"{name}-{version}.dist-info/"
contents = {
    f"{module}/__init__.py": "",
    info + "METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n",
    info + "WHEEL": "Wheel-Version: 1.0\\nGenerator: hand\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
}
record = info + "RECORD"
contents[record] = "".join(f"{entry},,\\n" for entry in [*contents, record])
with zipfile.ZipFile(file, "w") as wheel:
    for entry, text in contents.items():
        wheel.writestr(entry, text)
`;

const DJANGO = { file: 'Django-99.0-py3-none-any.whl', facts: ['Django', '99.0', 'django'] };
const SECOND = { file: 'shelves-1.0-py3-none-any.whl', facts: ['shelves', '1.0', 'shelves'] };

const wheelOf = (project: SampleProject, { file }: typeof DJANGO): string => path.join(project.backend, 'wheels', file);

const writeWheel = async (project: SampleProject, wheel: typeof DJANGO): Promise<void> => {
  await mkdir(path.join(project.backend, 'wheels'), { recursive: true });
  await promisify(execFile)('python3', ['-c', WHEEL, wheelOf(project, wheel), ...wheel.facts]);
};

const wheels: Variation = async (project) => {
  await writeWheel(project, DJANGO);
  await writeWheel(project, SECOND);
  await writeProjectFile(project, 'backend/requirements.txt', `./wheels/${DJANGO.file}\n./wheels/${SECOND.file}\n`);
};

/** Two wheels, the second of which is damaged: the environment is made, the installation is not. */
export const backendDependencies: Fixture = {
  arrange: () =>
    // A system Python that takes packages must not get these.
    arrangeWithoutDependencies({ variations: [wheels, configure({ backend: { venv: 'backend/.venv' } })] }),
  harm: ({ project }) => writeFile(wheelOf(project, SECOND), 'half of a wheel'),
  code: 'INSTALL_FAILED',
  mend: ({ project }) => writeWheel(project, SECOND),
};

const LOCK = {
  name: 'shelves',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': { name: 'shelves', version: '1.0.0', hasInstallScript: true, dependencies: { boards: 'file:boards' } },
    boards: { version: '1.0.0' },
    'node_modules/boards': { resolved: 'boards', link: true },
  },
};

const frontend: Variation = async (project) => {
  const manifest = {
    name: 'shelves',
    version: '1.0.0',
    private: true,
    scripts: { postinstall: 'test ! -f fault' },
    dependencies: { boards: 'file:boards' },
  };
  await writeProjectFile(project, 'frontend/package.json', JSON.stringify(manifest));
  await writeProjectFile(project, 'frontend/package-lock.json', JSON.stringify(LOCK));
  await writeProjectFile(project, 'frontend/boards/package.json', '{ "name": "boards", "version": "1.0.0" }');
};

/** node_modules is filled by the time the frontend's own script fails. */
export const frontendDependencies: Fixture = {
  arrange: () => arrangeWithoutDependencies({ variations: [frontend] }),
  harm: async ({ project }) => void (await writeProjectFile(project, 'frontend/fault', '')),
  code: 'INSTALL_FAILED',
  mend: ({ project }) => rm(path.join(project.frontend, 'fault')),
};
