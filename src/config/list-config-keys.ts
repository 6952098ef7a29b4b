import { configJsonSchema, type JsonSchema } from './json-schema.ts';

/** A row of the README's table. */
export interface ConfigKey {
  /** e.g. `backend.managePy`, `steps[].id`, `environments.NAME.fakeInitial` */
  readonly key: string;
  /** e.g. `string`, `string[]`, `boolean | "auto"` */
  readonly type: string;
  /** As JSON; null: no default, the key is left out. */
  readonly default: string | null;
  readonly description: string;
}

const isGroup = (schema: JsonSchema): boolean => schema.properties !== undefined;

const typeOf = (schema: JsonSchema): string => {
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.type === 'array')
    return schema.items === undefined || isGroup(schema.items) ? 'object[]' : `${typeOf(schema.items)}[]`;
  return schema.type ?? 'any';
};

const rowsOf = (schema: JsonSchema, prefix: string): readonly ConfigKey[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
    const key = `${prefix}${name}`;
    const options = [value, ...(value.anyOf ?? [])];
    const nested = options.flatMap((option) => [
      ...(isGroup(option) ? rowsOf(option, `${key}.`) : []),
      ...(option.items !== undefined && isGroup(option.items) ? rowsOf(option.items, `${key}[].`) : []),
      ...(typeof option.additionalProperties === 'object' && isGroup(option.additionalProperties)
        ? rowsOf(option.additionalProperties, `${key}.NAME.`)
        : []),
    ]);
    if (isGroup(value)) return nested;
    const row: ConfigKey = {
      key,
      type: typeOf(value),
      default: value.default === undefined ? null : JSON.stringify(value.default),
      description: value.description ?? '',
    };
    return [row, ...nested];
  });

/** Every key a configuration may have, in the order of the schema. */
export const listConfigKeys = (): readonly ConfigKey[] => rowsOf(configJsonSchema(), '');
