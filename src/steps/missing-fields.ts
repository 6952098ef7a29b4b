import type { DevsetupError } from '../core/errors.ts';
import { isRecord } from '../core/shape.ts';
import { companionErrorOf } from '../django/companion-errors.ts';

/** A field the companion asks a value for. */
export interface MissingField {
  readonly name: string;
  /** The class of the field, e.g. `EmailField`. */
  readonly type: string;
  readonly help: string;
  /** The only values it takes; [] where there is no such list. */
  readonly choices: readonly string[];
  /** It says which of TENANT_TYPES a tenant is. */
  readonly isTenantType: boolean;
  /** Of a field that holds a key: of which model, and the first keys there are. */
  readonly references: { readonly model: string; readonly keys: readonly string[] } | null;
}

/** What a companion's error says apart from its message. */
export const dataOf = (error: DevsetupError): Readonly<Record<string, unknown>> => companionErrorOf(error)?.data ?? {};

export const fieldsOf = (error: DevsetupError): readonly MissingField[] => {
  const { fields } = dataOf(error);
  return Array.isArray(fields) ? fields.filter(isRecord).map(readField) : [];
};

const readField = (field: Readonly<Record<string, unknown>>): MissingField => {
  const { name, type, help, choices, references } = field;
  const model = isRecord(references) ? references['model'] : undefined;
  const keys = isRecord(references) ? references['keys'] : undefined;
  return {
    name: String(name),
    type: String(type),
    help: typeof help === 'string' ? help : '',
    choices: Array.isArray(choices) ? choices.map(String) : [],
    isTenantType: field['isTenantType'] === true,
    references: typeof model === 'string' ? { model, keys: Array.isArray(keys) ? keys.map(String) : [] } : null,
  };
};

/** No value can be given yet: it would be the key of a row, and there is none. */
export const hasNoRows = ({ references }: MissingField): boolean => references?.keys.length === 0;

/** The keys a user can choose from. */
export const describeKeys = ({ name, references }: MissingField): readonly string[] =>
  references === null || references.keys.length === 0
    ? []
    : [`${name}: the key of a ${references.model}, for instance ${references.keys.join(', ')}`];

/** The order that works where a value would be the key of a row that does not exist yet. */
export const rowFirst = (fields: readonly MissingField[], after: string, then: string): string => {
  const models = [...new Set(fields.map(({ references }) => references?.model ?? ''))].join(' and ');
  const names = [...new Set(fields.map(({ name }) => name))].join(', ');
  const step = `"steps": [{ "id": "…", "title": "…", "after": "${after}", "manage": ["…"] }]`;
  return `There is no ${models} yet, so ${names} cannot be given a value. First create one, in a step of its own: ${step}. Then ${then}.`;
};
