import { defineCheck, notApplicable, problemsOr } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { partOf } from './examined-part.ts';
import { TENANT_APP_FINDINGS, tenantAppProblems, type TenantAppCode } from './tenant-app-problems.ts';

/** What stands in SHARED_APPS and what in TENANT_APPS fit together. */
export const tenantApps = defineCheck<CheckContext, TenantAppCode>({
  id: 'tenant-apps',
  group: 'django',
  title: 'Shared and tenant apps',
  findings: TENANT_APP_FINDINGS,
  timeoutSeconds: 60,
  run: async (context) => {
    const { tenancy, user } = (await context.django()).description;
    if (tenancy.mode === 'shared') return notApplicable(`no tenant schemas: ${tenancy.reason}`);
    const { appLists, ownApps, failures } = await context.examination();
    return partOf(failures, 'appLists', () =>
      appLists === null
        ? notApplicable('there are no lists of apps')
        : problemsOr(
            tenantAppProblems(appLists, { userApp: user.model.split('.')[0] ?? '', ownApps }),
            `${appLists.shared.length} shared, ${appLists.tenant.length} in every tenant`,
          ),
    );
  },
});
