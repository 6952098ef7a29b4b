import { runsDespiteFailure } from '../audit/model/conditions.ts';
import type { TextEdit } from '../audit/finding.ts';
import type { AuditedJob } from '../audit/pipeline.ts';
import { offsetsOf } from '../core/placed-text.ts';

const bare = (text: string): string => /^\$\{\{([^]*)\}\}$/.exec(text.trim())?.[1]?.trim() ?? text.trim();

/**
 * The `if` of a migrate job that several deployments wait for: it runs where one of them would run, so that it never keeps one from running
 * by being skipped. null: always.
 */
export const conditionFor = (deploys: readonly AuditedJob[]): string | null => {
  const conditions = deploys.map(({ job }) => (job.condition === null ? null : bare(job.condition.value)));
  if (conditions.includes(null)) return null;
  const different = [...new Set(conditions.flatMap((one) => one ?? []))];
  const [only] = different;
  if (only === undefined) return null;
  const text = different.length === 1 ? only : different.map((one) => `(${one})`).join(' || ');
  // A plain text with these would be other YAML.
  return /^[!'"[\]{}>|*&%#@`]|: | #/.test(text) ? `\${{ ${text} }}` : text;
};

/** The edit that lets a deployment's own `if` ask for the migration, where it would run whatever became of that; null: it heeds it already. */
export const askForMigration = ({ job, workflow }: AuditedJob, migrate: string): TextEdit | null => {
  const { condition } = job;
  if (condition === null || !runsDespiteFailure(condition, migrate)) return null;
  const { source } = workflow;
  const { start, end } = offsetsOf(source, condition.span);
  const written = source.text.slice(start, end);
  const braces = /^(\$\{\{\s*)([^]*?)(\s*\}\})$/.exec(written);
  const inner = braces?.[2] ?? written;
  if (/^['"|>]/.test(written) || /['"]$/.test(source.text.slice(start - 1, start))) return null;
  const asked = `(${inner}) && needs.${migrate}.result == 'success'`;
  return { file: source.file, start, end, text: braces === null ? asked : `${braces[1]}${asked}${braces[3]}` };
};
