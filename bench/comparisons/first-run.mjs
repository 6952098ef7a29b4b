import { compare } from '../support/compare.mjs';
import { resetDatabase } from '../support/databases.mjs';
import { time } from '../support/processes.mjs';
import { timeRows } from '../support/rows.mjs';

/** Two tenants, an empty database, dependencies in place. */
export const firstRun = async ({ server, commands, pairs }) => {
  const name = 'bench_first';
  let url = '';
  const prepare = async () => {
    url = await resetDatabase(server.url, name);
  };
  const results = await compare({
    pairs,
    candidates: {
      devsetup: {
        prepare: async () => {
          await prepare();
          await commands.installed(url);
        },
        run: () => time(commands.devsetup(url)),
      },
      'the sequence': { prepare, run: () => commands.sequence(url) },
    },
  });
  return timeRows({ title: 'first run, 2 tenants', results, targets: { 'the sequence': '≥ 2×' } });
};
