import process from 'node:process';

import { compare } from '../support/compare.mjs';
import { time } from '../support/processes.mjs';
import { number } from '../support/rows.mjs';
import { median, ratios } from '../support/statistics.mjs';

const REPEAT = 5;

/** What the command line itself costs. */
export const start = async ({ commands, pairs }) => {
  const version = commands.devsetup('', ['--version']);
  const node = { ...version, program: process.execPath, args: ['-e', '0'] };
  await time(version);
  const results = await compare({
    pairs: pairs * REPEAT,
    candidates: { version: { run: () => time(version) }, node: { run: () => time(node) } },
  });
  const ratio = ratios(results.node, results.version);
  const milliseconds = (values) => `${(median(values) * 1000).toFixed(0)} ms`;
  return [
    [
      '`devsetup --version`',
      '`node -e 0`',
      milliseconds(results.version),
      milliseconds(results.node),
      `**${number(ratio.median)}×** (${number(ratio.min)}–${number(ratio.max)})`,
      '≤ 2×',
    ],
  ];
};
