import process from 'node:process';

import { compare } from '../support/compare.mjs';
import { time } from '../support/processes.mjs';
import { number } from '../support/rows.mjs';
import { median, ratios } from '../support/statistics.mjs';

const REPEAT = 5;

/** What the command line itself costs, and the answer that prompts and hooks may ask for. */
export const start = async ({ commands, pairs }) => {
  const rows = [];
  for (const word of ['--version', 'status']) rows.push(await row(word, commands, pairs));
  return rows;
};

const row = async (word, commands, pairs) => {
  const asked = commands.devsetup('', [word]);
  const node = { ...asked, program: process.execPath, args: ['-e', '0'] };
  await time(asked);
  const results = await compare({
    pairs: pairs * REPEAT,
    candidates: { asked: { run: () => time(asked) }, node: { run: () => time(node) } },
  });
  const ratio = ratios(results.node, results.asked);
  const milliseconds = (values) => `${(median(values) * 1000).toFixed(0)} ms`;
  return [
    `\`devsetup ${word}\``,
    '`node -e 0`',
    milliseconds(results.asked),
    milliseconds(results.node),
    `**${number(ratio.median)}×** (${number(ratio.min)}–${number(ratio.max)})`,
    word === '--version' ? '≤ 2×' : '< 150 ms',
  ];
};
