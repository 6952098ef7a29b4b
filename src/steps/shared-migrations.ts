import type { DevsetupError } from '../core/errors.ts';
import type { Progress, Step } from '../core/step.ts';
import type { MigrationEvent, RunResult } from '../django/protocol.ts';
import type { SetupContext } from './context.ts';
import { commandFailure } from './command-failure.ts';
import { forgetting } from './forgetting.ts';
import { isFakeInitial } from './is-fake-initial.ts';
import { runManage } from './run-manage.ts';

/**
 * The public schema (or, without tenant schemas, the whole database) has every migration. `migrate_schemas --shared` where
 * the project really runs django-tenants, `migrate` where it does not: chosen by what exists, never by a failed exit code,
 * since under django-tenants `migrate` is the same command and would repeat the failing work on every tenant.
 */
export const sharedMigrations: Step<SetupContext> = {
  id: 'shared-migrations',
  title: 'Shared migrations',
  dependsOn: ['database'],

  inspect: async (context, progress) => {
    const inspection = await context.inspection(progress);
    const conflicts = Object.entries(inspection.conflicts);
    if (conflicts.length > 0) {
      const named = conflicts.map(([app, leaves]) => `${app} (${leaves.join(', ')})`).join('; ');
      return {
        kind: 'blocked',
        code: 'MIGRATION_CONFLICT',
        reason: `two migrations claim to be the last of their app: ${named}`,
        hint: `Merge them: python manage.py makemigrations --merge ${conflicts.map(([app]) => app).join(' ')}`,
        manage: ['makemigrations', '--merge', ...conflicts.map(([app]) => app)],
      };
    }
    if (inspection.unmigratedApps.length > 0) {
      const apps = inspection.unmigratedApps.join(' ');
      return {
        kind: 'blocked',
        code: 'MIGRATIONS_NOT_COMMITTED',
        reason: `these apps have models and no migrations: ${apps}`,
        hint: `Run "python manage.py makemigrations ${apps}" and commit the files: devsetup never makes migrations.`,
        manage: ['makemigrations', ...inspection.unmigratedApps],
      };
    }
    const { pending, orphaned, applied } = inspection.shared;
    const details = orphaned.map((name) => `applied, but not in the code: ${name} (was the branch switched?)`);
    if (pending.length === 0) {
      return { kind: 'satisfied', evidence: `${applied} migrations applied, none pending`, details };
    }
    return {
      kind: 'needed',
      reason: `${pending.length} ${pending.length === 1 ? 'migration is' : 'migrations are'} pending`,
      actions: [
        `python manage.py ${(await commandLine(context, progress)).join(' ')}`,
        ...pending.map((name) => `apply ${name}`),
      ],
    };
  },

  apply: async (context, progress) => {
    if (await context.lock(progress)) {
      context.forget();
      const { shared } = await context.inspection(progress);
      if (shared.pending.length === 0) return { summary: 'another devsetup has done it meanwhile', changed: false };
    }
    const [command = '', ...args] = await commandLine(context, progress);
    const { shared } = await context.inspection(progress);
    const total = shared.pending.length;
    let done = 0;
    let running: string | undefined;
    const request = runManage(context, progress, { command, args, migratesNewSchema: !shared.initialised }, (event) => {
      if (event.kind === 'migration-started') {
        running = event.migration;
        progress.update(`${done}/${total} · ${event.migration}`);
      }
      if (event.kind === 'migration') {
        running = undefined;
        done += 1;
      }
    });
    const result = await forgetting(context, request);
    if (result.exitCode !== 0) throw migrationFailure(command, result, running, args.includes('--fake-initial'));
    const faked = result.migrations.filter((event) => event.faked);
    return {
      summary: summarise(result.migrations),
      details: faked.map((event) => `faked, its tables were there: ${event.migration}`),
      data: {
        applied: result.migrations.filter((event) => !event.faked).map((event) => event.migration),
        faked: faked.map((event) => event.migration),
      },
    };
  },
};

const commandLine = async (context: SetupContext, progress: Progress): Promise<readonly string[]> => {
  const { tenancy } = (await context.django(progress)).description;
  return [
    ...(tenancy.mode === 'schemas' ? ['migrate_schemas', '--shared'] : ['migrate']),
    ...((await isFakeInitial(context, progress)) ? ['--fake-initial'] : []),
    '--noinput',
  ];
};

const summarise = (events: readonly MigrationEvent[]): string => {
  const faked = events.filter((event) => event.faked).length;
  const applied = events.length - faked;
  return `${applied} ${applied === 1 ? 'migration' : 'migrations'} applied${faked > 0 ? `, ${faked} faked` : ''}`;
};

const migrationFailure = (
  command: string,
  result: RunResult & { readonly tail: string },
  at: string | undefined,
  fakesInitial: boolean,
): DevsetupError => {
  // By the driver's name for SQLSTATE 42P07: the message is in the server's language.
  const isTableThere = result.error?.traceback.includes('.DuplicateTable:') === true;
  const mend =
    at === undefined
      ? 'It failed before the first migration: mend what it says, then run devsetup again.'
      : 'Mend the migration (nothing of it was kept if it is atomic), then run devsetup again.';
  const hint =
    isTableThere && !fakesInitial
      ? 'Its table was made by something else. If it is as the migration would make it, "migrations": { "fakeInitial": true } records the migration as applied.'
      : mend;
  return commandFailure({ code: 'MIGRATION_FAILED', command, result, at, hint });
};
