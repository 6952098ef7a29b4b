import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { usageError } from '../core/errors.ts';
import { hasShape, isExactly, isText } from '../core/shape.ts';
import { copySample } from './copy-sample.ts';

export interface DemoFolder {
  /** False: it was made by an earlier demo, and what is in it stays as it is. */
  readonly isNew: boolean;
  readonly superuserPassword: string;
}

/** Written into the folder first, so that a demo that was cut short is recognised too. */
const MARK = '.devsetup-demo.json';

const CONFIGURATION = `{
  // This folder may lie inside another checkout: this file says that the project begins here.
  "backend": { "venv": ".venv" },
  // What the project's own command is called with. The library it registers is filled by the tenant migrations.
  "tenants": { "super": { "args": ["--library", "central"] } },
}
`;

/**
 * Makes the folder and fills it with the sample backend, or recognises one made earlier.
 *
 * @throws usage error DEMO_FOLDER_NOT_EMPTY: the folder holds something else.
 */
export const ensureDemoFolder = async (directory: string, sample: string): Promise<DemoFolder> => {
  await mkdir(directory, { recursive: true });
  const earlier = await readMark(directory);
  if (earlier?.copied === true) return { isNew: false, superuserPassword: earlier.superuserPassword };
  if (earlier === undefined && (await readdir(directory)).length > 0) {
    throw usageError({
      code: 'DEMO_FOLDER_NOT_EMPTY',
      message: `${directory} is not empty, and was not made by an earlier demo.`,
      hint: 'Name an empty folder or a new one: `npx devsetup demo <dir>`',
    });
  }
  const superuserPassword = randomBytes(9).toString('base64url');
  await writeMark(directory, { superuserPassword, copied: false });
  await copySample(sample, directory);
  await writeFile(path.join(directory, 'devsetup.config.jsonc'), CONFIGURATION);
  await writeMark(directory, { superuserPassword, copied: true });
  return { isNew: true, superuserPassword };
};

/** Says where the demo's server is, for runs of devsetup and manage.py by hand. Owner only: it holds passwords. */
export const writeDemoEnvFile = (directory: string, variables: Readonly<Record<string, string>>): Promise<void> => {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  const head = '# Written by `devsetup demo` each time it starts its PostgreSQL.\n';
  return writeFile(path.join(directory, '.env'), head + lines.join(''), { mode: 0o600 });
};

interface Mark {
  readonly superuserPassword: string;
  readonly copied: boolean;
}

const isMark = hasShape({ superuserPassword: isText, copied: isExactly(true, false) });

const writeMark = (directory: string, mark: Mark): Promise<void> =>
  writeFile(path.join(directory, MARK), `${JSON.stringify(mark)}\n`, { mode: 0o600 });

const readMark = async (directory: string): Promise<Mark | undefined> => {
  try {
    const mark: unknown = JSON.parse(await readFile(path.join(directory, MARK), 'utf8'));
    return isMark(mark) ? mark : undefined;
  } catch {
    // Not there, or cut short: then the folder has to be empty but for it, or it is named to the user.
    return undefined;
  }
};
