import type { Problem } from '../../core/check.ts';

export const LINTER_FINDINGS = { 'migration-linter-blind': 'warning' } as const;

export type LinterCode = keyof typeof LINTER_FINDINGS;

export interface TextFile {
  /** Relative to the root. */
  readonly file: string;
  readonly text: string;
}

export interface LinterFacts {
  /** django-migration-linter is in INSTALLED_APPS. */
  readonly isInstalled: boolean;
  /** Labels of apps by list. */
  readonly shared: readonly string[];
  readonly tenant: readonly string[];
}

interface FoundLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Programs that read the SQL of migrations. */
const LINTERS = /\b(squawk|sqlfluff|pgspot|eugene|pg-?lint|sql-?lint|strong.migrations)\b/i;
/** Runs sqlmigrate by itself for every migration. */
const LINTS_BY_ITSELF = /\b(lintmigrations|makemigrations\b.*\s--lint)\b/;
const SQL = /\bsqlmigrate\b/;
/** A tenant's schema is chosen: by the wrappers of django-tenants, or by the project's own name for it. */
const IN_TENANT = /\btenant_command\b|\ball_tenants_command\b|--schema\b|schema_context|tenant_context|search_path/;

const SHOWN = 5;

/** Lines that show a linter the SQL of the public schema. One finding: what is wrong is the same in all of them. */
export const linterProblems = (files: readonly TextFile[], facts: LinterFacts): readonly Problem<LinterCode>[] => {
  if (facts.tenant.length === 0) return [];
  const lines = files.flatMap((file) => blindLines(file, facts));
  const [first] = lines;
  const lintsInTenant = files.some(({ text }) => codeLines(text).some(isLintedInTenant));
  if (first === undefined && (!facts.isInstalled || lintsInTenant)) return [];
  return [
    {
      code: 'migration-linter-blind',
      message:
        first === undefined
          ? 'django-migration-linter is in INSTALLED_APPS, and sees no SQL of tenant apps: it works on the public schema.'
          : `The migration linter of ${first.file} is shown empty SQL for tenant apps: sqlmigrate works on the public schema.`,
      evidence: lines.slice(0, SHOWN).map(({ file, line, text }) => `${file}:${line}: ${text.trim()}`),
      remedy: {
        text:
          first !== undefined && SQL.test(first.text)
            ? 'Ask inside a tenant: `python manage.py tenant_command sqlmigrate APP MIGRATION --schema SCHEMA`.'
            : 'Run it inside a tenant: `python manage.py tenant_command lintmigrations --schema SCHEMA`.',
        command: null,
      },
      ...(first === undefined ? {} : { place: { file: first.file, line: first.line, column: null } }),
    },
  ];
};

const isLintedInTenant = ({ text }: { readonly text: string }): boolean =>
  LINTS_BY_ITSELF.test(text) && IN_TENANT.test(text);

/** `sqlmigrate` alone may be for reading: it counts in a file that also names a linter. A file that chooses schemas knows of them. */
const blindLines = ({ file, text }: TextFile, facts: LinterFacts): readonly FoundLine[] => {
  const lines = codeLines(text);
  if (lines.some((line) => IN_TENANT.test(line.text))) return [];
  const namesLinter = lines.some((line) => LINTERS.test(line.text));
  return lines
    .filter(
      (line) =>
        LINTS_BY_ITSELF.test(line.text) || (namesLinter && SQL.test(line.text) && !isOfSharedApp(line.text, facts)),
    )
    .map((line) => ({ file, ...line }));
};

/** The app is written out, and is in the public schema. */
const isOfSharedApp = (line: string, { shared, tenant }: LinterFacts): boolean => {
  const app = /\bsqlmigrate\s+["']?(\w+)/.exec(line)?.[1];
  return app !== undefined && shared.includes(app) && !tenant.includes(app);
};

/** Without comments; lines begin with 1. */
const codeLines = (text: string): readonly { readonly line: number; readonly text: string }[] =>
  text
    .split('\n')
    .map((line, index) => ({ line: index + 1, text: line }))
    .filter((line) => !/^\s*(#|\/\/|;)/.test(line.text));
