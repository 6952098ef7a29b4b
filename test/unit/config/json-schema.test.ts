import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../../src/config/defaults.ts';
import { configJsonSchema } from '../../../src/config/json-schema.ts';
import { listConfigKeys } from '../../../src/config/list-config-keys.ts';

/** Defaults that the resolved configuration has and a user need not see: null stands for "find it" or "none". */
const resolvedDefault = (key: string): unknown =>
  key.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], DEFAULTS);

describe('the JSON Schema', () => {
  // To write it anew after a change of the keys: npx vitest run test/unit/config/json-schema.test.ts -u
  it('that is shipped is the one of the validator', async () => {
    const text = await format(JSON.stringify(configJsonSchema()), { parser: 'json', printWidth: 120 });
    await expect(text).toMatchFileSnapshot('../../../schemas/devsetup.config.schema.json');
  });
});

describe('the table of keys', () => {
  const rows = listConfigKeys();

  it('describes every key in a sentence', () => {
    expect(rows.filter(({ description }) => !/^\S.*\.$/s.test(description))).toEqual([]);
  });

  it('shows the defaults that hold without a configuration', () => {
    const ofTop = rows.filter(({ key }) => !/\[\]|\.NAME\./.test(key) && key !== '$schema' && key !== 'tenants.guest');
    for (const row of ofTop) {
      expect([row.key, row.default]).toEqual([
        row.key,
        resolvedDefault(row.key) === null ? null : JSON.stringify(resolvedDefault(row.key)),
      ]);
    }
  });

  it.each([
    ['backend.managePy', 'string'],
    ['backend.requirements', 'string[]'],
    ['backend.installer', '"uv" | "poetry" | "pipenv" | "pdm" | "pip" | "none"'],
    ['frontends', 'false | object[]'],
    ['frontends[].directory', 'string'],
    ['database.allowRemote', 'boolean | string[]'],
    ['tenants.guest', 'false | object'],
    ['tenants.guest.command', 'string | false'],
    ['steps[].inspect.command', 'string[]'],
    ['environments', 'object'],
    ['environments.NAME.lockRetries', 'integer'],
    ['development', 'boolean | "auto"'],
  ])('gives the type of %s', (key, type) => {
    expect(rows.find((row) => row.key === key)?.type).toBe(type);
  });
});
