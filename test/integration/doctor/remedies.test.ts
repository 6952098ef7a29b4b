import { cp, rm } from 'node:fs/promises';
import path from 'node:path';

import { expect, test } from 'vitest';

import type { Remedy } from '../../../src/core/check.ts';
import { appendSettings, editProjectFile } from '../../support/sample-project.ts';
import { contentsOf } from '../../support/schema-contents.ts';
import { typeCommand } from '../behaviour/support/type-command.ts';
import { openDoctorSite, type DoctorSite } from './support/healthy-site.ts';

interface Case {
  readonly name: string;
  /** Breaks the schema guest; t001 stays healthy. */
  readonly breaks: (site: DoctorSite) => Promise<void>;
  readonly code: string;
  /** What the remedy says to do before its command is typed. */
  readonly before?: (site: DoctorSite) => Promise<void>;
  /** The command undoes a migration: what that one added goes, as the text says. */
  readonly undoes?: boolean;
}

const NOTICE = 'notices/migrations/0005_notices_on_the_board.py';

const CASES: readonly Case[] = [
  {
    name: 'an app moved into both lists',
    breaks: async (site) => {
      await appendSettings(
        site.project,
        'TENANT_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "plans", "accounts", "django.contrib.admin"] + TENANT_APPS',
      );
      const run = await site.run(['--create-missing-tables', '--only-tenants', 't001']);
      expect(run.exitCode, run.stdout).toBe(0);
    },
    code: 'schema-drift',
  },
  {
    name: 'one table of several is missing',
    breaks: async ({ sql }) => {
      await sql('DROP TABLE guest.catalogue_item CASCADE');
    },
    code: 'schema-drift',
  },
  {
    name: 'a migration of another branch is applied in one tenant',
    breaks: async ({ project, sql }) => {
      await cp(path.join(project.backend, NOTICE), path.join(project.root, 'kept.py'));
      await rm(path.join(project.backend, NOTICE));
      await editProjectFile(project, 'backend/notices/models.py', / {8}indexes = .*\n/, '');
      for (const schema of ['public', 't001'])
        await sql(`DELETE FROM ${schema}.django_migrations WHERE app = 'notices' AND name LIKE '0005%'`);
      await sql('DROP INDEX t001.notices_on_the_board');
    },
    code: 'orphaned-migrations',
    before: ({ project }) => cp(path.join(project.root, 'kept.py'), path.join(project.backend, NOTICE)),
    undoes: true,
  },
  {
    name: 'a tenant lacks a migration',
    breaks: async ({ sql }) => {
      await sql(`DELETE FROM guest.django_migrations WHERE app = 'notices' AND name LIKE '0005%'`);
      await sql('DROP INDEX guest.notices_on_the_board');
    },
    code: 'tenant-migrations-needed',
  },
];

/** What a finding tells to type: its command, else what its text has in backticks. */
const commandOf = ({ remedy }: { readonly remedy: Remedy }): string | undefined =>
  remedy.command ?? /`((?:cd|npx devsetup) [^`]+)`/.exec(remedy.text)?.[1];

test.each(CASES)(
  'the command printed for "$code" touches the sick schema only and deletes nothing there: $name',
  async ({ breaks, code, before, undoes }) => {
    const site = await openDoctorSite({ start: 1 });
    try {
      await breaks(site);
      const { report } = await site.doctor();
      const finding = report.checks.flatMap(({ findings }) => findings).find((found) => found.code === code);
      const command = finding === undefined ? undefined : commandOf(finding);
      if (command === undefined) throw new Error(`no command in ${JSON.stringify(finding)}`);
      const [healthy, shared, sick] = [
        await contentsOf(site.sql, 't001'),
        await contentsOf(site.sql, 'public'),
        await contentsOf(site.sql, 'guest'),
      ];
      await before?.(site);
      await typeCommand(site, command);
      expect(await contentsOf(site.sql, 't001')).toEqual(healthy);
      expect(await contentsOf(site.sql, 'public')).toEqual(shared);
      const { django_migrations: records, ...tables } = sick;
      const after = await contentsOf(site.sql, 'guest');
      expect(after).toMatchObject(tables);
      if (undoes === true) {
        // Nothing is lost before the user decides to undo: the text offers another way first, and says what this one deletes.
        expect(finding?.remedy.text).toMatch(/^Bring the file back.*deletes the columns and tables/s);
      } else {
        expect(after['django_migrations']?.rows).toEqual(expect.arrayContaining([...(records?.rows ?? [])]));
        expect((await site.doctor()).codes).not.toContain(code);
      }
    } finally {
      await site.remove();
    }
  },
);
