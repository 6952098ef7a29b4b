import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { REPOSITORY } from '../../e2e/support/installed-package.ts';
import { runProgram, type ProgramRun } from '../../e2e/support/run-program.ts';

interface Run {
  readonly id: number;
  readonly run_number: number;
  readonly status: string;
}

/** Plays gh: answers with the next of the prepared lists, through the jq that gh has built in. */
const GH = `#!/usr/bin/env bash
set -euo pipefail
printf '%s\\n' "$2" >> "$GH_DOUBLE/asked"
turn=$(wc -l < "$GH_DOUBLE/asked")
file="$GH_DOUBLE/$turn.json"
if [ ! -e "$file" ]; then file="$GH_DOUBLE/last.json"; fi
if [ "$(cat "$file")" = fail ]; then exit 1; fi
exec node "$GH_DOUBLE/jq.mjs" "$file" "$4"
`;
/** The one filter that is asked for, step by step: jq itself may not be on this machine. */
const JQ = `import { readFileSync } from 'node:fs';
const [file, filter] = process.argv.slice(2);
const [, id] = /select\\(\\.id < (\\d+) and \\.status != "completed" and \\.status != "waiting"\\) \\| \\.run_number\\]\\s*\\| sort \\| map\\(tostring\\) \\| join\\(", "\\)$/.exec(filter);
const { workflow_runs } = JSON.parse(readFileSync(file, 'utf8'));
const open = workflow_runs.filter((run) => run.id < Number(id) && !['completed', 'waiting'].includes(run.status));
console.log(open.map((run) => run.run_number).sort((a, b) => a - b).join(', '));
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'devsetup-turn-'));
  await writeFile(path.join(folder, 'gh'), GH, { mode: 0o755 });
  await writeFile(path.join(folder, 'sleep'), '#!/bin/sh\n', { mode: 0o755 });
  await writeFile(path.join(folder, 'jq.mjs'), JQ);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const answers = (lists: readonly (readonly Run[] | 'fail')[]): Promise<unknown> =>
  Promise.all(
    lists.map((runs, index) =>
      writeFile(
        path.join(folder, index === lists.length - 1 ? 'last.json' : `${index + 1}.json`),
        runs === 'fail' ? runs : JSON.stringify({ workflow_runs: runs }),
      ),
    ),
  );
const wait = (): Promise<ProgramRun> =>
  runProgram('bash', [path.join(REPOSITORY, 'templates/workflows/wait-for-turn.sh')], {
    cwd: folder,
    env: {
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      GH_DOUBLE: folder,
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/13-prod-deployment.yml@refs/heads/main',
      GITHUB_RUN_ID: '500',
      WAIT_TRIES: '4',
    },
  });
const run = (id: number, status: string): Run => ({ id, run_number: id / 100, status });

it('goes on at once where nothing earlier is under way', async () => {
  await answers([[run(500, 'in_progress'), run(400, 'completed'), run(300, 'waiting'), run(600, 'in_progress')]]);
  expect(await wait()).toMatchObject({ exitCode: 0, stdout: '' });
  expect(await readFile(path.join(folder, 'asked'), 'utf8')).toBe(
    'repos/acme/shop/actions/workflows/13-prod-deployment.yml/runs?per_page=100\n',
  );
});

it('waits for those that began earlier, and takes no answer for none', async () => {
  await answers([[run(400, 'queued'), run(300, 'in_progress')], 'fail', [run(400, 'completed')]]);
  expect(await wait()).toMatchObject({
    exitCode: 0,
    stdout: 'Waiting for run 3, 4 of 13-prod-deployment.yml.\n',
  });
});

it('says which run is in the way when its patience ends', async () => {
  await answers([[run(400, 'in_progress')]]);
  const { exitCode, stdout } = await wait();
  expect(exitCode).toBe(1);
  expect(stdout).toContain('::error title=Not deployed::Run 4 of 13-prod-deployment.yml is still under way.');
});
