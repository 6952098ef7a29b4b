import { collect } from '../../core/collect.ts';
import type { AuditConfig } from '../../config/audit-config.ts';
import { createKnownTexts, type KnownTexts } from '../../core/known-texts.ts';
import { withoutPadding } from '../../shell/holes.ts';
import type { ShellCall, ShellWord } from '../../shell/shell-run.ts';
import type { AuditedJob, AuditedStep } from '../pipeline.ts';
import { baseName, readDjangoCommand } from './django-command.ts';
import { otherMigrationOf } from './other-migrations.ts';
import { readOwnScript } from './own-scripts.ts';

export type MigrationStage =
  /** `migrate_schemas --shared` */
  | 'shared'
  /** `migrate_schemas --tenant`, `--schema NAME`, `tenant_command migrate` */
  | 'tenants'
  /** `migrate_schemas` alone: shared and tenants */
  | 'both'
  /** `migrate` */
  | 'plain'
  /** A command that sets up the public or another tenant. */
  | 'super-tenant'
  /** `devsetup migrate`: the whole sequence. */
  | 'devsetup'
  /** A command of the configuration's `migrateCommands`. */
  | 'configured'
  /** Of a tool that is not Django's: `alembic upgrade head`. */
  | 'other';

export interface Migration {
  readonly stage: MigrationStage;
  /** `migrate_schemas`; of a configured one its words. */
  readonly command: string;
  /** Options as they are written, with holes: `--noinput`, `--schema=a`. */
  readonly flags: readonly string[];
  /** What else follows the command: an app, the name of a migration. */
  readonly args: readonly string[];
  readonly call: ShellCall;
  readonly step: AuditedStep;
  /** The file of the checkout that holds the command, where that is a script which a step calls; null: it is in the workflow or action. */
  readonly script: string | null;
}

type Found = Pick<Migration, 'stage' | 'command' | 'flags' | 'args'>;

const MIGRATE = /^(?:migrate|migrate_schemas|migrateschemas?)$/;
/** With these a migration says what it would do. */
const ONLY_LOOKS = /^(?:--check|--check-unapplied|--plan|--list|-l|--help|-h|--dry-run|--prune-check)$/;
const TENANT_SETUP = /create|super|public|guest|init|setup|set_up|ensure|bootstrap/;
const isTenantSetup = (name: string): boolean =>
  /tenant/.test(name) && TENANT_SETUP.test(name) && !/^(?:all_)?tenants?_command$|migrat|list|delete|drop/.test(name);

const stageOf = (name: string, words: readonly string[]): MigrationStage => {
  if (name === 'migrate') return 'plain';
  const schema = words.findIndex((word) => /^(?:-s|--schema)(?:=|$)/.test(word));
  if (schema >= 0) {
    const value = words[schema]?.split('=')[1] ?? words[schema + 1];
    return value === 'public' ? 'shared' : 'tenants';
  }
  const isShared = words.includes('--shared');
  const isTenant = words.some((word) => /^--tenants?$/.test(word));
  if (isShared === isTenant) return 'both';
  return isShared ? 'shared' : 'tenants';
};

const splitArgs = (words: readonly string[]): Pick<Found, 'flags' | 'args'> => ({
  flags: words.filter((word) => word.startsWith('-')),
  args: words.filter((word) => !word.startsWith('-') && word !== ''),
});

const valuesOf = (words: readonly ShellWord[]): readonly string[] => words.map(({ value }) => withoutPadding(value));

const readDjango = (call: ShellCall): Found | null => {
  const django = readDjangoCommand(call);
  if (django === null) return null;
  const words = valuesOf(django.args);
  if (words.some((word) => ONLY_LOOKS.test(word))) return null;
  const { name } = django;
  if (/^(?:all_)?tenants?_command$/.test(name)) {
    return words.includes('migrate') ? { stage: 'tenants', command: `${name} migrate`, ...splitArgs(words) } : null;
  }
  if (MIGRATE.test(name)) return { stage: stageOf(name, words), command: name, ...splitArgs(words) };
  return isTenantSetup(name) ? { stage: 'super-tenant', command: name, ...splitArgs(words) } : null;
};

const RUNNERS = /^(?:npx|bunx|npm|pnpm|yarn|bun)$/;
const RUNNER_WORD = /^(?:exec|dlx|x|run|--|-y|--yes|--no-install|--no|--silent|-s)$/;
const DEVSETUP = /^(?:django-)?devsetup(?:@.*)?$/;

const readDevsetup = (call: ShellCall): Found | null => {
  const values = valuesOf(call.words);
  let at = 0;
  if (RUNNERS.test(baseName(values[0] ?? ''))) {
    at = 1;
    while (RUNNER_WORD.test(values[at] ?? '')) at += 1;
  }
  if (!DEVSETUP.test(baseName(values[at] ?? ''))) return null;
  const rest = values.slice(at + 1);
  if (rest.find((word) => !word.startsWith('-')) !== 'migrate' || rest.some((word) => ONLY_LOOKS.test(word)))
    return null;
  return { stage: 'devsetup', command: 'devsetup migrate', ...splitArgs(rest.slice(rest.indexOf('migrate') + 1)) };
};

/** Whether the words are among a call's, in their order; the first as the program's name or behind a wrapper. */
const isConfigured = (command: string, values: readonly string[]): boolean => {
  const wanted = command.split(/\s+/).filter((word) => word !== '');
  let from = 0;
  for (const [index, word] of wanted.entries()) {
    const at = values.findIndex((value, place) => place >= from && (index === 0 ? baseName(value) : value) === word);
    if (at < 0) return false;
    from = at + 1;
  }
  return wanted.length > 0 && !/^(?:echo|printf|grep|:)$/.test(values[0] ?? '');
};

const readConfigured = (call: ShellCall, config: AuditConfig): Found | null => {
  if (config.migrateCommands.length + config.tenantCommands.length === 0) return null;
  const values = valuesOf(call.words);
  const matching = (commands: readonly string[]): string | undefined =>
    commands.find((one) => isConfigured(one, values));
  const migrate = matching(config.migrateCommands);
  const command = migrate ?? matching(config.tenantCommands);
  if (command === undefined) return null;
  return { stage: migrate === undefined ? 'super-tenant' : 'configured', command, ...splitArgs(values.slice(1)) };
};

/** What a call migrates or sets up; null: neither. */
export const readMigration = (call: ShellCall, config: AuditConfig): Found | null => {
  const known = MIGRATIONS.get(config) ?? createKnownTexts<Found | null>();
  MIGRATIONS.set(config, known);
  return known.of(
    call.text,
    () => readConfigured(call, config) ?? readDjango(call) ?? readDevsetup(call) ?? readOther(call),
  );
};

const MIGRATIONS = new WeakMap<AuditConfig, KnownTexts<Found | null>>();

const readOther = (call: ShellCall): Found | null => {
  const command = otherMigrationOf(call);
  return command === null ? null : other(command, call);
};

const other = (command: string, { words }: ShellCall): Found => ({
  stage: 'other',
  command,
  ...splitArgs(valuesOf(words).slice(1)),
});

const isWithin = (inner: ShellCall, outer: ShellCall): boolean =>
  inner.layers.length > outer.layers.length &&
  inner.layers.some(
    ({ span }) => span.file === outer.span.file && span.line >= outer.span.line && span.endLine <= outer.span.endLine,
  );

const scriptOf = (call: ShellCall): string | null => {
  // Within scripts of the checkout any layer may follow; a script that the step itself has written stands in the workflow.
  const layer = call.layers.find(({ kind, span }) => kind === 'script' && span.file !== call.span.file);
  return layer === undefined ? null : call.span.file;
};

/**
 * Every migration and tenant set-up of a job, in the order they are run: those in here-documents, containers, scripts of the checkout and
 * composite actions too. Tenant set-ups have the stage `super-tenant`.
 */
export const findMigrations = ({ steps }: Pick<AuditedJob, 'steps'>, config: AuditConfig): readonly Migration[] => {
  const known = KNOWN.get(steps);
  if (known?.config === config) return known.found;
  const found = readMigrations(steps, config);
  KNOWN.set(steps, { config, found });
  return found;
};

/** Roles and half of the rules ask for the migrations of each job. */
const KNOWN = new WeakMap<AuditedJob['steps'], { config: AuditConfig; found: readonly Migration[] }>();

const readMigrations = (steps: AuditedJob['steps'], config: AuditConfig): readonly Migration[] =>
  collect(steps, (step) => {
    const found = collect(step.calls, (call) => {
      const migration = readMigration(call, config);
      if (migration !== null) return [{ ...migration, call, step, script: scriptOf(call) }];
      const own = readOwnScript(call, step);
      return own === null ? [] : [{ ...other(own.command, call), call, step, script: scriptOf(call) ?? own.script }];
    });
    // The call of a wrapper and the command in it are one migration.
    return found.filter(({ call }) => !found.some((other) => other.call !== call && isWithin(other.call, call)));
  });

/** Migrations proper, without the set-up of tenants. */
export const isMigration = ({ stage }: Pick<Migration, 'stage'>): boolean => stage !== 'super-tenant';
