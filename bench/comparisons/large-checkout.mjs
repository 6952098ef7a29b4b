import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { compare } from '../support/compare.mjs';
import { resetDatabase } from '../support/databases.mjs';
import { time } from '../support/processes.mjs';
import { timeRows } from '../support/rows.mjs';

const FOLDERS = 400;
const FILES_IN_EACH = 50;

/** What it costs that every file of the checkout is compared: nothing to do, with and without 20,000 files that no program reads. */
export const largeCheckout = async ({ server, commands, largeProject, largeCommands, pairs }) => {
  const url = await resetDatabase(server.url, 'bench_checkout');
  await fill(path.join(largeProject, 'assets'));
  // Twice each: the first run installs and migrates, and what it wrote is compared from the second on.
  for (const each of [commands, commands, largeCommands, largeCommands]) await time(each.devsetup(url));
  const results = await compare({
    pairs,
    candidates: {
      devsetup: { run: () => time(largeCommands.devsetup(url)) },
      'devsetup without these files': { run: () => time(commands.devsetup(url)) },
    },
  });
  return timeRows({ title: `nothing to do, ${FOLDERS * FILES_IN_EACH} more files in the checkout`, results });
};

const fill = async (directory) => {
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    const place = path.join(directory, String(folder));
    await mkdir(place, { recursive: true });
    const names = Array.from({ length: FILES_IN_EACH }, (_, file) => path.join(place, `${file}.txt`));
    await Promise.all(names.map((name) => writeFile(name, name)));
  }
};
