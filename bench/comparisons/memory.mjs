import os from 'node:os';

import { peakMemory } from '../support/processes.mjs';
import { number } from '../support/rows.mjs';

const MEASUREMENTS = 3;

/** Migrating many tenants, against one Django process and one more per worker, each as large as `manage.py check`. */
export const memory = async ({ releaseCommands: commands, sizes, fleets }) => {
  if (os.platform() !== 'linux') return [['memory', 'needs /proc', '', '', '', '']];
  const workers = os.availableParallelism();
  const rows = [];
  for (let round = 0; round < MEASUREMENTS; round += 1) {
    const url = await fleets.outdated(sizes.large);
    const django = await peakMemory(commands.manage(url, ['check', '--database', 'default']));
    const run = await peakMemory(commands.devsetup(url));
    rows.push({
      django,
      run,
      rss: run.rss / (django.rss * (1 + workers)),
      pss: run.pss / (django.rss * (1 + workers)),
    });
  }
  const middle = (key) => [...rows].sort((a, b) => a[key] - b[key])[Math.floor(rows.length / 2)];
  return ['rss', 'pss'].map((key) => {
    const row = middle(key);
    const ratio = rows.map((each) => each[key]);
    const what = key === 'rss' ? 'resident, shared pages counted in each' : 'proportional, shared pages divided';
    return [
      `${sizes.large} tenants (${what})`,
      `Django × ${1 + workers}`,
      `${row.run[key].toFixed(0)} MiB`,
      `${(row.django.rss * (1 + workers)).toFixed(0)} MiB`,
      `**${number(row[key])}×** (${number(Math.min(...ratio))}–${number(Math.max(...ratio))})`,
      key === 'rss' ? '≤ 1.5×' : '',
    ];
  });
};
