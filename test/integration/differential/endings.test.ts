import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DJANGO_42, DJANGO_52, DJANGO_61, ensureVenv } from '../../support/venv.ts';
import { isThorough } from '../../support/thoroughness.ts';
import { ENDINGS, ENDINGS_APP, type Ending } from './support/endings.ts';
import { observe, ofSchema, type Observed } from './support/observe.ts';
import { createProject } from './support/project.ts';
import { MODES, openStage, type Outcome, type Stage } from './support/run.ts';
import { withTenants } from './support/tenants.ts';

const everySecond = (from: number): readonly Ending[] => ENDINGS.filter((_, index) => index % 2 === from);

/** In all modes on one Django; each on one of the others, where the modes do not differ, in the first. */
const GENERATIONS = [
  { generation: 'Django 5.2', requirements: DJANGO_52, modes: MODES, endings: ENDINGS },
  { generation: 'Django 4.2', requirements: DJANGO_42, modes: MODES.slice(0, 1), endings: everySecond(0) },
  { generation: 'Django 6.1', requirements: DJANGO_61, modes: MODES.slice(0, 1), endings: everySecond(1) },
].slice(0, isThorough ? 3 : 1);

describe.each(GENERATIONS)('$generation', ({ requirements, modes, endings }) => {
  const schemas = endings.map(({ schema }) => schema);
  let stage: Stage;
  let plain: { outcome: Outcome; observed: Observed };
  beforeAll(async () => {
    const project = await createProject({ histories: [ENDINGS_APP] });
    stage = await openStage(project, await ensureVenv(requirements), withTenants(schemas));
    const outcome = await stage.plain(schemas);
    plain = { outcome, observed: await observe(outcome) };
  });
  afterAll(() => stage.remove());

  describe.each(modes)('$name', (mode) => {
    let outcome: Outcome;
    let observed: Observed;
    beforeAll(async () => {
      outcome = await stage.devsetup(mode);
      observed = await observe(outcome);
    });

    test.each(endings)('$kind', ({ schema, says, differs }) => {
      const [all, expected] = [ofSchema(observed, schema), ofSchema(plain.observed, schema)];
      expect(all.database).toEqual(expected.database);
      if (differs !== 'is tried again') expect(all.records).toEqual(expected.records);
      const [here, there] = [outcome.tenants.get(schema), plain.outcome.tenants.get(schema)];
      expect(here?.failed).toBe(differs === 'fails' || there?.failed);
      if (says !== null) {
        expect(there?.output).toContain(says);
        expect(here?.output).toContain(says);
      }
    });

    test('fails, and is not interrupted', () => {
      expect(outcome.exitCode, outcome.output).toBe(1);
    });
  });
});
