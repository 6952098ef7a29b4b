import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StampPlace } from '../../../src/state/stamp.ts';
import { readStamp, removeStamp, writeStamp } from '../../../src/state/stamp.ts';
import { openStateStore } from '../../../src/state/state-store.ts';

let directory: string;
let place: StampPlace;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stamp-'));
  const environment = join(directory, 'venv');
  mkdirSync(environment);
  place = { environment, store: openStateStore(join(directory, 'state')), key: 'backend-dependencies' };
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('a stamp', () => {
  test('lies in the environment and dies with it', () => {
    expect(readStamp(place)).toBeUndefined();
    writeStamp(place, { hash: 'a' });
    expect(readStamp(place)).toEqual({ hash: 'a' });
    expect(readdirSync(directory)).toEqual(['venv']);
    rmSync(place.environment, { recursive: true });
    expect(readStamp(place)).toBeUndefined();
    mkdirSync(place.environment);
    expect(readStamp(place)).toBeUndefined();
  });

  test('is gone once it is removed: before work begins', () => {
    writeStamp(place, { hash: 'a' });
    removeStamp(place);
    expect(readStamp(place)).toBeUndefined();
  });

  test('that is damaged counts as none', () => {
    writeFileSync(join(place.environment, '.devsetup-stamp.json'), '{"ha');
    expect(readStamp(place)).toBeUndefined();
  });
});

describe('where the environment cannot be written', () => {
  // A directory of the stamp's name stops root, too.
  beforeEach(() => void mkdirSync(join(place.environment, '.devsetup-stamp.json', 'x'), { recursive: true }));

  test('the state store keeps it', () => {
    writeStamp(place, { hash: 'a' });
    const later = { ...place, store: openStateStore(place.store.directory) };
    expect(readStamp(later)).toEqual({ hash: 'a' });
    removeStamp(later);
    expect(readStamp(later)).toBeUndefined();
  });

  test('it still dies with the environment', () => {
    writeStamp(place, { hash: 'a' });
    rmSync(place.environment, { recursive: true });
    expect(readStamp(place)).toBeUndefined();
    // Another folder first, which may get the number of the old one.
    mkdirSync(join(directory, 'other'));
    mkdirSync(place.environment);
    expect(readStamp(place)).toBeUndefined();
  });
});
