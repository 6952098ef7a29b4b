import process from 'node:process';

import type { TestProject } from 'vitest/node';

import { findObstacle, startRig, type Rig } from './rig.ts';

export type ProvidedRig = { readonly ok: true; readonly rig: Rig } | { readonly ok: false; readonly reason: string };

declare module 'vitest' {
  interface ProvidedContext {
    readonly rig: ProvidedRig;
  }
}

/** Skips where a part cannot be had, which is a failure with CI=true. */
export default async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const reason = await findObstacle();
  if (reason !== null) {
    if (process.env['CI'] === 'true') throw new Error(`The pipelines cannot be run: ${reason}.`);
    process.stderr.write(`pipelines: skipped: ${reason}\n`);
    project.provide('rig', { ok: false, reason });
    return undefined;
  }
  const { rig, stop } = await startRig();
  project.provide('rig', { ok: true, rig });
  return stop;
};
