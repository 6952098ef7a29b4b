import { defineRule, type RuleFinding } from '../finding.ts';
import { misplacedMigrations } from './inline-in-deploy.ts';

export const hiddenInScript = defineRule({
  id: 'migrate/hidden-in-script',
  title: 'A script that a deployment calls migrates',
  check: (audit) => {
    const found = new Map<string, RuleFinding>();
    for (const { job, migration, what } of misplacedMigrations(audit, true)) {
      const { call, script } = migration;
      // Where the workflow, or the action, leaves for the first script.
      const outermost = call.layers.find(({ kind, span }) => kind === 'script' && span.file !== call.span.file);
      if (script === null) continue;
      // A script that is a migration as a whole is named by its call.
      const { span } = outermost ?? call;
      const key = `${span.file}:${span.line}:${span.column}`;
      if (found.has(key)) continue;
      found.set(key, {
        span,
        message: `${job.id} ${what}, and ${script}, which it calls, migrates: nobody who reads the workflow sees it.`,
        evidence: [{ text: `${migration.command} is run here`, span: call.span }],
        fix: {
          sentence: 'Take the migration out of the script, into a job of its own before the deployment.',
          edits: [],
        },
        job: job.key,
        step: migration.step.label,
      });
    }
    return [...found.values()];
  },
});
