import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import type { TestProject } from 'vitest/node';

import { installPackage } from '../../e2e/support/installed-package.ts';
import { ensureBaseImages } from './base-images.ts';
import { findEngine, hasBuildKit } from './engine.ts';
import { giveToContainerUser } from './container-user.ts';
import { createRunFolder, removeDeadRuns, removeRun } from './run-folder.ts';
// For its declaration of what is provided.
import './suite.ts';

const say = (line: string): boolean => process.stderr.write(`containers: ${line}\n`);

/** Skips where no engine can be used, which is a failure with CI=true; else prepares what all tests share, and clears up after them. */
export default async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const engine = await findEngine();
  if (!engine.ok) {
    if (process.env['CI'] === 'true') throw new Error(`The container tests cannot run: ${engine.reason}.`);
    say(`skipped: ${engine.reason}`);
    project.provide('containers', engine);
    return undefined;
  }
  say(engine.description);
  await removeDeadRuns();
  await ensureBaseImages();

  const folder = await createRunFolder();
  const { id, root } = folder;
  const installed = await installPackage();
  const clearUp = async (): Promise<void> => {
    await removeRun(folder);
    await installed.remove();
  };
  try {
    const tarball = path.join(root, path.basename(installed.tarball));
    await copyFile(installed.tarball, tarball);
    await mkdir(path.join(root, '.cache'));
    await giveToContainerUser(root);
    const withBuildKit = await hasBuildKit();
    const env = withBuildKit ? {} : { DOCKER_BUILDKIT: '0' };
    const suite = { id, root, tarball, cli: installed.cli, hasBuildKit: withBuildKit, env };
    project.provide('containers', { ok: true, suite });
  } catch (error) {
    await clearUp();
    throw error;
  }
  return clearUp;
};
