import { defineCheck, notApplicable, problemsOr } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import {
  ineffectiveTenancy,
  TENANT_SETTING_FINDINGS,
  tenantSettingProblems,
  type TenantSettingCode,
} from './tenant-setting-problems.ts';

/** The settings of django-tenants, as far as it does not refuse to start without them (router, TENANT_MODEL, TENANT_APPS). */
export const tenantSettings = defineCheck<CheckContext, TenantSettingCode>({
  id: 'tenant-settings',
  group: 'django',
  title: 'Settings of django-tenants',
  findings: TENANT_SETTING_FINDINGS,
  timeoutSeconds: 60,
  run: async (context) => {
    const { description } = await context.django();
    const { tenancy } = description;
    if (tenancy.mode === 'shared') {
      const ineffective = ineffectiveTenancy(description);
      return ineffective === undefined ? notApplicable(tenancy.reason) : { kind: 'problems', problems: [ineffective] };
    }
    const { settings, appLists } = await context.examination();
    return problemsOr(
      tenantSettingProblems({ tenancy, settings, shared: appLists?.shared ?? null, tenant: appLists?.tenant ?? [] }),
      `${tenancy.library}, ${tenancy.tenantModel}`,
    );
  },
});
