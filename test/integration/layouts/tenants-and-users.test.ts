import { defineLayouts } from '../../support/layouts/define-layouts.ts';

const REGION = { region: 'north', contact: 'office@example.org' };
const OTHER_COMMAND = (command: string, ...args: readonly string[]) => ({ command, args });

defineLayouts('tenants and users', [
  { name: 'a Domain model, own commands', layout: { tenants: 'domain', commands: 'own', usersIn: 'both' } },
  { name: 'a Domain model, no commands', layout: { tenants: 'domain', commands: 'none', usersIn: 'shared' } },
  { name: 'no Domain model', layout: { tenants: 'no-domain', commands: 'none' } },
  { name: 'no Domain model, own commands', layout: { tenants: 'no-domain', commands: 'own' } },
  { name: 'fields that follow from the name', layout: { tenants: 'derivable', commands: 'none' } },
  { name: 'fields of other names', layout: { tenants: 'other-names', commands: 'none' } },
  { name: 'the tenant model in a nested app', layout: { tenants: 'nested', commands: 'own', place: 'backend' } },
  { name: 'the tenant model in a nested app, no commands', layout: { tenants: 'nested', commands: 'none' } },
  {
    name: 'several types of tenants',
    layout: { tenants: 'types', commands: 'none' },
    refused: {
      code: 'TENANT_FIELDS_MISSING',
      names: ['kind', 'shop, depot', /tenants.*guest.*type.*shop/],
      mend: { config: { tenants: { guest: { type: 'shop' } } } },
    },
  },
  { name: 'several types of tenants, own commands', layout: { tenants: 'types', commands: 'own', usersIn: 'both' } },
  {
    name: 'required fields that nothing can be said about',
    layout: { tenants: 'required', commands: 'none' },
    refused: {
      code: 'TENANT_FIELDS_MISSING',
      names: ['contact', /tenants.*super.*fields.*contact.*guest.*fields.*contact/],
      mend: { config: { tenants: { super: { fields: REGION }, guest: { fields: REGION } } } },
    },
  },
  { name: 'required fields, own commands', layout: { tenants: 'required', commands: 'own' } },
  {
    name: 'required fields, create_public_tenant with arguments and no guest',
    layout: { tenants: 'required', commands: 'public' },
    refused: {
      code: 'TENANT_FIELDS_MISSING',
      names: ['contact', /tenants.*super.*fields/, /command.*create_public_tenant/],
      mend: {
        config: { tenants: { super: OTHER_COMMAND('create_public_tenant', '--host', 'localhost'), guest: false } },
      },
    },
    tenants: ['public'],
  },
  {
    name: 'a required relation to another model',
    layout: { tenants: 'required-relation', commands: 'public' },
    refused: {
      code: 'TENANT_FIELDS_MISSING',
      names: ['plan', 'customers.Plan', /tenants.*super.*fields/],
      mend: {
        config: {
          tenants: {
            super: OTHER_COMMAND('create_public_tenant', '--host', 'localhost'),
            guest: { fields: { plan: 1 } },
          },
        },
      },
    },
  },
  {
    name: 'a required field of the Domain model',
    layout: { tenants: 'required-domain-field', commands: 'none' },
    refused: {
      code: 'TENANT_FIELDS_MISSING',
      names: ['domain.registrar', /tenants.*super.*fields/],
      mend: {
        config: {
          tenants: {
            super: { fields: { 'domain.registrar': 'a@b.example' } },
            guest: { fields: { 'domain.registrar': 'b@b.example' } },
          },
        },
      },
    },
  },
  {
    name: 'a command that needs arguments',
    layout: { tenants: 'domain', commands: 'arguments' },
    refused: {
      code: 'COMMAND_FAILED',
      names: ['--host', /tenants.*super.*args/],
      mend: { config: { tenants: { super: { args: ['--host', 'localhost'] } } } },
    },
  },
  { name: 'the default user, in tenants only', layout: { user: 'default', usersIn: 'tenant', commands: 'none' } },
  { name: 'a custom user, in tenants only', layout: { user: 'custom', usersIn: 'tenant', commands: 'own' } },
  {
    name: 'users in tenants only, and no guest',
    layout: { user: 'default', usersIn: 'tenant', commands: 'none', tenants: 'domain' },
    config: { tenants: { guest: false } },
    refused: {
      code: 'SUPERUSER_SCHEMA_NEEDED',
      names: ['auth.User', /superuser.*schemas/],
      mend: { config: { tenants: {}, superuser: { schemas: ['guest'] } } },
    },
  },
  {
    name: 'login by e-mail, a further required field',
    layout: { user: 'email', usersIn: 'both' },
    refused: {
      code: 'SUPERUSER_FIELDS_MISSING',
      names: ['phone', 'DJANGO_SUPERUSER_PHONE'],
      mend: { env: { DJANGO_SUPERUSER_PHONE: '12345' } },
    },
  },
  {
    name: 'login by e-mail, everything given',
    layout: { user: 'email', usersIn: 'shared' },
    env: { DJANGO_SUPERUSER_PHONE: '12345' },
  },
  { name: 'a custom user, in both lists', layout: { user: 'custom', usersIn: 'both' } },
  { name: 'a custom user, shared only', layout: { user: 'custom', usersIn: 'shared' } },
  { name: 'plain Django, the default user', layout: { tenants: 'none', user: 'default' } },
  { name: 'plain Django, a custom user', layout: { tenants: 'none', user: 'custom' } },
]);
