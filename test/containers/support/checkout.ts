import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { parseDocument } from 'yaml';

import type { InitReport } from '../../../src/core/init-report.ts';
import { cleanEnvironment, runToSuccess } from '../../e2e/support/run-program.ts';
import { createSampleProject } from '../../support/sample-project.ts';
import { PYTHON_IMAGE, WORKED_IN } from './base-images.ts';
import { giveToContainerUser } from './container-user.ts';
import { initCheckout } from './init-checkout.ts';
import type { Suite } from './suite.ts';

export interface Checkout {
  readonly folder: string;
  /** What `devsetup init` said. */
  readonly init: InitReport;
  /** Sets values of docker-compose.yml, each by its path in it. */
  changeCompose(changes: readonly (readonly [readonly string[], unknown])[]): Promise<void>;
  /** docker-compose.yml as it was made. */
  restoreCompose(): Promise<void>;
}

/** A plain Django repository, as somebody would have cloned it, to which `devsetup init` has given its dev container. */
export const createCheckout = async (name: string, suite: Suite, ...flags: readonly string[]): Promise<Checkout> => {
  const folder = path.join(suite.root, name);
  await createSampleProject({ into: folder, dependencies: true });
  const git = (...args: string[]): Promise<unknown> =>
    runToSuccess('git', args, { cwd: folder, env: cleanEnvironment() });
  await git('init', '--quiet');
  await git('add', '.');
  await git('-c', 'user.name=Test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '--message', 'A library');
  const init = await initCheckout(folder, suite, ...flags);
  if (init.exitCode !== 0) throw new Error(`devsetup init: ${JSON.stringify(init, null, 2)}`);

  const compose = path.join(folder, '.devcontainer/docker-compose.yml');
  const changeCompose: Checkout['changeCompose'] = async (changes) => {
    const document = parseDocument(await readFile(compose, 'utf8'));
    for (const [place, value] of changes) document.setIn(place, value);
    await writeFile(compose, String(document));
  };
  if (WORKED_IN !== PYTHON_IMAGE)
    await changeCompose([[['services', 'app', 'build', 'args', 'BASE_IMAGE'], WORKED_IN]]);
  const made = await readFile(compose, 'utf8');
  await giveToContainerUser(folder);
  return { folder, init, changeCompose, restoreCompose: () => writeFile(compose, made) };
};
