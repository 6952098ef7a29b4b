import { compare } from '../support/compare.mjs';
import { resetDatabase } from '../support/databases.mjs';
import { time } from '../support/processes.mjs';
import { timeRows } from '../support/rows.mjs';

/** A full look at a set-up project, against the commands that answer a part of it, one Django start each. */
export const doctor = async ({ server, commands, pairs, sizes, fleets }) => {
  const url = await resetDatabase(server.url, 'bench_doctor');
  await commands.sequence(url);
  await commands.installed(url);
  const byHand = async (at) => {
    const started = performance.now();
    await time(commands.pip(at, ['check']));
    await time(commands.manage(at, ['check', '--database', 'default']));
    await time(commands.manage(at, ['makemigrations', '--check', '--dry-run']));
    await time(commands.manage(at, ['migrate_schemas', '--check']));
    return (performance.now() - started) / 1000;
  };
  const measure = (at) =>
    compare({
      pairs,
      candidates: {
        devsetup: { run: () => time(commands.devsetup(at, ['doctor'])) },
        'pip check, check, makemigrations --check, migrate_schemas --check': { run: () => byHand(at) },
      },
    });
  const small = await measure(url);
  const large = await measure(await fleets.current(sizes.large));
  return [
    ...timeRows({ title: 'doctor, 2 tenants, healthy', results: small }),
    ...timeRows({ title: `doctor, ${sizes.large} tenants`, results: large }),
  ];
};
