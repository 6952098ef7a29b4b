import { configJsonSchema, type JsonSchema } from './json-schema.ts';

/** Where the keys are names that the user chooses: what each of them holds. */
const valuesOf = ({ additionalProperties }: JsonSchema): JsonSchema | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined;

const alternatives = (schema: JsonSchema): readonly JsonSchema[] => [schema, ...(schema.anyOf ?? [])];

const below = (schema: JsonSchema, segment: string | number): JsonSchema | undefined =>
  alternatives(schema)
    .map((option) => (typeof segment === 'number' ? option.items : (option.properties?.[segment] ?? valuesOf(option))))
    .find((found) => found !== undefined);

const keysOf = (schema: JsonSchema): readonly string[] =>
  alternatives(schema).flatMap((option) => Object.keys(option.properties ?? {}));

/** The keys an object at this place of the configuration may have. */
export const keysAt = (path: readonly (string | number)[]): readonly string[] => {
  const schema = path.reduce<JsonSchema | undefined>((at, segment) => at && below(at, segment), configJsonSchema());
  return schema === undefined ? [] : keysOf(schema);
};

/** The full names of the keys with this last part, e.g. `backend.managePy` for `managePy`. */
export const placesOf = (name: string): readonly string[] => {
  const walk = (schema: JsonSchema, path: string): readonly string[] =>
    alternatives(schema).flatMap((option) =>
      Object.entries(option.properties ?? {}).flatMap(([key, value]) => [
        ...(key === name ? [`${path}${key}`] : []),
        ...walk(value, `${path}${key}.`),
      ]),
    );
  return walk(configJsonSchema(), '');
};
