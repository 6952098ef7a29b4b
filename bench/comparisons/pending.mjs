import { compare } from '../support/compare.mjs';
import { time } from '../support/processes.mjs';
import { timeRows } from '../support/rows.mjs';

const SUBPROCESS_ROUNDS = 2;

/** Some tenants that all lack a release's migrations; every measurement begins with the same database. */
export const pending = async ({ releaseCommands: commands, pairs, sizes, fleets, pendingMigrations }) => {
  let url = '';
  const prepare = async () => {
    url = await fleets.outdated(sizes.medium);
  };
  await prepare();
  await time(commands.devsetup(url));
  const executor = (name) => ({ prepare, run: () => time(commands.migrateTenants(url, name)) });
  const results = await compare({
    pairs,
    candidates: {
      devsetup: { prepare, run: () => time(commands.devsetup(url)) },
      'standard executor': executor('standard'),
      'multiprocessing executor': executor('multiprocessing'),
      // It starts Django once a tenant: two rounds of it take longer than all the rest.
      'subprocess executor': { ...executor('subprocess'), rounds: Math.min(pairs, SUBPROCESS_ROUNDS) },
      'smart executor': executor('smart'),
    },
  });
  const title = `${pendingMigrations} migrations pending, ${sizes.medium} tenants`;
  return timeRows({ title, results, targets: { 'standard executor': '≥ 1.8×' } });
};
