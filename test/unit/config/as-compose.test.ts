import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { loadEnvironment } from '../../../src/config/load-environment.ts';
import { makeTree } from '../project/make-tree.ts';

const readFixture = (name: string): unknown =>
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../fixtures/env-files', name), 'utf8'));

const lines = readFixture('lines.json') as Readonly<Record<string, string>>;
/** Written by scripts/record-compose-env.mjs. */
const compose = readFixture('compose.json') as { readonly values: Readonly<Record<string, string | null>> };

/** Where devsetup differs on purpose: what is not set stays as it is written, since it may be part of a password. */
const DIFFERENT: Readonly<Record<string, string | undefined>> = {
  UNSET_REFERENCE: 'a${NOPE}b',
  UNSET_BARE: 'pa$sword',
  TWO_DOLLARS: 'pa$$word',
  // A comment, as for a shell and python-dotenv.
  ONLY_COMMENT: '',
  // YAML, which no shell reads.
  COLON: undefined,
};

describe('a line of an env file that only compose reads', () => {
  it.each(Object.entries(lines))('%s is read as compose reads it', async (name, line) => {
    const root = await makeTree({ '.env': `${name === 'PLAIN' ? '' : 'PLAIN=plain\n'}${line}\n` });
    const { values } = compose;
    expect(values).toHaveProperty(name);
    expect(loadEnvironment({ root, processEnv: {} }).get(name)).toBe(
      Object.hasOwn(DIFFERENT, name) ? DIFFERENT[name] : values[name],
    );
  });
});
