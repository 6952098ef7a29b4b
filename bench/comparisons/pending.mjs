import { compare } from '../support/compare.mjs';
import { time } from '../support/processes.mjs';
import { timeRows } from '../support/rows.mjs';

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
      'subprocess executor': executor('subprocess'),
      'smart executor': executor('smart'),
    },
  });
  const title = `${pendingMigrations} migrations pending, ${sizes.medium} tenants`;
  return timeRows({ title, results, targets: { 'standard executor': '≥ 1.8×' } });
};
