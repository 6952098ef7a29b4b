import { compare } from '../support/compare.mjs';
import { childrenCpuSeconds, time } from '../support/processes.mjs';
import { number } from '../support/rows.mjs';
import { median, ratios } from '../support/statistics.mjs';

/** Django migrates few tenants a round: at a thousand schemas each takes it a second and more. */
const DJANGO_TENANTS = 2;

/**
 * What the migration of one tenant costs the database server, with few and with many schemas in the database. Every round takes other
 * tenants of the same database: copying one with a thousand schemas takes longer than the migrations.
 *
 * @param {{ server: { pid: number }, releases: readonly { pending: number, commands: any }[], pairs: number,
 *   sizes: { some: number, thousand: number }, fleets: any, say: (text: string) => void }} setting
 */
export const thousand = async ({ server, releases, pairs, sizes, fleets, say }) => {
  const rows = [];
  for (const size of [sizes.some, sizes.thousand]) {
    const url = await fleets.outdated(size);
    const rounds = Math.min(pairs, 2);
    const all = Array.from({ length: size - 1 }, (_, index) => `t${String(index + 2).padStart(4, '0')}`);
    const share = Math.min(50, Math.floor(all.length / (rounds * releases.length)) - DJANGO_TENANTS);
    const perTenant = async (tenants, run) => {
      const names = all.splice(0, tenants);
      const before = childrenCpuSeconds(server.pid);
      await run(names);
      return (childrenCpuSeconds(server.pid) - before) / tenants;
    };
    for (const { pending, commands } of releases) {
      say(`${size} schemas, ${pending} pending …`);
      const migrate = (names) =>
        commands.devsetup(url, ['--only', 'tenant-migrations', '--only-tenants', names.join(',')]);
      const results = await compare({
        pairs: rounds,
        candidates: {
          devsetup: { run: () => perTenant(share, (names) => time(migrate(names))) },
          django: {
            run: () =>
              perTenant(DJANGO_TENANTS, async (names) => {
                for (const name of names)
                  await time(commands.manage(url, ['migrate_schemas', '--schema', name, '--noinput']));
              }),
          },
        },
      });
      const ratio = ratios(results.devsetup, results.django);
      rows.push([
        String(size),
        String(pending),
        milliseconds(median(results.devsetup)),
        milliseconds(median(results.django)),
        `**${number(ratio.median)}×** (${number(ratio.min)}–${number(ratio.max)})`,
      ]);
    }
  }
  return rows;
};

const milliseconds = (seconds) => `${number(seconds * 1000)} ms`;

export const THOUSAND_HEAD = [
  'schemas',
  'migrations pending',
  'devsetup',
  '`migrate_schemas --schema`',
  'less by (min–max)',
];
