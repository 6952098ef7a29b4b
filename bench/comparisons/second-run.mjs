import { compare } from '../support/compare.mjs';
import { resetDatabase } from '../support/databases.mjs';
import { time } from '../support/processes.mjs';
import { timeRows } from '../support/rows.mjs';

/** Two tenants, everything in place. */
export const secondRun = async ({ server, commands, pairs }) => {
  const url = await resetDatabase(server.url, 'bench_second');
  await commands.sequence(url);
  const results = await compare({
    pairs,
    candidates: {
      devsetup: { run: () => time(commands.devsetup(url)) },
      'the sequence': { run: () => commands.sequence(url) },
    },
  });
  return timeRows({ title: 're-run, nothing to do, 2 tenants', results, targets: { 'the sequence': '≥ 10×' } });
};
