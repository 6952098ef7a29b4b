interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const KNOWN = new Set(
  '$ref $defs $schema title description format type const enum pattern minimum required properties additionalProperties items anyOf'.split(
    ' ',
  ),
);

const typeOf = (value: unknown): readonly string[] => {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  return Number.isInteger(value) ? ['integer', 'number'] : [typeof value];
};

/** What the document breaks of the schema: the keywords of JSON Schema that the published schemas use, and no others. */
export const violations = (root: Schema, schema: Schema, value: unknown, path: string): readonly string[] => {
  const unknown = Object.keys(schema).filter((keyword) => !KNOWN.has(keyword));
  if (unknown.length > 0) throw new Error(`this check does not know ${unknown.join(', ')}`);
  const found: string[] = [];
  const check = (good: boolean, text: string): void => {
    if (!good) found.push(`${path || '/'}: ${text}`);
  };
  if (schema.$ref !== undefined) {
    const target = root.$defs?.[schema.$ref.replace('#/$defs/', '')];
    if (target === undefined) throw new Error(`${schema.$ref} leads nowhere`);
    found.push(...violations(root, target, value, path));
  }
  if (schema.type !== undefined)
    check(
      typeOf(value).some((type) => [schema.type].flat().includes(type)),
      `is no ${schema.type}`,
    );
  if ('const' in schema) check(value === schema.const, `is not ${schema.const}`);
  if (schema.enum !== undefined) check(schema.enum.includes(value), `is none of ${schema.enum.join(', ')}`);
  if (schema.pattern !== undefined && typeof value === 'string')
    check(new RegExp(schema.pattern).test(value), `does not match ${schema.pattern}`);
  if (schema.minimum !== undefined && typeof value === 'number')
    check(value >= schema.minimum, `is below ${schema.minimum}`);
  if (schema.anyOf !== undefined) {
    check(
      schema.anyOf.some((one) => violations(root, one, value, path).length === 0),
      'matches none of the forms',
    );
  }
  if (Array.isArray(value) && schema.items !== undefined) {
    const { items } = schema;
    found.push(...value.flatMap((item, index) => violations(root, items, item, `${path}/${index}`)));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { properties = {} } = schema;
    for (const name of schema.required ?? []) check(name in value, `lacks ${name}`);
    for (const [name, item] of Object.entries(value)) {
      const property = properties[name];
      if (property !== undefined) found.push(...violations(root, property, item, `${path}/${name}`));
      else check(schema.additionalProperties !== false, `has ${name}`);
    }
  }
  return found;
};
