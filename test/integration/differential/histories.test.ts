import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DJANGO_42, DJANGO_52, DJANGO_61, ensureVenv } from '../../support/venv.ts';
import { isThorough } from '../../support/thoroughness.ts';
import { HISTORIES, ROUTER } from './support/histories.ts';
import { draws, observe, ofApp, printed, type Observed } from './support/observe.ts';
import { createProject } from './support/project.ts';
import { MODES, openStage, type Outcome, type Stage } from './support/run.ts';
import { withTenants } from './support/tenants.ts';

const SCHEMAS = ['one', 'two', 'three'];

/** In all modes on one Django; on the others in forked and in fresh processes. */
const GENERATIONS = [
  { generation: 'Django 5.2', requirements: DJANGO_52, modes: MODES },
  { generation: 'Django 4.2', requirements: DJANGO_42, modes: MODES.slice(0, 2) },
  { generation: 'Django 6.1', requirements: DJANGO_61, modes: MODES.slice(0, 2) },
].slice(0, isThorough ? 3 : 1);

describe.each(GENERATIONS)('$generation', ({ requirements, modes }) => {
  let stage: Stage;
  let plain: { outcome: Outcome; observed: Observed };
  beforeAll(async () => {
    const project = await createProject({
      histories: HISTORIES,
      settings: 'DATABASE_ROUTERS.append("config.routers.LeavesOut")',
      files: { 'config/routers.py': ROUTER },
    });
    stage = await openStage(project, await ensureVenv(requirements), withTenants(SCHEMAS));
    const outcome = await stage.plain(SCHEMAS);
    plain = { outcome, observed: await observe(outcome) };
    if (outcome.exitCode !== 0) throw new Error(`plain migrate_schemas fails:\n${outcome.output}`);
  });
  afterAll(() => stage.remove());

  describe.each(modes)('$name', (mode) => {
    let outcome: Outcome;
    let observed: Observed;
    beforeAll(async () => {
      outcome = await stage.devsetup(mode);
      observed = await observe(outcome);
    });

    test.each(HISTORIES)('$kind', ({ app }) => {
      expect(ofApp(observed, app)).toEqual(ofApp(plain.observed, app));
    });

    test('the exit code, and everything else', () => {
      expect(outcome.exitCode, outcome.output).toBe(0);
      expect(observed.database).toEqual(plain.observed.database);
      expect(observed.records).toEqual(plain.observed.records);
      expect(draws(outcome)).toEqual(draws(plain.outcome));
      expect(printed(outcome)).toEqual(printed(plain.outcome));
    });
  });
});
