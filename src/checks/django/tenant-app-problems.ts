import type { Problem } from '../../core/check.ts';
import { groupBy } from '../../core/group-by.ts';
import type { AppLists } from '../../django/examination.ts';
import { listSome } from './list-some.ts';

export const TENANT_APP_FINDINGS = {
  'stranded-foreign-key': 'error',
  'admin-log-apart': 'warning',
  'content-types-apart': 'info',
  'app-in-no-list': 'warning',
} as const;

export type TenantAppCode = keyof typeof TENANT_APP_FINDINGS;

export interface TenantAppFacts {
  /** Label of the app of the user model; '' without users. */
  readonly userApp: string;
  readonly ownApps: readonly string[];
}

export const tenantAppProblems = (lists: AppLists, facts: TenantAppFacts): readonly Problem<TenantAppCode>[] => [
  ...stranded(lists),
  ...apartProblems(lists, facts),
  ...inNoList(lists, facts),
];

/** One finding an app that is referred to: adding that one to the shared apps mends all of its keys. */
const stranded = ({ stranded }: AppLists): readonly Problem<TenantAppCode>[] =>
  [...groupBy(stranded, ({ to }) => appOf(to))].map(([to, keys]) => {
    const from = [...new Set(keys.map(({ field }) => appOf(field)))];
    return {
      code: 'stranded-foreign-key',
      message: `The app ${to} is in TENANT_APPS only, and shared tables (of ${listSome(from)}) refer to it: in the public schema they cannot be made.`,
      evidence: [listSome(keys.map((key) => `${key.field} → ${key.to}`))],
      remedy: {
        text: `Add the app ${to} to SHARED_APPS too, or move ${listSome(from)} to TENANT_APPS.`,
        command: null,
      },
    };
  });

/** A shared table is seen by tenants as well; what it refers to is not the same row there if tenants have a table of their own. */
const apartProblems = (lists: AppLists, { userApp }: TenantAppFacts): readonly Problem<TenantAppCode>[] => {
  const isSharedOnly = (app: string): boolean => lists.shared.includes(app) && !lists.tenant.includes(app);
  const isInBoth = (app: string): boolean => lists.shared.includes(app) && lists.tenant.includes(app);
  const problems: Problem<TenantAppCode>[] = [];
  if (lists.tenantsServeAdmin === true && isSharedOnly('admin') && isInBoth(userApp)) {
    problems.push({
      code: 'admin-log-apart',
      message: `Tenants have users of their own (${userApp}) and serve the admin, whose log is in the public schema: saving anything there fails, or is logged under another user.`,
      remedy: { text: 'Add "django.contrib.admin" to TENANT_APPS too.', command: null },
    });
  }
  if (isSharedOnly('auth') && isInBoth('contenttypes')) {
    problems.push({
      code: 'content-types-apart',
      message:
        'Tenants have content types of their own, while permissions are in the public schema and refer to those there: with other numbers they are other permissions.',
      remedy: {
        text: 'Keep "django.contrib.contenttypes" and "django.contrib.auth" in the same lists.',
        command: null,
      },
    });
  }
  return problems;
};

/** Only the project's own: what a package does without tables is its own affair. */
const inNoList = (lists: AppLists, { ownApps }: TenantAppFacts): readonly Problem<TenantAppCode>[] => {
  const apps = lists.withTables.filter(
    (app) => ownApps.includes(app) && !lists.shared.includes(app) && !lists.tenant.includes(app),
  );
  if (apps.length === 0) return [];
  return [
    {
      code: 'app-in-no-list',
      message: `${apps.length === 1 ? `The app ${apps[0]} is` : `The apps ${listSome(apps)} are`} in INSTALLED_APPS, but neither in SHARED_APPS nor in TENANT_APPS: no schema has ${apps.length === 1 ? 'its' : 'their'} tables.`,
      remedy: {
        text: 'Add each to SHARED_APPS or TENANT_APPS, and build INSTALLED_APPS from the two.',
        command: null,
      },
    },
  ];
};

const appOf = (label: string): string => label.slice(0, label.indexOf('.'));
