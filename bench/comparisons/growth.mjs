import { compare } from '../support/compare.mjs';
import { time } from '../support/processes.mjs';
import { number } from '../support/rows.mjs';
import { median } from '../support/statistics.mjs';

/** How the time of a run with nothing to do grows with the number of tenants. */
export const growth = async ({ commands, pairs, sizes, fleets }) => {
  const rows = [];
  for (const size of [sizes.medium, sizes.large, sizes.huge]) {
    const url = await fleets.current(size);
    await time(commands.devsetup(url));
    const results = await compare({
      pairs: Math.max(2, Math.ceil(pairs / 2)),
      candidates: {
        devsetup: { run: () => time(commands.devsetup(url)) },
        standard: { run: () => time(commands.migrateTenants(url, 'standard')) },
        smart: { run: () => time(commands.migrateTenants(url, 'smart')) },
      },
    });
    rows.push([String(size), ...['devsetup', 'smart', 'standard'].map((name) => `${number(median(results[name]))} s`)]);
  }
  return rows;
};

export const GROWTH_HEAD = ['tenants, nothing to do', 'devsetup', 'smart executor', 'standard executor'];
