import path from 'node:path';

import { parse } from 'smol-toml';

import { asRecord, asTexts, type Table } from '../core/shape.ts';
import { messagesOf } from '../django/companion-errors.ts';
import type { CompanionError } from '../django/protocol.ts';
import { findText, listNames, shown } from '../project/files.ts';
import type { Project } from '../project/types.ts';
import type { StartAdvice } from './advice-about-file.ts';

/** Django tries psycopg, then psycopg2, and reports the last one as missing, whichever of them the project uses. */
const NO_DRIVER = /Error loading psycopg2 (?:or psycopg )?module|No module named 'psycopg2?'/;
const DRIVER = /^\s*["']?(psycopg(?:2(?:-binary)?)?)(?![\w-])/i;

export const adviceAboutDriver = async (error: CompanionError, project: Project): Promise<StartAdvice | undefined> => {
  const text = messagesOf(error);
  // Code that imports a driver by itself wants this very one.
  if (project.backend.requirements === null || !NO_DRIVER.test(text) || !/django[\\/]db[\\/]/.test(error.traceback))
    return undefined;
  const message = `No PostgreSQL driver is installed for ${project.backend.python.interpreter}: Django needs \`psycopg\` or \`psycopg2\`.`;
  const declared = await findDeclared(project);
  return {
    message,
    hint:
      declared ??
      'Add `psycopg[binary]` (Django 4.2 and later) or `psycopg2-binary` to the requirement files, then run `npx devsetup`.',
  };
};

/** Where the project declares one, and what installs it. */
const findDeclared = async ({ root, backend }: Project): Promise<string | undefined> => {
  const chosen = backend.requirements?.files ?? [];
  const folders = [...new Set([backend.requirements?.directory ?? root, backend.directory, root])];
  for (const folder of folders) {
    const file = path.join(folder, 'pyproject.toml');
    const found = await ofManifest(file, shown(root, file));
    if (found !== undefined) return found;
  }
  for (const folder of folders) {
    for (const name of await listNames(folder)) {
      const file = path.join(folder, name);
      const driver = /requirements.*\.txt$/i.test(name)
        ? namedIn((await findText(file))?.split('\n') ?? [])
        : undefined;
      if (driver === undefined) continue;
      return chosen.includes(file)
        ? installAgain(driver, shown(root, file))
        : `${shown(root, file)} names \`${driver}\`, and devsetup does not install that file: set "backend": { "requirements": ${JSON.stringify([...chosen, file].map((each) => shown(root, each)))} } in the configuration.`;
    }
  }
  return undefined;
};

const ofManifest = async (file: string, name: string): Promise<string | undefined> => {
  const document = tableOf((await findText(file)) ?? '');
  const project = asRecord(document['project']);
  const poetry = asRecord(asRecord(document['tool'])['poetry']);
  const own = namedIn([...asTexts(project['dependencies']), ...Object.keys(asRecord(poetry['dependencies']))]);
  if (own !== undefined) return installAgain(own, name);
  const sets = [
    ...setsOf(project['optional-dependencies'], 'extra', 'extras', asTexts),
    ...setsOf(document['dependency-groups'], 'group', 'groups', asTexts),
    ...setsOf(poetry['group'], 'group', 'groups', (group) => Object.keys(asRecord(asRecord(group)['dependencies']))),
  ];
  const found = sets.find(({ requirements }) => namedIn(requirements) !== undefined);
  if (found === undefined) return undefined;
  const { kind, key, set, requirements } = found;
  return `\`${namedIn(requirements) ?? ''}\` is in the ${kind} \`${set}\` of ${name}: set "backend": { "${key}": [${JSON.stringify(set)}] } in the configuration.`;
};

const setsOf = (
  value: unknown,
  kind: string,
  key: string,
  requirementsOf: (set: unknown) => readonly string[],
): readonly {
  readonly kind: string;
  readonly key: string;
  readonly set: string;
  readonly requirements: readonly string[];
}[] => Object.entries(asRecord(value)).map(([set, held]) => ({ kind, key, set, requirements: requirementsOf(held) }));

const namedIn = (requirements: readonly string[]): string | undefined =>
  requirements.map((requirement) => DRIVER.exec(requirement)?.[1]).find((driver) => driver !== undefined);

const installAgain = (driver: string, file: string): string =>
  `${file} names \`${driver}\`: install it with \`npx devsetup --only backend-dependencies --force\`.`;

const tableOf = (text: string): Table => {
  try {
    return parse(text);
  } catch {
    // Its installer reports a file that is not TOML.
    return {};
  }
};
