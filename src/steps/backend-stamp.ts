import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';

import type { BackendConfig } from '../config/config.ts';
import { hasShape, isListOf, isText, isTexts } from '../core/shape.ts';
import { findText, findTextOf } from '../project/files.ts';
import { findGonePlaces, listDistributions, mentionedNames, readPlaces } from '../project/list-distributions.ts';
import type { PythonEnvironment, Requirements } from '../project/types.ts';
import { hashInputs } from '../state/input-hash.ts';
import { readStamp, removeStamp, writeStamp, type StampPlace } from '../state/stamp.ts';
import type { StateStore } from '../state/state-store.ts';

/** What the last good installation left. */
export interface InstalledRecord {
  readonly inputs: string;
  /** What was then installed and named in the files; what else a user puts there is the user's. */
  readonly distributions: readonly InstalledDistribution[];
}

interface InstalledDistribution {
  /** Normalised. */
  readonly name: string;
  readonly version: string;
  /** Its packages and modules, as they are called in the folder of all. */
  readonly places: readonly string[];
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
  const distributions = venv === null ? [] : await describeMentioned(venv, texts.join('\n'));
  const record: InstalledRecord = { inputs, distributions };
  if (venv === null) store.write(STATE_KEY, record);
  else writeStamp(stampPlace(store, venv), record);
};

export const forgetInstalled = (store: StateStore, { venv }: PythonEnvironment): void =>
  venv === null ? store.remove(STATE_KEY) : removeStamp(stampPlace(store, venv));

const describeMentioned = async (venv: string, text: string): Promise<readonly InstalledDistribution[]> => {
  const found = await listDistributions(venv);
  const names = mentionedNames([...new Set(found.map(({ name }) => name))], text);
  const mentioned = found.filter(({ name }) => names.includes(name));
  return Promise.all(
    mentioned.map(async (each) => ({ name: each.name, version: each.version, places: await readPlaces(each) })),
  );
};

export interface Loss {
  /** e.g. `django`; `django 5.2.19 (5.1 is there)`; `django (django, django_extras)` with what is gone. */
  readonly text: string;
  /** The `dist-info` of a distribution with files that are gone: for an installer it is there as long as this folder is. */
  readonly orphan: string | null;
}

/** What was installed with success and is not there any more, or not as it was. */
export const findLosses = async (
  { venv }: PythonEnvironment,
  { distributions }: InstalledRecord,
): Promise<readonly Loss[]> => {
  if (venv === null || distributions.length === 0) return [];
  const present = await listDistributions(venv);
  return distributions.flatMap(({ name, version, places }): readonly Loss[] => {
    const same = present.filter((each) => each.name === name);
    const found = same.find((each) => each.version === version);
    if (found === undefined) {
      const [other] = same;
      return [{ text: other === undefined ? name : `${name} ${version} (${other.version} is there)`, orphan: null }];
    }
    const gone = findGonePlaces(found, places);
    return gone.length === 0 ? [] : [{ text: `${name} (${gone.join(', ')})`, orphan: found.information }];
  });
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

const isDistribution = hasShape({ name: isText, version: isText, places: isTexts });

const isRecord = hasShape({ inputs: isText, distributions: isListOf(isDistribution) });
