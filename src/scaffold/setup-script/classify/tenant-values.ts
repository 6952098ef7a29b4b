import type { OfferedSetting } from '../setup-script.ts';

export interface TenantInCode {
  readonly who: 'super' | 'guest';
  /** undefined: nothing of it is known. */
  readonly setting: OfferedSetting | undefined;
}

/** Tenants that a piece of Python creates, with the values that it gives them. */
export const tenantsInCode = (code: string): readonly TenantInCode[] => {
  const calls = callsOf(code);
  const domains = calls.filter(({ given }) => given.has('domain') && !given.has('schema_name'));
  const tenants = calls.filter(({ given }) => given.has('schema_name'));
  return tenants.map(({ at, given, variable }, index) => {
    const schema = literalOf(given.get('schema_name'));
    const isPublic = schema === 'public' || /get_public_schema_name/.test(given.get('schema_name') ?? '');
    const own = domains.find(({ given: values }) => variable !== null && values.get('tenant') === variable);
    const next = tenants[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    const domain = own ?? domains.find((call) => call.at > at && call.at < next);
    const defaults = dictionaryOf(given.get('defaults') ?? '');
    const name = literalOf(given.get('name')) ?? defaults.get('name') ?? null;
    const literals = [...given].flatMap(([field, written]) => {
      const known = literalOf(written) ?? plainOf(written);
      return known === null ? [] : [[field, known] as const];
    });
    const fields = [...literals, ...defaults].filter(([field]) => !NOT_FIELDS.has(field) && !SECRET.test(field));
    const value = withoutNulls({
      schema: isPublic ? null : schema,
      name,
      domain: literalOf(domain?.given.get('domain')),
      fields: fields.length === 0 ? null : Object.fromEntries(fields),
    });
    const who = isPublic ? 'super' : 'guest';
    const isKnown = Object.keys(value).length > 0;
    return { who, setting: isKnown ? { key: ['tenants', who], value } : undefined };
  });
};

/** It creates rows that are neither tenants, domains nor superusers. */
export const createsOthers = (code: string): boolean =>
  callsOf(code).some(
    ({ name, given }) =>
      /\.(?:create|get_or_create|update_or_create|bulk_create)$/.test(name) &&
      !given.has('schema_name') &&
      !given.has('domain') &&
      !/is_superuser/.test([...given.values(), ...given.keys()].join()),
  );

const NOT_FIELDS = new Set(['schema_name', 'name', 'domain', 'defaults', 'tenant', 'is_primary']);
const SECRET = /pass|secret|token|key/i;

interface Call {
  readonly at: number;
  /** `Client.objects.create` */
  readonly name: string;
  /** Keyword arguments, as they are written. */
  readonly given: ReadonlyMap<string, string>;
  /** What its result is kept in. */
  readonly variable: string | null;
}

const callsOf = (code: string): readonly Call[] =>
  [...code.matchAll(/(?:(\w+)(?:\s*,\s*\w+)?\s*=\s*)?\b([A-Za-z_][\w.]*)\(/g)].map((match) => ({
    at: match.index,
    name: match[2] ?? '',
    given: keywordsOf(partsOf(code, match.index + match[0].length)),
    variable: match[1] ?? null,
  }));

/** What stands between commas, up to the bracket that closes. */
const partsOf = (code: string, from: number): readonly string[] => {
  const parts = [''];
  let depth = 0;
  let quote = '';
  for (const character of code.slice(from, from + MOST_CHARACTERS)) {
    if (quote === '' && /[)\]}]/.test(character) && --depth < 0) break;
    if (quote === '' && depth === 0 && character === ',') {
      parts.push('');
      continue;
    }
    if (quote === '' && /[([{]/.test(character)) depth += 1;
    if (quote === '' && /["']/.test(character)) quote = character;
    else if (character === quote) quote = '';
    parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
};

const MOST_CHARACTERS = 5_000;

const keywordsOf = (parts: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    parts.flatMap((part) => {
      const [, name, value] = /^(\w+)\s*=(?!=)\s*([\s\S]*)$/.exec(part) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );

/** `{"name": "Acme", …}`: what is text, a number or a truth value in it. */
const dictionaryOf = (text: string): ReadonlyMap<string, string | number | boolean> =>
  new Map(
    (text.startsWith('{') ? partsOf(text, 1) : []).flatMap((part) => {
      const [, name, value] = /^["'](\w+)["']\s*:\s*([\s\S]*)$/.exec(part) ?? [];
      const known = literalOf(value) ?? plainOf(value);
      return name === undefined || known === null ? [] : [[name, known] as const];
    }),
  );

/** A text, or the default of a variable of the environment. */
const literalOf = (value: string | undefined): string | null => {
  const [, , text] =
    /^(["'])((?:(?!\1)[^\\$\n])*)\1$/.exec(value ?? '') ??
    /^(?:os\.)?(?:environ\.get|getenv)\(\s*["']\w+["']\s*,\s*(["'])((?:(?!\1)[^\\$\n])*)\1\s*\)$/.exec(value ?? '') ??
    [];
  return text === undefined || text === '' ? null : text;
};

const plainOf = (value: string | undefined): number | boolean | null => {
  if (value === 'True' || value === 'False') return value === 'True';
  return value !== undefined && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : null;
};

const withoutNulls = (value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));
