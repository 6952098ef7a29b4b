import type { Problem } from '../../core/check.ts';
import type { Examination } from '../../django/examination.ts';
import type { Description, Tenancy } from '../../django/protocol.ts';
import { middlewareProblem } from './middleware-problem.ts';

export const TENANT_SETTING_FINDINGS = {
  'tenancy-not-effective': 'error',
  'tenant-middleware-missing': 'warning',
  'tenant-middleware-late': 'warning',
  'tenant-model-not-shared': 'error',
  'tenant-app-order': 'info',
} as const;

export type TenantSettingCode = keyof typeof TENANT_SETTING_FINDINGS;

export interface TenantSettingFacts {
  readonly tenancy: Extract<Tenancy, { mode: 'schemas' }>;
  readonly settings: Pick<Examination['settings'], 'middleware' | 'sharedApps'>;
  /** Labels of the apps of the public schema; null: not known. */
  readonly shared: readonly string[] | null;
  /** Labels of the apps of tenants. */
  readonly tenant: readonly string[];
}

const isDjangoTenants = (entry: string): boolean => entry === 'django_tenants' || entry.startsWith('django_tenants.');

/** django-tenants is switched on in INSTALLED_APPS, and not in force. One that is not installed is nobody's mistake. */
export const ineffectiveTenancy = ({
  installedApps,
  tenancy,
  database,
}: Pick<Description, 'installedApps' | 'tenancy' | 'database'>): Problem<TenantSettingCode> | undefined => {
  if (tenancy.mode === 'schemas' || !installedApps.some(isDjangoTenants)) return undefined;
  return {
    code: 'tenancy-not-effective',
    message: `${tenancy.reason.replace('is installed', 'is in INSTALLED_APPS')}: all tenants would share one schema.`,
    evidence: [`DATABASES['${database.alias}']['ENGINE'] = ${database.engine === '' ? 'not set' : database.engine}`],
    remedy: {
      text: `Set DATABASES['${database.alias}']['ENGINE'] to "django_tenants.postgresql_backend", or take django_tenants out of INSTALLED_APPS.`,
      command: null,
    },
  };
};

export const tenantSettingProblems = (facts: TenantSettingFacts): readonly Problem<TenantSettingCode>[] =>
  [middlewareProblem(facts.settings.middleware), modelNotShared(facts), appOrder(facts.settings.sharedApps)].filter(
    (problem) => problem !== undefined,
  );

/** The list of tenants is read before any tenant is known. */
const modelNotShared = ({ tenancy, shared, tenant }: TenantSettingFacts): Problem<TenantSettingCode> | undefined => {
  if (shared === null) return undefined;
  const models = [tenancy.tenantModel, ...(tenancy.domainModel === null ? [] : [tenancy.domainModel])];
  const model = models.find((label) => !shared.includes(appOf(label)));
  if (model === undefined) return undefined;
  const where = tenant.includes(appOf(model)) ? 'in TENANT_APPS only' : 'in neither list of apps';
  return {
    code: 'tenant-model-not-shared',
    message: `The app of ${model} is ${where}: its table has to be in the public schema.`,
    remedy: { text: `Move the app of ${model} to SHARED_APPS.`, command: null },
  };
};

const appOf = (label: string): string => label.slice(0, label.indexOf('.'));

/** Of commands and templates that two apps have, the first app's counts. */
const appOrder = (sharedApps: readonly string[] | null): Problem<TenantSettingCode> | undefined => {
  const place = sharedApps?.findIndex(isDjangoTenants) ?? -1;
  const before = sharedApps?.slice(0, Math.max(place, 0)).filter((entry) => entry.startsWith('django.')) ?? [];
  if (before.length === 0) return undefined;
  return {
    code: 'tenant-app-order',
    message: `django_tenants stands after ${before[0]} in SHARED_APPS; its documentation wants it before every app of Django.`,
    remedy: { text: 'Move "django_tenants" to the top of SHARED_APPS.', command: null },
  };
};
