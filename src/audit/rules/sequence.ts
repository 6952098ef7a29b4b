import { defineRule, type RuleFinding } from '../finding.ts';
import { findMigrations, type Migration, type MigrationStage } from '../model/migrations.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import type { Audit, AuditedJob, Pipeline } from '../pipeline.ts';
import { withoutPadding } from '../../shell/holes.ts';

interface Placed {
  readonly job: AuditedJob;
  readonly migration: Migration;
}

interface Mistake {
  readonly at: Placed;
  readonly message: string;
  readonly sentence: string;
}

/** What the stages of the default sequence are called, and how they are written. */
const STAGES: readonly {
  readonly name: string;
  readonly kinds: readonly MigrationStage[];
  readonly command: string;
}[] = [
  { name: 'the shared schema', kinds: ['shared', 'both'], command: 'migrate_schemas --shared --noinput' },
  { name: 'the super tenant', kinds: ['super-tenant'], command: 'create_super_tenant' },
  { name: 'the tenant schemas', kinds: ['tenants', 'both'], command: 'migrate_schemas --tenant --noinput' },
];

export const sequence = defineRule({
  id: 'migrate/sequence',
  title: 'The migrate job does not run the sequence',
  check: (audit) =>
    audit.pipelines.flatMap((pipeline) => sequencesOf(pipeline, audit).flatMap((one) => judge(one, audit))),
});

/** The commands of the migrate jobs of each stage, in the order they are run: a sequence may be spread over several jobs. */
const sequencesOf = ({ jobs }: Pipeline, { config }: Audit): readonly (readonly Placed[])[] => {
  const byStage = new Map<string, Placed[]>();
  // A job that only sets up a tenant is part of it.
  const migrating = jobs.filter((job) => /^(?:migrate|other)$/.test(job.role) && !runsOnThrowAwayDatabase(job));
  for (const job of migrating.toSorted((a, b) => a.allNeeds.size - b.allNeeds.size)) {
    const key = job.stage ?? '';
    const known = byStage.get(key) ?? [];
    byStage.set(key, [...known, ...findMigrations(job, config).map((migration) => ({ job, migration }))]);
  }
  return [...byStage.values()].filter((commands) => commands.length > 0);
};

const judge = (all: readonly Placed[], audit: Audit): readonly RuleFinding[] => {
  // Those of other tools have no part in the sequence of django-tenants.
  const commands = all.filter(({ migration }) => migration.stage !== 'other');
  if (commands.length === 0) return [];
  const kinds = new Set(commands.map(({ migration }) => migration.stage));
  if (kinds.has('devsetup')) return [];
  const wanted = audit.config.sequence;
  const mistake = wanted === null ? byDefault(commands, kinds, audit) : byConfiguration(commands, wanted);
  if (mistake === null) return [];
  const { job, migration } = mistake.at;
  return [
    {
      span: migration.call.span,
      message: mistake.message,
      evidence: commands
        .filter((one) => one !== mistake.at)
        .slice(0, 4)
        .map((one) => ({ text: `${one.migration.command} is run here`, span: one.migration.call.span })),
      fix: { sentence: mistake.sentence, edits: [] },
      job: job.key,
      step: migration.step.label,
    },
  ];
};

const hasTenants = (kinds: ReadonlySet<MigrationStage>, { project }: Audit): boolean =>
  project.hasTenants === true ||
  ['shared', 'tenants', 'both', 'super-tenant'].some((kind) => kinds.has(kind as MigrationStage));

/** Where in the sequence a command belongs; what does all of it belongs anywhere. */
const rankOf = ({ migration: { stage } }: Placed): number =>
  stage === 'both' ? Number.NaN : ['shared', 'super-tenant', 'tenants'].indexOf(stage);

const byDefault = (commands: readonly Placed[], kinds: ReadonlySet<MigrationStage>, audit: Audit): Mistake | null => {
  const [first] = commands;
  if (first === undefined || kinds.has('configured') || !hasTenants(kinds, audit)) return null;
  const order = 'shared schema → super tenant → tenant schemas';
  if ([...kinds].every((kind) => kind === 'plain')) {
    return {
      at: first,
      message: `This project has tenants, and a plain migrate does not say which schemas it means: the sequence is ${order}.`,
      sentence:
        'Run `devsetup migrate`, or `migrate_schemas --shared`, the set-up of the super tenant, `migrate_schemas --tenant --noinput`.',
    };
  }
  const early = commands.find((one, index) => commands.slice(index + 1).some((later) => rankOf(later) < rankOf(one)));
  if (early !== undefined) {
    return {
      at: early,
      message: `${early.migration.command} comes too early: the sequence is ${order}.`,
      sentence: 'Run it where the sequence has it.',
    };
  }
  let from = 0;
  let last = first;
  for (const { name, kinds: accepted, command } of STAGES) {
    const at = commands.findIndex(({ migration }, index) => index >= from && accepted.includes(migration.stage));
    const found = commands[at];
    if (found === undefined) {
      return {
        at: last,
        message: `The sequence is ${order}; nothing here does ${name}.`,
        sentence: `Run \`${command}\` at its place.`,
      };
    }
    last = found;
    from = at + 1;
  }
  const { flags } = last.migration;
  if (flags.some((flag) => /^--no-?input$/.test(flag))) return null;
  return {
    at: last,
    message: `${last.migration.command} may stop and ask, and nobody is there to answer: it needs --noinput.`,
    sentence: 'Add --noinput.',
  };
};

const wordsOf = ({ migration }: Placed): readonly string[] =>
  migration.call.words.map(({ value }) => withoutPadding(value));

const contains = (command: Placed, wanted: string): boolean => {
  const words = wordsOf(command);
  let from = 0;
  return wanted
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => {
      const at = words.findIndex((one, index) => index >= from && (one === word || one.endsWith(`/${word}`)));
      from = at + 1;
      return at >= 0;
    });
};

const byConfiguration = (commands: readonly Placed[], wanted: readonly (readonly string[])[]): Mistake | null => {
  let from = 0;
  let last = commands[0];
  for (const alternatives of wanted) {
    const isOne = (command: Placed): boolean => alternatives.some((one) => contains(command, one));
    const at = commands.findIndex((command, index) => index >= from && isOne(command));
    const found = commands[at];
    const name = alternatives.join(' or ');
    if (found === undefined) {
      const early = commands.find(isOne);
      const place = early ?? last;
      if (place === undefined) return null;
      return {
        at: place,
        message:
          early === undefined
            ? `The sequence of the configuration has ${name}; it is not run here.`
            : `${name} comes too early for the sequence of the configuration.`,
        sentence: 'Run the commands of audit.sequence in their order, or change audit.sequence.',
      };
    }
    last = found;
    from = at + 1;
  }
  return null;
};
