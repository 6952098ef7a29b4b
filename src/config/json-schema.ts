import { z } from 'zod';
import { rawSchema } from './raw-schema.ts';

/** The parts of a JSON Schema that are read here. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly additionalProperties?: boolean | JsonSchema;
}

/** The JSON Schema of what a user may write: shipped for editors, and the source of the README's table. */
export const configJsonSchema = (): JsonSchema => z.toJSONSchema(rawSchema, { io: 'input' }) as JsonSchema;
