import type { BuiltInStepId } from '../../../core/step.ts';
import { createsOthers, tenantsInCode } from './tenant-values.ts';
import { HARMLESS, takenOver, unknown, type Verdict } from './verdict.ts';

/** What a piece of Python is recognised by. */
const SIGNS: readonly (readonly [BuiltInStepId, RegExp])[] = [
  ['superuser', /create_superuser\s*\(|is_superuser\s*=\s*True/],
  ['super-tenant', /schema_name\s*=\s*(?:["']public["']|get_public_schema_name\s*\()/],
  ['guest-tenant', /schema_name\s*=\s*["'](?!public["'])\w+["']/],
  [
    'database',
    /CREATE\s+DATABASE|ensure_connection\s*\(|psycopg2?\.connect\s*\(|OperationalError|socket\.(?:create_connection|connect)|\.connect_ex\s*\(/i,
  ],
  ['shared-migrations', /call_command\s*\(\s*["']migrate/],
];

/** What changes something else, or cannot be told from it. */
const FURTHER =
  /DROP\s|CREATE\s+(?:ROLE|USER|EXTENSION)|GRANT\s|subprocess|os\.system|loaddata|\.delete\s*\(|bulk_create|open\s*\([^)]*["'][wa]/i;
const CHANGING = /\.save\s*\(|\.create\s*\(|create_\w+\s*\(|\.update\s*\(|execute\s*\(|write\s*\(|call_command/;

/** Python that is handed to an interpreter: taken over where it does nothing but what steps do. */
export const classifyCode = (code: string): Verdict => {
  if (FURTHER.test(code) || createsOthers(code)) return unknown('runs-code');
  const found = SIGNS.filter(([, sign]) => sign.test(code)).map(([step]) => step);
  const [first, second] = found;
  if (first === undefined) return CHANGING.test(code) ? unknown('runs-code') : looksHarmless(code);
  // A look whether it is there, and the tenant's domain, belong to it.
  if (second !== undefined && !found.every((step) => ROWS.has(step))) return unknown('runs-code');
  const tenants = tenantsInCode(code);
  const [one, ...others] = found.map((step) =>
    takenOver(step, tenants.find(({ who }) => step === `${who}-tenant`)?.setting),
  );
  return one === undefined ? unknown('runs-code') : { ...one, ...(others.length > 0 && { others }) };
};

/** Steps that create rows: code may do the work of several of them. */
const ROWS: ReadonlySet<BuiltInStepId> = new Set(['super-tenant', 'guest-tenant', 'superuser']);

/** Shows something, and calls nothing else. */
const looksHarmless = (code: string): Verdict =>
  /\bprint\s*\(/.test(code) && !code.replaceAll(/\bprint\s*\(/g, '').includes('(') ? HARMLESS : unknown('runs-code');
