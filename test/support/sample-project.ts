import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { copySample } from '../../src/demo/copy-sample.ts';
import { removeFolder } from './remove-folder.ts';

export const SAMPLE = path.resolve(import.meta.dirname, '../../templates/demo');

export interface SampleProject {
  /** The checkout: `backend/` and, with `dependencies`, `frontend/`. */
  readonly root: string;
  readonly backend: string;
  readonly managePy: string;
  readonly settings: string;
  readonly frontend: string;
  /** Where `configure` writes; not there until it does. */
  readonly config: string;
  remove(): Promise<void>;
}

/** One deviation from the sample; they are applied in order and can be combined. See variations.ts. */
export type Variation = (project: SampleProject) => Promise<void>;

export interface SampleOptions {
  readonly variations?: readonly Variation[];
  /** The new project's folder; default: a fresh temporary one. */
  readonly into?: string;
  /** True keeps requirements.txt and frontend/, so that devsetup installs. Default: false, the test brings a virtual environment. */
  readonly dependencies?: boolean;
}

/** A copy of the demo's backend to try things on. */
export const createSampleProject = async (options: SampleOptions = {}): Promise<SampleProject> => {
  const root = options.into ?? (await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-sample-'))));
  await copySample(SAMPLE, root);
  const backend = path.join(root, 'backend');
  const project: SampleProject = {
    root,
    backend,
    managePy: path.join(backend, 'manage.py'),
    settings: path.join(backend, 'config/settings.py'),
    frontend: path.join(root, 'frontend'),
    config: path.join(root, 'devsetup.config.json'),
    remove: () => removeFolder(root),
  };
  if (options.dependencies !== true) {
    await rm(path.join(backend, 'requirements.txt'));
    await rm(project.frontend, { recursive: true });
  }
  for (const vary of options.variations ?? []) await vary(project);
  return project;
};

/** Writes a file of the project, given by its path from the root; folders are made. */
export const writeProjectFile = async (project: SampleProject, name: string, text: string): Promise<string> => {
  const file = path.join(project.root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
};

/** Replaces a piece of a project file that must be there. */
export const editProjectFile = async (
  project: SampleProject,
  name: string,
  find: string | RegExp,
  replacement: string,
): Promise<void> => {
  const file = path.join(project.root, name);
  const text = await readFile(file, 'utf8');
  const edited = text.replace(find, () => replacement);
  if (edited === text) throw new Error(`${name} of the sample has no ${String(find)}`);
  await writeFile(file, edited);
};

export const appendSettings = async (project: SampleProject, code: string): Promise<void> => {
  const text = await readFile(project.settings, 'utf8');
  await writeFile(project.settings, `${text}\n${code.trim()}\n`);
};
