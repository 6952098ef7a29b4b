import path from 'node:path';

import { DevsetupError } from '../core/errors.ts';
import { describeKeys, fieldsOf, hasNoRows, rowFirst, type MissingField } from './missing-fields.ts';

export type WhichTenant = 'super' | 'guest';

/** What one of the two tenants lacks. */
export interface Lacking {
  readonly which: WhichTenant;
  /** TENANT_FIELDS_MISSING of the companion. */
  readonly error: DevsetupError;
}

interface Surroundings {
  /** Of `config.file`: where the values belong; null: there is no configuration yet. */
  readonly configFile: string | null;
  /** For each command of the project that may create the tenant: when to use it, and what to configure then. */
  readonly suggestions: readonly string[];
}

/** One failure for everything that the configuration has to say about both tenants. */
export const tenantFieldsProblem = (
  lacking: readonly [Lacking, ...Lacking[]],
  { configFile, suggestions }: Surroundings,
): DevsetupError => {
  const [{ error: first, which }, ...others] = lacking;
  const all = lacking.map((lack) => ({ which: lack.which, fields: fieldsOf(lack.error) }));
  const distinct = [...new Map(all.flatMap(({ fields }) => fields).map((field) => [field.name, field])).values()];
  const impossible = distinct.filter(hasNoRows);
  const addition = `${placeOf(configFile)}\n${renderTenants(all)}`;
  const after = which === 'super' ? 'shared-migrations' : 'tenant-migrations';
  const hint =
    impossible.length === 0
      ? [addition, ...distinct.flatMap(describe), ...suggestions.map((text) => `Or, ${text}`)]
      : [
          ...suggestions.slice(0, 1).map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`),
          `${suggestions.length > 0 ? 'Otherwise: ' : ''}${rowFirst(impossible, after, 'set its key')}`,
          addition,
          ...distinct.filter((field) => !hasNoRows(field)).flatMap(describe),
        ];
  const { code, output, data, exitCode, cause } = first;
  const message = [first.message, ...others.flatMap(({ error }) => furtherNames(first, error))].join('; ');
  return new DevsetupError({ code, message, hint: hint.join('\n'), output, data, exitCode, cause, isCertain: true });
};

/** What the other tenant lacks beyond the first. */
const furtherNames = (first: DevsetupError, other: DevsetupError): readonly string[] => {
  const known = new Set(fieldsOf(first).map(({ name }) => name));
  const further = fieldsOf(other).filter(({ name }) => !known.has(name));
  const names = further.map(({ name, type }) => `${name} (${type})`).join(', ');
  return further.length === 0 ? [] : [`the guest tenant also needs ${names}`];
};

/** Where the configuration that follows belongs. */
export const placeOf = (configFile: string | null): string => {
  if (configFile === null) return 'Write devsetup.config.jsonc with this, inside { }:';
  const name = path.basename(configFile);
  return name === 'package.json' ? 'Add to "devsetup" in package.json:' : `Add to ${name}:`;
};

const renderTenants = (
  tenants: readonly { readonly which: WhichTenant; readonly fields: readonly MissingField[] }[],
): string => {
  const lines = tenants.map(({ which, fields }) => {
    const type = fields.filter(({ isTenantType }) => isTenantType).map((field) => `"type": ${placeholder(field)}`);
    const values = fields
      .filter(({ isTenantType }) => !isTenantType)
      .map((field) => `${JSON.stringify(field.name)}: ${placeholder(field)}`);
    const parts = [...type, ...(values.length === 0 ? [] : [`"fields": { ${values.join(', ')} }`])];
    return `  "${which}": { ${parts.join(', ')} }`;
  });
  return `"tenants": {\n${lines.join(',\n')}\n}`;
};

/** Valid JSON; what only the user knows is a text that the model refuses, or that is easy to see. */
const placeholder = ({ type, choices, references }: MissingField): string => {
  const [choice] = choices;
  if (choice !== undefined) return JSON.stringify(choice);
  return references === null && /^(?:Decimal|Float|\w*Integer|Money)Field$/.test(type) ? '0' : '"…"';
};

const describe = (field: MissingField): readonly string[] => {
  const { name, type, help, choices, isTenantType } = field;
  if (isTenantType) return [`type (the field ${name}): one of the keys of TENANT_TYPES: ${choices.join(', ')}`];
  const keys = describeKeys(field);
  return keys.length > 0 ? keys : [`${name}: ${type}${help === '' ? '' : `. ${help}`}`];
};
