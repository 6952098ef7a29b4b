import { describe, expect, onTestFinished, test } from 'vitest';

import { BUILT_IN_STEPS } from '../../../src/steps/index.ts';
import { runDevsetup, type DevsetupRun } from '../../support/run-devsetup.ts';
import type { Fixture, Workspace } from './fixture.ts';
import { FIXTURES, OWN_STEPS } from './fixtures.ts';
import { listFiles, listRows } from './project-facts.ts';
import { sampleOf } from '../../support/thoroughness.ts';

const STEPS = [...BUILT_IN_STEPS, ...OWN_STEPS].map((step) => step.id);

const arrange = async (fixture: Fixture): Promise<Workspace> => {
  const workspace = await fixture.arrange();
  onTestFinished(() => workspace.remove());
  return workspace;
};

const run = async (id: string, workspace: Workspace, ...flags: readonly string[]): Promise<DevsetupRun> =>
  runDevsetup(['--json', '--only', id, ...flags], {
    cwd: workspace.project.root,
    env: workspace.env,
    ...(workspace.python === undefined ? {} : { python: workspace.python }),
  });

const stepOf = (result: DevsetupRun, id: string) => {
  const step = result.json?.steps.find((candidate) => candidate.id === id);
  if (step === undefined) throw new Error(`no report of ${id}:\n${result.stdout}${result.stderr}`);
  return step;
};

/** What a look may not change. */
const remember = async ({ project, database }: Workspace) => ({
  files: await listFiles(project.root),
  rows: await listRows(database.url),
});

describe('every step', () => {
  test('has a fixture here, and every fixture a step', () => {
    expect(Object.keys(FIXTURES).toSorted()).toEqual([...STEPS].toSorted());
  });

  test.each(sampleOf(STEPS, 3))('%s: a look changes nothing, once done it stays done', async (id) => {
    const fixture = FIXTURES[id as keyof typeof FIXTURES];
    const workspace = await arrange(fixture);
    const before = await remember(workspace);

    const look = await run(id, workspace, '--dry-run');
    expect(stepOf(look, id), look.stdout).toMatchObject({ status: 'would-change', failure: null });
    expect(stepOf(look, id).actions).not.toEqual([]);
    expect(look.json?.outcome).toBe('would-change');
    expect(look.exitCode).toBe(0);
    expect(await remember(workspace)).toEqual(before);
    expect(await listFiles(look.stateDirectory)).toEqual({});

    const first = await run(id, workspace);
    expect(stepOf(first, id), first.stdout).toMatchObject({ status: 'changed', failure: null });
    expect(first.exitCode).toBe(0);

    const second = await run(id, workspace);
    expect(stepOf(second, id), second.stdout).toMatchObject({ status: 'unchanged', failure: null });
    expect(second.exitCode).toBe(0);
    const settled = await run(id, workspace, '--dry-run');
    expect(stepOf(settled, id), settled.stdout).toMatchObject({ status: 'unchanged', actions: [] });
  });

  test.each(sampleOf(STEPS, 3))('%s: a failure in the middle is told, and a re-run converges', async (id) => {
    const fixture = FIXTURES[id as keyof typeof FIXTURES];
    const workspace = await arrange(fixture);
    await fixture.harm(workspace);

    const failed = await run(id, workspace);
    expect(stepOf(failed, id), failed.stdout).toMatchObject({ status: 'failed', failure: { code: fixture.code } });
    expect(stepOf(failed, id).failure?.hint, failed.stdout).toBeTruthy();
    expect(failed.exitCode).toBe(1);
    // Half of it is not taken for the whole.
    const look = await run(id, workspace, '--dry-run');
    expect(stepOf(look, id).status, look.stdout).toBe('would-change');

    await fixture.mend(workspace);
    const again = await run(id, workspace);
    expect(stepOf(again, id), again.stdout).toMatchObject({ status: 'changed', failure: null });
    expect(again.exitCode).toBe(0);
    const third = await run(id, workspace);
    expect(stepOf(third, id), third.stdout).toMatchObject({ status: 'unchanged', failure: null });
    expect(third.exitCode).toBe(0);
  });
});
