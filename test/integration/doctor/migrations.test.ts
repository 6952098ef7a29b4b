import { rm } from 'node:fs/promises';
import path from 'node:path';

import { expect, test } from 'vitest';

import { editProjectFile, writeProjectFile } from '../../support/sample-project.ts';
import { MIGRATION_ROWS } from './rows/migrations.ts';
import { openDoctorSite } from './support/healthy-site.ts';
import { testRows } from './support/row.ts';

testRows(MIGRATION_ROWS, { without: 'toolchain,dev-container,pipelines' });

const SQUASHED = `from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("published_at", models.DateTimeField(auto_now_add=True)),
                ("is_pinned", models.BooleanField(default=False)),
            ],
            options={"ordering": ["-is_pinned", "-published_at"]},
        ),
    ]
`;

test('what was squashed long ago is recorded for ever, and is no finding', async () => {
  const site = await openDoctorSite();
  const { project } = site;
  const name = '0001_squashed_0002_notice_is_pinned';
  try {
    for (const file of ['0001_initial', '0002_notice_is_pinned'])
      await rm(path.join(project.backend, `notices/migrations/${file}.py`));
    await writeProjectFile(project, `backend/notices/migrations/${name}.py`, SQUASHED);
    await editProjectFile(project, 'backend/notices/migrations/0003_rename_text.py', '0002_notice_is_pinned', name);
    for (const schema of ['public', 'guest'])
      await site.sql(
        `INSERT INTO ${schema}.django_migrations (app, name, applied) VALUES ('notices', '${name}', now())`,
      );
    const run = await site.doctor(['--strict']);
    expect(run.codes, run.stdout).toEqual([]);
  } finally {
    await site.remove();
  }
});
