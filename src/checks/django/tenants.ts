import { defineCheck, notApplicable, problemsOr } from '../../core/check.ts';
import { mayLackSchema } from '../../steps/schema-rules.ts';
import type { CheckContext } from '../context.ts';
import { manageCommand } from '../../steps/manage-command.ts';
import { TENANT_FINDINGS, tenantProblems, type TenantCode } from './tenant-problems.ts';

/** Tenants, their domains and their schemas belong together. Schemas that are missing are the business of the steps. */
export const tenants = defineCheck<CheckContext, TenantCode>({
  id: 'tenants',
  group: 'django',
  title: 'Tenants',
  findings: TENANT_FINDINGS,
  timeoutSeconds: 60,
  run: async (context) => {
    const { tenancy, commands } = (await context.django()).description;
    if (tenancy.mode === 'shared') return notApplicable(`no tenant schemas: ${tenancy.reason}`);
    const inspection = await context.inspection();
    if (inspection.tenants === null) return notApplicable('the table of tenants does not exist yet');
    const { tenantsWithoutPrimaryDomain } = await context.examination();
    const { project, config } = context;
    const { guest } = config.tenants;
    const isIntended = (schema: string): boolean => mayLackSchema(config, schema);
    const createDomain =
      project === null || commands['create_domain'] !== 'django_tenants'
        ? null
        : (schema: string) => manageCommand(['create_domain', '--schema', schema]);
    const problems = tenantProblems(inspection, {
      hasDomains: tenancy.domainModel !== null,
      withoutPrimary: tenantsWithoutPrimaryDomain ?? [],
      ofSteps: guest === false ? [] : [guest.schema],
      createDomain,
      isWithoutSchema: isIntended,
    });
    const without = inspection.tenants.filter(({ schema, schemaExists }) => !schemaExists && isIntended(schema)).length;
    const configured = without === 0 ? '' : `, ${without} without a schema as configured`;
    return problemsOr(problems, `${inspection.tenants.length} besides the public one${configured}`);
  },
});
