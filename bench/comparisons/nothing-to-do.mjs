import { compare } from '../support/compare.mjs';
import { time } from '../support/processes.mjs';
import { timeRows } from '../support/rows.mjs';

const SUBPROCESS_ROUNDS = 1;

/** Many tenants, nothing pending: a whole run of devsetup against `migrate_schemas --tenant` with each executor. */
export const nothingToDo = async ({ commands, pairs, sizes, fleets }) => {
  const url = await fleets.current(sizes.large);
  await time(commands.devsetup(url));
  const executor = (name) => ({ run: () => time(commands.migrateTenants(url, name)) });
  const results = await compare({
    pairs,
    candidates: {
      devsetup: { run: () => time(commands.devsetup(url)) },
      'standard executor': executor('standard'),
      'multiprocessing executor': executor('multiprocessing'),
      // It starts Django once a tenant: one round of it takes longer than all the rest.
      'subprocess executor': { ...executor('subprocess'), rounds: Math.min(pairs, SUBPROCESS_ROUNDS) },
      'smart executor': executor('smart'),
    },
  });
  const targets = { 'standard executor': '≥ 30×', 'smart executor': '> 1×' };
  const edited = await compare({
    pairs,
    candidates: {
      devsetup: { prepare: commands.edit, run: () => time(commands.devsetup(url)) },
      'smart executor': executor('smart'),
    },
  });
  return [
    ...timeRows({ title: `nothing to do, ${sizes.large} tenants`, results, targets }),
    ...timeRows({ title: `the same after settings.py was saved`, results: edited }),
  ];
};
