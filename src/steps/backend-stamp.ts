import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';

import type { BackendConfig } from '../config/config.ts';
import { hasShape, isListOf, isText } from '../core/shape.ts';
import { findText, findTextOf } from '../project/files.ts';
import { listDistributions, mentionedNames } from '../project/list-distributions.ts';
import type { PythonEnvironment, Requirements } from '../project/types.ts';
import { hashInputs } from '../state/input-hash.ts';
import { readStamp, removeStamp, writeStamp, type StampPlace } from '../state/stamp.ts';
import type { StateStore } from '../state/state-store.ts';

/** What the last good installation left. */
export interface InstalledRecord {
  readonly inputs: string;
  /** Normalised names of what was then installed and named in the files; what else a user puts there is the user's. */
  readonly distributions: readonly string[];
}

/** In the virtual environment itself; what is installed without one is remembered for this checkout. */
const STATE_KEY = 'backend-dependencies';

const stampPlace = (store: StateStore, venv: string): StampPlace => ({ environment: venv, store, key: STATE_KEY });

export const readInstalled = (store: StateStore, { venv }: PythonEnvironment): InstalledRecord | undefined => {
  const kept = venv === null ? store.read(STATE_KEY) : readStamp(stampPlace(store, venv));
  return isRecord(kept) ? kept : undefined;
};

/** What is installed, with what of the configuration, into which environment. */
export interface Installation {
  readonly requirements: Requirements;
  readonly python: PythonEnvironment;
  readonly config: Pick<BackendConfig, 'groups' | 'extras'>;
}

/** To be called after success only: what the installation itself has written, such as a lock file, then counts as it was left. */
export const writeInstalled = async (store: StateStore, installation: Installation): Promise<void> => {
  const { requirements, python } = installation;
  const { venv } = python;
  const inputs = await inputHash(installation);
  const texts = await Promise.all(requirements.inputs.map(findText));
  const distributions = venv === null ? [] : mentionedNames(await listDistributions(venv), texts.join('\n'));
  const record: InstalledRecord = { inputs, distributions };
  if (venv === null) store.write(STATE_KEY, record);
  else writeStamp(stampPlace(store, venv), record);
};

export const forgetInstalled = (store: StateStore, { venv }: PythonEnvironment): void =>
  venv === null ? store.remove(STATE_KEY) : removeStamp(stampPlace(store, venv));

/** What was installed with success and is not there any more. */
export const lostDistributions = async (
  { venv }: PythonEnvironment,
  { distributions }: InstalledRecord,
): Promise<readonly string[]> => {
  if (venv === null || distributions.length === 0) return [];
  const present = new Set(await listDistributions(venv));
  return distributions.filter((name) => !present.has(name));
};

/**
 * The interpreter is part of the inputs: packages of Python 3.11 are of no use to 3.12. So is the pip.conf of a virtual environment
 * (pip.pypa.io, "Configuration": the site level), which may lie outside the checkout.
 */
export const inputHash = async ({ requirements, python, config }: Installation): Promise<string> => {
  const real = realpathSync(python.interpreter);
  const { size, mtimeMs } = statSync(real);
  const pipConf =
    python.venv === null ? undefined : await findTextOf(path.join(python.venv, 'pip.conf'), { anywhere: true });
  return hashInputs(requirements.inputs, [
    requirements.tool,
    real,
    String(size),
    String(mtimeMs),
    JSON.stringify([config.groups, config.extras]),
    pipConf ?? '',
  ]);
};

const isRecord = hasShape({ inputs: isText, distributions: isListOf(isText) });
