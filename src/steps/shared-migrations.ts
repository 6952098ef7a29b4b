import path from 'node:path';

import { shellWord } from '../core/shell-word.ts';
import type { Applied, Progress, Step } from '../core/step.ts';
import type { Inspection } from '../django/protocol.ts';
import { unsetVariablesHint } from '../project/unset-variables-hint.ts';
import { applyShared } from './apply-shared.ts';
import type { SetupContext } from './context.ts';
import { behindTemplates, migrateTemplates, templateActions } from './templates.ts';
import { databaseWords } from './manage-command.ts';
import { isFakeInitial } from './is-fake-initial.ts';
import { watchingLocks } from './lock-failure.ts';
import { lackingFields } from './super-tenant.ts';
import { sharedRefusal } from './migration-refusal.ts';
import { createMissingTables, missingIn, missingState } from './missing-tables.ts';
import { doctorKnows } from './orphaned-migrations.ts';
import { isUnfinished } from './unfinished-schemas.ts';
import { warnOfFaking } from './warn-of-faking.ts';
import { warnOfOthers } from './other-databases.ts';

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
    const { description } = await context.django(progress);
    const refusal = sharedRefusal(inspection, description.database.alias, context.config.doctor.skip);
    if (refusal?.code === 'SYSTEM_CHECK_FAILED') {
      const { project, config } = context;
      const reason = refusal.reason.replaceAll(`${project.root}${path.sep}`, '');
      const hint = await unsetVariablesHint(project, description.unsetVariables, reason, config.envFiles);
      return { ...refusal, reason, hint: hint === null ? refusal.hint : `${refusal.hint}\n${hint}` };
    }
    if (refusal !== null) {
      // The next run would end with it.
      const later = await lackingFields(context, progress);
      return later === null ? refusal : { ...refusal, hint: `${refusal.hint}\nAfter that: ${later}` };
    }
    await warnOfOthers(context, progress);
    const { schema, pending, orphaned, applied } = inspection.shared;
    const details = orphaned.map((name) => `applied, but not in the code: ${name} (was the branch switched?)`);
    const missing = missingIn(inspection, context, (name) => name === schema);
    if (missing.length > 0) return missingState(missing, context, schema);
    const again = needsEnd(inspection);
    const templates = behindTemplates(inspection);
    if (pending.length === 0 && !again && templates.length === 0) {
      const warnings = doctorKnows(inspection, context.config.doctor.skip);
      return { kind: 'satisfied', evidence: `${applied} migrations applied, none pending`, details, warnings };
    }
    const actions = templateActions(templates, inspection);
    if (pending.length === 0 && !again) return { kind: 'needed', reason: actions.join('; '), actions };
    await warnOfFaking(context, progress, 'shared-migrations', [{ schemas: [schema], pending }]);
    return {
      kind: 'needed',
      reason:
        pending.length === 0
          ? 'an earlier run stopped between the last migration and what Django does after it (content types, permissions)'
          : `${pending.length} ${pending.length === 1 ? 'migration is' : 'migrations are'} pending`,
      actions: [
        `python manage.py ${(await commandLine(context, progress)).map(shellWord).join(' ')}`,
        ...pending.map((name) => `apply ${name}`),
        ...actions,
      ],
    };
  },

  apply: async (context, progress) => {
    if (await context.lock(progress)) context.forget();
    const inspection = await context.inspection(progress);
    const { shared } = inspection;
    const missing = missingIn(inspection, context, (name) => name === shared.schema);
    const created = missing.length === 0 ? null : await createMissingTables(context, progress, missing);
    const isBehind = shared.pending.length > 0 || needsEnd(inspection);
    const applied = isBehind ? await migrateShared(context, progress, shared.schema) : null;
    // What tenants are cloned from, before the next steps save one.
    const cloned = await migrateTemplates(context, progress);
    const done = applied ?? created ?? cloned;
    if (done === null) return { summary: 'another devsetup has done it meanwhile', changed: false };
    return { ...done, details: [created, applied, cloned].flatMap((part) => part?.details ?? []) };
  },
};

const migrateShared = async (context: SetupContext, progress: Progress, schema: string | null): Promise<Applied> => {
  const words = await commandLine(context, progress);
  const applied = await watchingLocks(context, progress, (watch) => applyShared(context, progress, words, watch));
  context.finished(schema);
  context.forget();
  return applied;
};

/** Nothing may be pending, and the command has to run all the same. */
const needsEnd = ({ shared, unfinished = [] }: Inspection): boolean => isUnfinished(unfinished, shared.schema);

const commandLine = async (context: SetupContext, progress: Progress): Promise<readonly string[]> => {
  const { tenancy, database } = (await context.django(progress)).description;
  // migrate_schemas reads TENANT_DB_ALIAS itself; migrate assumes `default`.
  const migrate = ['migrate', ...databaseWords(database.alias)];
  return [
    ...(tenancy.mode === 'schemas' ? ['migrate_schemas', '--shared'] : migrate),
    ...((await isFakeInitial(context, progress)) ? ['--fake-initial'] : []),
    '--noinput',
  ];
};
