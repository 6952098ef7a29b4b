import { describe, expect, it } from 'vitest';
import { DevsetupError } from '../../../src/core/errors.ts';
import { describeLacks, superuserProblem } from '../../../src/steps/superuser-problem.ts';
import { tenantProblem } from '../../../src/steps/tenant-problem.ts';

const refused = (code: string, data: object): DevsetupError => {
  const message = 'needs values';
  return new DevsetupError({ code, message, cause: { data } });
};
const owner = (keys: readonly string[]) => ({
  name: 'owner',
  type: 'ForeignKey',
  help: 'Primary key of a users.User',
  references: { model: 'users.User', keys },
});
const hintOf = (error: unknown): string => (error instanceof DevsetupError ? (error.hint ?? '') : '');
const ofTenant = (fields: readonly object[], commands: Readonly<Record<string, string>> = {}): string =>
  hintOf(tenantProblem(refused('TENANT_FIELDS_MISSING', { fields }), { step: 'super-tenant' }, commands, null));

describe('a field of a tenant that holds a key', () => {
  it('is asked for with the keys there are', () => {
    expect(ofTenant([owner(['3', '7'])])).toBe(
      'Add to the configuration: "tenants": { "super": { "fields": { "owner": … } } }\nowner: the key of a users.User, for instance 3, 7',
    );
  });

  it('is not asked for while there is no row: the step that creates one comes first', () => {
    const hint = ofTenant([owner([])]);
    expect(hint).toMatch(/^There is no users\.User yet, so owner cannot be given a value\. First create one/);
    expect(hint.indexOf('"after": "shared-migrations"')).toBeLessThan(hint.indexOf('"fields": { "owner": … }'));
  });

  it('is not asked for where a command of the project creates both', () => {
    const [first] = ofTenant([owner([])], { create_public_tenant: 'tenant_users.tenants' }).split('\n');
    expect(first).toBe(
      'If create_public_tenant creates it: "tenants": { "super": { "command": "create_public_tenant", "args": [...] } }',
    );
  });
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
