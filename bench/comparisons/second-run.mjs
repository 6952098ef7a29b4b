import { compare } from '../support/compare.mjs';
import { resetDatabase } from '../support/databases.mjs';
import { time } from '../support/processes.mjs';
import { timeRows } from '../support/rows.mjs';

/** Two tenants, everything in place: nothing was touched, or a file of the project was and Django has to be asked. */
export const secondRun = async ({ server, commands, pairs }) => {
  const url = await resetDatabase(server.url, 'bench_second');
  await commands.sequence(url);
  const measure = (prepare) =>
    compare({
      pairs,
      candidates: {
        devsetup: {
          prepare: async () => {
            await commands.installed(url);
            await time(commands.devsetup(url));
            await prepare();
          },
          run: () => time(commands.devsetup(url)),
        },
        'the sequence': { run: () => commands.sequence(url) },
      },
    });
  const untouched = await measure(async () => undefined);
  const edited = await measure(commands.edit);
  const targets = { 'the sequence': '≥ 10×' };
  return [
    ...timeRows({ title: 're-run, nothing to do, 2 tenants', results: untouched, targets }),
    ...timeRows({ title: 're-run after settings.py was saved', results: edited }),
  ];
};
