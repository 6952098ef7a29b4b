import { defineCheck, notApplicable, problemsOr } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { LINTER_FINDINGS, linterProblems, type LinterCode } from './linter-problems.ts';
import { readLinterFiles } from './read-linter-files.ts';

/**
 * A linter of migrations is shown the SQL of tenant apps. While the connection is on the public schema, `sqlmigrate` prints
 * nothing for them, and the linter passes everything.
 */
export const migrationLinter = defineCheck<CheckContext, LinterCode>({
  id: 'migration-linter',
  group: 'django',
  title: 'Linter of migrations',
  findings: LINTER_FINDINGS,
  timeoutSeconds: 60,
  run: async (context) => {
    const { description } = await context.django();
    if (description.tenancy.mode === 'shared') return notApplicable('no tenant schemas');
    const { root, project } = context;
    const files = await readLinterFiles(root, project?.backend.directory ?? root);
    const { appLists } = await context.examination();
    const isInstalled = description.installedApps.some((entry) => entry.startsWith('django_migration_linter'));
    const problems = linterProblems(files, {
      isInstalled,
      shared: appLists?.shared ?? [],
      tenant: appLists?.tenant ?? [],
    });
    return problemsOr(problems, 'none that sees the public schema only');
  },
});
