import { appendSettings, editProjectFile } from '../../../support/sample-project.ts';
import { plainDjango, requiredTenantField, tenantOnlyUsers, withoutOwnCommands } from '../../../support/variations.ts';
import type { Row } from '../support/row.ts';

const ADMIN = { DJANGO_SUPERUSER_USERNAME: 'root', DJANGO_SUPERUSER_PASSWORD: 'a-long-secret-9' };

const ownStep = (step: Readonly<Record<string, unknown>>): NonNullable<Row['site']> => ({
  config: { steps: [{ id: 'seeds', title: 'Seeds', ...step }] },
});

const nothing = async (): Promise<void> => undefined;

/** What the steps find, and what keeps them from looking; what Django's own checks say. */
export const SETUP_ROWS: readonly Row[] = [
  {
    name: 'the superuser was never made',
    breaks: async () => ADMIN,
    code: 'superuser-needed',
    severity: 'warning',
    mends: 'npx devsetup',
    fixable: true,
  },
  {
    name: 'the superuser exists and is not active',
    breaks: async ({ run, sql }) => {
      await run([], ADMIN);
      await sql('UPDATE accounts_user SET is_active = false');
      return ADMIN;
    },
    code: 'superuser-incomplete',
    severity: 'warning',
    mends: /--update-superuser/,
  },
  {
    name: 'users live in tenants, and none is named for the superuser',
    site: { start: 'empty', variations: [tenantOnlyUsers], config: { tenants: { guest: false } } },
    breaks: async ({ run }) => {
      await run();
      return ADMIN;
    },
    code: 'superuser-schema-needed',
    severity: 'error',
    mends: /"schemas"/,
  },
  {
    name: 'a step of the project has not run',
    site: ownStep({ manage: ['check'] }),
    breaks: nothing,
    code: 'own-step-needed',
    severity: 'warning',
    mends: 'npx devsetup',
    fixable: true,
  },
  {
    name: 'a step of the project asks a program that is not installed',
    site: ownStep({ command: ['true'], inspect: { command: ['no-such-program'] } }),
    breaks: nothing,
    code: 'program-missing',
    severity: 'error',
    mends: /on PATH/,
  },
  {
    name: 'a step of the project asks a command that does not exist',
    site: ownStep({ command: ['true'], inspect: { manage: ['chek'] } }),
    breaks: nothing,
    code: 'command-unknown',
    severity: 'error',
    mends: /Did you mean check/,
  },
  {
    name: 'a step of the project does not end',
    site: ownStep({ command: ['true'], inspect: { command: ['sleep', '60'] }, timeoutSeconds: 1 }),
    breaks: nothing,
    code: 'command-timed-out',
    severity: 'error',
    mends: /raise timeoutSeconds/,
  },
  {
    name: 'a tenant needs a value that only the project knows',
    site: { variations: [withoutOwnCommands, requiredTenantField] },
    breaks: async ({ run, sql }) => {
      await run();
      await sql(`DELETE FROM customers_domain WHERE domain = 'guest.localhost'`);
      await sql(`DELETE FROM customers_library WHERE schema_name = 'guest'`);
      await sql('DROP SCHEMA guest CASCADE');
    },
    code: 'tenant-fields-missing',
    severity: 'error',
    mends: /"contact"/,
  },
  {
    name: 'the domain of the guest belongs to another tenant',
    site: { variations: [withoutOwnCommands], config: { tenants: { guest: { domain: 'localhost' } } } },
    breaks: async ({ sql }) => {
      await sql(`DELETE FROM customers_domain WHERE domain = 'guest.localhost'`);
    },
    code: 'domain-taken',
    severity: 'error',
    mends: /Choose another/,
  },
  {
    name: "an error of Django's own checks",
    breaks: ({ project }) =>
      editProjectFile(
        project,
        'backend/notices/admin.py',
        /$/,
        '\nfrom django.contrib import admin\nfrom notices.models import Notice\nadmin.site.unregister(Notice) if admin.site.is_registered(Notice) else None\n\n\n@admin.register(Notice)\nclass BrokenAdmin(admin.ModelAdmin):\n    list_display = ("no_such_field",)\n',
      ),
    code: 'system-check-failed',
    severity: 'error',
    mends: /Mend what it names/,
  },
  {
    name: "a warning of Django's own checks",
    breaks: ({ project }) => appendSettings(project, 'STATICFILES_DIRS = [BASE_DIR / "no-such-folder"]'),
    code: 'system-check-warning',
    severity: 'warning',
    mends: /SILENCED_SYSTEM_CHECKS = \["staticfiles\.W004"\]/,
  },
  {
    name: "a warning of Django's own checks, without tenants",
    site: { start: 'empty', variations: [plainDjango] },
    breaks: async (site) => {
      await site.run();
      await appendSettings(site.project, 'STATICFILES_DIRS = [BASE_DIR / "no-such-folder"]');
    },
    code: 'system-check-warning',
    severity: 'warning',
    mends: /SILENCED_SYSTEM_CHECKS/,
  },
];
