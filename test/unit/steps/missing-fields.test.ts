import { describe, expect, it } from 'vitest';
import { DevsetupError } from '../../../src/core/errors.ts';
import { describeLacks, superuserProblem } from '../../../src/steps/superuser-problem.ts';
import { tenantProblem } from '../../../src/steps/tenant-problem.ts';

const refused = (code: string, data: object): DevsetupError => {
  const message = 'needs values';
  return new DevsetupError({ code, message, cause: { traceback: '', data } });
};
const owner = (keys: readonly string[]) => ({
  name: 'owner',
  type: 'ForeignKey',
  help: 'Primary key of a users.User',
  references: { model: 'users.User', keys },
});
const hintOf = (error: unknown): string => (error instanceof DevsetupError ? (error.hint ?? '') : '');
const ofTenant = (fields: readonly object[], commands: Readonly<Record<string, string>> = {}): string =>
  hintOf(tenantProblem(refused('TENANT_FIELDS_MISSING', { fields }), { ...PLACE, commands }));
const PLACE = {
  which: 'super',
  commands: {},
  configFile: '/app/devsetup.config.json',
  schema: 'public',
  createsGuest: true,
  pipeline: null,
} as const;

describe('a field of a tenant that holds a key', () => {
  it('is asked for with the keys there are', () => {
    expect(ofTenant([owner(['3', '7'])])).toBe(
      'Add to devsetup.config.json:\n"tenants": {\n  "super": { "fields": { "owner": "…" } }\n}\nowner: the key of a users.User, for instance 3, 7',
    );
  });

  it('is not asked for while there is no row: the step that creates one comes first', () => {
    const hint = ofTenant([owner([])]);
    expect(hint).toMatch(/^There is no users\.User yet, so owner cannot be given a value\. First create one/);
    expect(hint.indexOf('"after": "shared-migrations"')).toBeLessThan(hint.indexOf('"fields": { "owner": "…" }'));
  });

  it('is not asked for where a command of the project creates both', () => {
    const [first] = ofTenant([owner([])], { create_public_tenant: 'tenant_users.tenants' }).split('\n');
    expect(first).toBe(
      'If create_public_tenant creates it: "tenants": { "super": { "command": "create_public_tenant", "args": [...] } }',
    );
  });
});

it('the fields of both tenants are one block to paste, with their types and the values they may have', () => {
  const email = { name: 'contact', type: 'EmailField', help: 'Where invoices go.' };
  const fee = { name: 'fee', type: 'DecimalField', help: '' };
  const kind = { name: 'kind', type: 'CharField', help: '', choices: ['shop', 'depot'], isTenantType: true };
  const registrar = {
    name: 'domain.registrar',
    type: 'ForeignKey',
    help: '',
    references: { model: 'a.B', keys: ['2'] },
  };
  const other = refused('TENANT_FIELDS_MISSING', { fields: [kind, email, registrar] });
  const problem = tenantProblem(
    refused('TENANT_FIELDS_MISSING', { fields: [email, fee] }),
    { ...PLACE, configFile: null, schema: 'public', createsGuest: true },
    [{ which: 'guest', error: other }],
  ) as DevsetupError;
  expect(problem.message).toBe(
    'needs values; the guest tenant also needs kind (CharField), domain.registrar (ForeignKey)',
  );
  const [intro, ...lines] = (problem.hint ?? '').split('\n');
  expect(intro).toBe('Write devsetup.config.jsonc with this, inside { }:');
  expect(JSON.parse(`{${lines.slice(0, 4).join('\n')}}`)).toEqual({
    tenants: {
      super: { fields: { contact: '…', fee: 0 } },
      guest: { type: 'shop', fields: { contact: '…', 'domain.registrar': '…' } },
    },
  });
  expect(lines.slice(4)).toEqual([
    'contact: EmailField. Where invoices go.',
    'fee: DecimalField',
    'type (the field kind): one of the keys of TENANT_TYPES: shop, depot',
    'domain.registrar: the key of a a.B, for instance 2',
  ]);
});

describe('a field of the superuser that holds a key', () => {
  const user = {
    model: 'users.User',
    usernameField: 'username',
    requiredFields: ['owner'],
    livesIn: 'shared',
  } as const;
  const hint = (keys: readonly string[]): string =>
    hintOf(superuserProblem(refused('SUPERUSER_FIELDS_MISSING', { fields: [owner(keys)] }), user));

  it('is asked for with the keys there are', () => {
    expect(hint(['3'])).toBe('Set DJANGO_SUPERUSER_OWNER.\nowner: the key of a users.User, for instance 3');
  });

  it('is not asked for where there is no row yet', () => {
    expect(hint([])).toMatch(/^There is no users\.User yet.*"after": "guest-tenant".*Then set the variable to its key/);
  });
});

it('what a superuser lacks is said in one sentence, each once and in a fixed order', () => {
  expect(describeLacks(['not-staff', 'inactive', 'not-staff', 'password-unusable'])).toBe(
    'is not active (is_active), has no usable password and is refused by the admin site (is_staff)',
  );
});
