import { analyse, cloneTenants, databaseUrl, resetDatabase } from './databases.mjs';
import { time } from './processes.mjs';

/**
 * Databases with many tenants, each made once and then copied. `guest` is the tenant the others are copies of.
 *
 * @param {{ server: { url: string }, commands: any, releaseCommands: any, say: (text: string) => void }} options
 */
export const createFleets = ({ server, commands, releaseCommands, say }) => {
  const made = new Map();
  const once = (name, make) => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name);
  };

  const current = (size) =>
    once(`bench_current_${size}`, async () => {
      say(`preparing ${size} tenants …`);
      const url = await resetDatabase(server.url, `bench_current_${size}`);
      await commands.sequence(url);
      await cloneTenants(url, 2, size);
      await analyse(url);
      return url;
    });

  /** The release's migrations are in the public schema already, and in no tenant. */
  const outdatedTemplate = (size) =>
    once(`bench_outdated_${size}`, async () => {
      await current(size);
      const name = `bench_outdated_${size}`;
      await resetDatabase(server.url, name, `bench_current_${size}`);
      const url = databaseUrl(server.url, name);
      await time(releaseCommands.manage(url, ['migrate_schemas', '--shared', '--noinput']));
      return name;
    });

  return {
    /** @param {number} size @returns {Promise<string>} URL; nothing may be changed in it */
    current,
    /** @param {number} size @returns {Promise<string>} URL of a fresh copy */
    outdated: async (size) => resetDatabase(server.url, 'bench_pending', await outdatedTemplate(size)),
  };
};
