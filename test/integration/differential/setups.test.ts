import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DJANGO_42, DJANGO_52, DJANGO_61, ensureVenv } from '../../support/venv.ts';
import { observe, type Observed } from './support/observe.ts';
import { createProject } from './support/project.ts';
import { MODES, openStage, type Mode, type Outcome, type Stage } from './support/run.ts';
import { SETUPS } from './support/setups.ts';

const GENERATIONS = [DJANGO_52, DJANGO_42, DJANGO_61];

/** All for the first setup, two for each other one, in turn: every mode meets every Django. */
const modesOf = (index: number): readonly Mode[] => {
  const pairs = Math.ceil(MODES.length / 2);
  const turn = Math.floor(index / GENERATIONS.length) % pairs;
  return MODES.filter((_, mode) => index === 0 || mode % pairs === turn);
};

describe.each(SETUPS.map((setup, index) => ({ ...setup, index })))('$kind', (setup) => {
  let stage: Stage;
  let plain: { outcome: Outcome; observed: Observed };
  beforeAll(async () => {
    const { histories, settings = '', files = {} } = setup;
    const python = await ensureVenv(GENERATIONS[setup.index % GENERATIONS.length] ?? DJANGO_52);
    stage = await openStage(await createProject({ histories, settings, files }), python, setup.prepare);
    const outcome = await stage.plain(setup.schemas, setup.withoutSchema);
    plain = { outcome, observed: await observe(outcome) };
    if ((outcome.exitCode !== 0) !== (setup.isRefused ?? false)) throw new Error(`of plain Django:\n${outcome.output}`);
  });
  afterAll(() => stage?.remove());

  test.each(modesOf(setup.index))('$name', async (mode) => {
    const outcome = await stage.devsetup(mode);
    expect(outcome.exitCode, outcome.output).toBe(setup.isRefused === true ? 1 : 0);
    const observed = await observe(outcome);
    expect(observed.database).toEqual(plain.observed.database);
    if (setup.isRefused !== true) expect(observed.records).toEqual(plain.observed.records);
  });
});
