import { cp, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

import { cleanEnvironment, runProgram, type ProgramRun } from '../../e2e/support/run-program.ts';
import { removeImages } from '../support/remove-traces.ts';
import type { Suite } from '../support/suite.ts';
import { copyFeature } from './feature-folder.ts';

const manifest = createRequire(import.meta.url).resolve('@devcontainers/cli/package.json');
const PROGRAM = path.join(path.dirname(manifest), 'devcontainer.js');

export interface FeatureTests {
  /** The package that is installed. */
  readonly tarball: string;
  /** For test.sh and duplicate.sh. */
  readonly image: string;
  readonly user: string;
  /** name → devcontainer.json; the script is scripts/<name>.sh. */
  readonly scenarios: Readonly<Record<string, object>>;
}

/** Runs `devcontainer features test` over the Feature and scripts/, in the layout of a repository of Features. */
export const runFeatureTests = async (tests: FeatureTests, suite: Suite): Promise<ProgramRun> => {
  const collection = await mkdtemp(path.join(suite.root, 'collection-'));
  const scripts = path.join(collection, 'test/devsetup');
  await copyFeature(path.join(collection, 'src/devsetup'), tests.tarball);
  await cp(path.join(import.meta.dirname, 'scripts'), scripts, { recursive: true });
  await writeFile(path.join(scripts, 'scenarios.json'), JSON.stringify(tests.scenarios));

  // It leaves its projects behind, and the images named after their folders.
  const temporary = path.join(collection, 'tmp');
  await mkdir(temporary);
  const args = ['features', 'test', '--project-folder', collection, '--features', 'devsetup'];
  const env = cleanEnvironment({ ...suite.env, TMPDIR: temporary });
  try {
    const more = ['--base-image', tests.image, '--remote-user', tests.user];
    return await runProgram(process.execPath, [PROGRAM, ...args, ...more], { cwd: collection, env });
  } finally {
    const projects = await readdir(path.join(temporary, 'devcontainercli/container-features-test')).catch(() => []);
    for (const project of projects) await removeImages(`vsc-${project}-`);
  }
};
