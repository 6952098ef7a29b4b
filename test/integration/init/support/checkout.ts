import { mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import type { InitReport } from '../../../../src/core/init-report.ts';
import { createSampleProject } from '../../../support/sample-project.ts';
import { runDevsetup, type DevsetupRun } from '../../../support/run-devsetup.ts';

export interface InitRun extends Omit<DevsetupRun, 'json'> {
  readonly report: InitReport;
}

export interface Checkout {
  readonly root: string;
  readonly at: (name: string) => string;
  readonly read: (name: string) => Promise<string>;
  readonly write: (name: string, text: string) => Promise<void>;
  readonly exists: (name: string) => Promise<boolean>;
  readonly edit: (name: string, change: (text: string) => string) => Promise<void>;
  /** `init --yes --no-install` with these flags, as text. */
  readonly init: (...flags: string[]) => Promise<DevsetupRun>;
  /** The same, as a report. */
  readonly report: (...flags: string[]) => Promise<InitRun>;
  readonly remove: () => Promise<void>;
}

const USUAL = ['init', '--yes', '--no-install'];

const openCheckout = (root: string): Checkout => {
  const at = (name: string): string => path.join(root, name);
  const read = (name: string): Promise<string> => readFile(at(name), 'utf8');
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(path.dirname(at(name)), { recursive: true });
    await writeFile(at(name), text);
  };
  return {
    root,
    at,
    read,
    write,
    exists: async (name) => (await stat(at(name)).catch(() => undefined)) !== undefined,
    edit: async (name, change) => write(name, change(await read(name))),
    init: (...flags) => runDevsetup([...USUAL, ...flags], { cwd: root }),
    report: async (...flags) => {
      const run = await runDevsetup([...USUAL, '--json', ...flags], { cwd: root });
      return { ...run, report: JSON.parse(run.stdout) as InitReport };
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
};

/** A copy of the sample, as somebody would have cloned it. */
export const sampleCheckout = async (): Promise<Checkout> => {
  const { root } = await createSampleProject({ dependencies: true });
  await mkdir(path.join(root, '.git'));
  return openCheckout(root);
};

/** A checkout that holds these files alone. */
export const checkoutOf = async (files: Readonly<Record<string, string>>): Promise<Checkout> => {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-init-')));
  const checkout = openCheckout(root);
  await mkdir(path.join(root, '.git'));
  for (const [name, text] of Object.entries(files)) await checkout.write(name, text);
  return checkout;
};

export const MANAGE_PY = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\n";
