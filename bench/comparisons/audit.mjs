import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { compare } from '../support/compare.mjs';
import { findTool, time } from '../support/processes.mjs';
import { number } from '../support/rows.mjs';
import { median, ratios } from '../support/statistics.mjs';
import { writeWorkflows } from '../support/workflows.mjs';

const COUNT = 500;
const MOST_SECONDS = 3;

/** So many workflows at once, against the start of Node alone, and against actionlint where it is installed. */
export const audit = async ({ commands, pairs }) => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'devsetup-bench-audit-'));
  try {
    writeWorkflows(root, COUNT);
    const asked = { ...commands.devsetup('', ['audit']), cwd: root };
    const run = (command) => () => time(command, { mayFail: true });
    const linter = findTool('actionlint');
    const candidates = {
      devsetup: { run: run(asked) },
      '`node -e 0`': { run: run({ ...asked, program: process.execPath, args: ['-e', '0'] }) },
      ...(linter === undefined ? {} : { actionlint: { run: run({ ...asked, program: linter, args: [] }) } }),
    };
    const { devsetup, ...others } = await compare({ pairs, candidates });
    return Object.entries(others).map(([name, values]) => {
      const ratio = ratios(values, devsetup);
      return [
        `\`devsetup audit\`, ${COUNT} workflows`,
        name,
        `${number(median(devsetup))} s`,
        `${number(median(values))} s`,
        `**${number(ratio.median)}×** (${number(ratio.min)}–${number(ratio.max)}) the time`,
        `< ${MOST_SECONDS} s`,
      ];
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};
