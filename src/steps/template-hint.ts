import { shellWord } from '../core/shell-word.ts';
import type { PipelineRun } from '../pipeline/pipeline-run.ts';
import { quoteIdentifier } from '../postgres/quote-sql.ts';

interface Problem {
  readonly code: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What to do about a schema that tenants are cloned from, where it is missing or lacks migrations; undefined: another problem. */
export const templateHint = ({ code, data }: Problem, pipeline: PipelineRun | null): string | undefined => {
  if (code === 'TEMPLATE_BEHIND') return `Migrate it first: ${migrateCommand(pipeline)}`;
  if (code !== 'TEMPLATE_MISSING') return undefined;
  return `Create it: ${createStatement(String(data['template']))}; then migrate it: ${migrateCommand(pipeline)}`;
};

/** An empty schema: the step that migrates what all tenants share migrates it, too. */
export const createStatement = (schema: string): string => `CREATE SCHEMA ${quoteIdentifier(schema)}`;

const migrateCommand = (pipeline: PipelineRun | null): string => {
  const environment = pipeline?.settings.environment ?? null;
  const command = pipeline === null ? 'npx devsetup' : 'npx devsetup migrate';
  return `\`${command}${environment === null ? '' : ` --environment ${shellWord(environment)}`} --only shared-migrations\``;
};
