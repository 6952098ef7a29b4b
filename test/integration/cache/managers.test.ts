import { expect, test } from 'vitest';

import { editProjectFile, type SampleProject } from '../../support/sample-project.ts';
import { withSite } from '../behaviour/support/site.ts';

const MODELS = 'backend/customers/models.py';

/** The tenant model's manager shows only what this Python expression of `queryset` leaves. */
const showOnly = async (project: SampleProject, expression: string): Promise<void> => {
  await editProjectFile(
    project,
    MODELS,
    /class Library\(TenantMixin\):/,
    `class Visible(models.Manager):
    def get_queryset(self):
        queryset = super().get_queryset()
        return ${expression}


class Library(TenantMixin):
    objects = Visible()
`,
  );
};

test('a tenant that another table makes visible again is migrated; where the clock decides, nothing is cached', async () => {
  await withSite({ start: 'ready' }, async (site) => {
    await showOnly(site.project, 'queryset.exclude(plan__is_public=False)');
    await site.sql(`INSERT INTO plans_plan (code, name, monthly_price, is_public) VALUES ('old', 'Old', 0, false)`);
    await site.sql(
      `INSERT INTO customers_library (schema_name, name, contact_email, created_on, plan_id)
       SELECT 'hidden', 'Hidden', '', now(), id FROM plans_plan WHERE code = 'old'`,
    );
    expect(await site.run()).toMatchObject({ exitCode: 0 });
    expect((await site.run()).report.djangoStarts).toBe(0);
    await site.sql('UPDATE plans_plan SET is_public = true');
    const shown = await site.run();
    expect(shown.step('tenant-migrations').data['tenants']).toMatchObject([{ schema: 'hidden', outcome: 'migrated' }]);
    expect((await site.run()).report.djangoStarts).toBe(0);

    for (const [expression, why] of [
      [
        'queryset.filter(created_on__lte=__import__("datetime").date.today())',
        'the manager of customers.Library calls today',
      ],
      ['queryset.filter(created_on__lte=models.functions.Now())', 'the manager of customers.Library filters by Now'],
    ] as const) {
      await editProjectFile(site.project, MODELS, /return queryset.*/, `return ${expression}`);
      const { stderr, stdout } = await site.show(['--verbose', '--ui', 'plain']);
      expect(stdout + stderr).toContain(`This run is not cached: ${why}`);
    }
  });
});
