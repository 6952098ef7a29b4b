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
const YAML = '`yaml` alone';
const MOST_SECONDS = 2.5;
/** Of the time that reading the same files with `yaml` takes, the start of Node included in both. */
const MOST_TIMES_YAML = 3;
const PARSER = path.resolve(import.meta.dirname, '../parse-yaml.mjs');

/**
 * So many workflows at once, against parsing the same files with `yaml` alone, the start of Node, and actionlint where it is installed. On a
 * machine that does other work, the ratio to the parser counts.
 */
export const audit = async ({ commands, pairs }) => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'devsetup-bench-audit-'));
  try {
    writeWorkflows(root, COUNT);
    const asked = { ...commands.devsetup('', ['audit']), cwd: root };
    const run = (command) => () => time(command, { mayFail: true });
    const linter = findTool('actionlint');
    const candidates = {
      devsetup: { run: run(asked) },
      [YAML]: { run: run({ ...asked, program: process.execPath, args: [PARSER] }) },
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
        name === YAML ? `≤ ${MOST_TIMES_YAML}× the time` : `≤ ${MOST_SECONDS} s`,
      ];
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};
