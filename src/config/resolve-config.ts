import path from 'node:path';
import { expandRules } from '../core/rule-pattern.ts';
import type { AuditConfig } from './audit-config.ts';
import type { Config, GuestTenantConfig, OwnCheck, OwnCommand, OwnStep } from './config.ts';
import { DEFAULT_AFTER, DEFAULTS } from './defaults.ts';
import type { RawConfig } from './raw-schema.ts';

type RawStep = NonNullable<RawConfig['steps']>[number];
type RawCommand = Pick<RawStep, 'command' | 'manage'>;

const resolveCommand = (raw: RawCommand): OwnCommand =>
  raw.manage === undefined ? { kind: 'program', words: raw.command ?? [] } : { kind: 'manage', words: raw.manage };

const resolveStep = (raw: RawStep, root: string): OwnStep => ({
  id: raw.id,
  title: raw.title ?? raw.id,
  run: resolveCommand(raw),
  inspect: raw.inspect === undefined ? null : resolveCommand(raw.inspect),
  after: raw.after ?? DEFAULT_AFTER,
  directory: path.resolve(root, raw.directory ?? '.'),
  env: raw.env ?? {},
  timeoutSeconds: raw.timeoutSeconds ?? null,
  pipeline: raw.pipeline ?? false,
});

type RawCheck = NonNullable<NonNullable<RawConfig['doctor']>['checks']>[number];

const resolveCheck = ({ id, title, command, file, timeoutSeconds }: RawCheck, root: string): OwnCheck => {
  const [program = '', ...args] = command ?? [];
  return {
    id,
    title: title ?? id,
    source:
      file === undefined
        ? { kind: 'program', words: [program, ...args] }
        : { kind: 'file', file: path.resolve(root, file) },
    timeoutSeconds: timeoutSeconds ?? null,
  };
};

/** Keys that are left out, or undefined, take the default. */
const withDefaults = <T extends object>(defaults: T, raw: { readonly [K in keyof T]?: unknown } | undefined): T =>
  ({ ...defaults, ...Object.fromEntries(Object.entries(raw ?? {}).filter(([, value]) => value !== undefined)) }) as T;

/** Paths stay relative: findings name files by them, wherever the checkout is. */
const resolveAudit = (raw: RawConfig['audit'], defaults: AuditConfig): AuditConfig => ({
  ...withDefaults(defaults, raw),
  sequence: raw?.sequence?.map((stage) => (typeof stage === 'string' ? [stage] : stage)) ?? defaults.sequence,
  ignore: (raw?.ignore ?? []).map(({ files = [], rules, reason }) => ({ files, rules: expandRules(rules), reason })),
});

/** A bare program name stays as it is, to be looked up on PATH. */
const resolvePython = (root: string, python: string): string =>
  /[/\\]/.test(python) ? path.resolve(root, python) : python;

/** Fills every default in and makes paths absolute. `raw` is already valid. */
export const resolveConfig = (raw: RawConfig, options: { root: string; file: string | null }): Config => {
  const { root, file } = options;
  const { managePy, python, venv, requirements } = raw.backend ?? {};
  const at = (relative: string): string => path.resolve(root, relative);
  const defaults: Config = DEFAULTS;
  return {
    file,
    backend: {
      ...withDefaults(defaults.backend, raw.backend),
      managePy: managePy === undefined ? null : at(managePy),
      python: python === undefined ? null : resolvePython(root, python),
      venv: venv === undefined ? null : at(venv),
      requirements: requirements === undefined ? null : requirements.map(at),
    },
    frontends:
      raw.frontends === undefined
        ? null
        : (raw.frontends || []).map((frontend) => ({
            directory: at(frontend.directory),
            packageManager: frontend.packageManager ?? null,
          })),
    database: withDefaults(defaults.database, raw.database),
    tenants: {
      super: withDefaults(defaults.tenants.super, raw.tenants?.super),
      guest:
        raw.tenants?.guest === false
          ? false
          : withDefaults<GuestTenantConfig>(DEFAULTS.tenants.guest, raw.tenants?.guest),
      withoutSchema: raw.tenants?.withoutSchema ?? DEFAULTS.tenants.withoutSchema,
    },
    migrations: withDefaults(defaults.migrations, raw.migrations),
    superuser: { schemas: raw.superuser?.schemas ?? null },
    steps: (raw.steps ?? []).map((step) => resolveStep(step, root)),
    doctor: {
      skip: raw.doctor?.skip ?? {},
      checks: (raw.doctor?.checks ?? []).map((check) => resolveCheck(check, root)),
    },
    audit: resolveAudit(raw.audit, defaults.audit),
    timeouts: withDefaults(defaults.timeouts, raw.timeouts),
    logFile: at(raw.logFile ?? DEFAULTS.logFile),
    envFiles: raw.envFiles === undefined ? null : raw.envFiles.map(at),
    development: raw.development ?? DEFAULTS.development,
    environments: raw.environments ?? DEFAULTS.environments,
  };
};
