import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DJANGO_52, ensureVenv } from '../../support/venv.ts';
import { ENDINGS, ENDINGS_APP } from './support/endings.ts';
import { observe, ofSchema, type Observed } from './support/observe.ts';
import { createProject } from './support/project.ts';
import { MODES, openStage, type Outcome, type Stage } from './support/run.ts';
import { withTenants } from './support/tenants.ts';

const SCHEMAS = ENDINGS.map(({ schema }) => schema);

let stage: Stage;
let plain: { outcome: Outcome; observed: Observed };
beforeAll(async () => {
  const project = await createProject({ histories: [ENDINGS_APP] });
  stage = await openStage(project, await ensureVenv(DJANGO_52), withTenants(SCHEMAS));
  const outcome = await stage.plain(SCHEMAS);
  plain = { outcome, observed: await observe(outcome) };
});
afterAll(() => stage.remove());

describe.each(MODES)('$name', (mode) => {
  let outcome: Outcome;
  let observed: Observed;
  beforeAll(async () => {
    outcome = await stage.devsetup(mode);
    observed = await observe(outcome);
  });

  test.each(ENDINGS)('$kind', ({ schema, says, differs }) => {
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
