import { realpathSync, statSync } from 'node:fs';

import { findText } from '../project/files.ts';
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

/** To be called after success only. */
export const writeInstalled = async (
  store: StateStore,
  python: PythonEnvironment,
  requirements: Requirements,
): Promise<void> => {
  const { venv } = python;
  const inputs = await inputHash(requirements, python);
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

/** The interpreter is part of the inputs: packages of Python 3.11 are of no use to 3.12. */
export const inputHash = (requirements: Requirements, python: PythonEnvironment): Promise<string> => {
  const real = realpathSync(python.interpreter);
  const { size, mtimeMs } = statSync(real);
  return hashInputs(requirements.inputs, [requirements.tool, real, String(size), String(mtimeMs)]);
};

const isRecord = (kept: unknown): kept is InstalledRecord =>
  typeof kept === 'object' &&
  kept !== null &&
  'inputs' in kept &&
  'distributions' in kept &&
  Array.isArray(kept.distributions);
