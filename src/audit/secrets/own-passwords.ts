import type { SourceFile, Span } from '../../core/placed-text.ts';
import { withoutPadding } from '../../shell/holes.ts';
import type { YamlValue } from '../../workflows/workflow.ts';
import type { AuditedJob } from '../pipeline.ts';
import { isSecretName } from './secret-name.ts';

const DATABASE_IMAGE = /(?:^|\/)(?:postgres|postgis|pgvector|timescaledb|mysql|mariadb|mongo|redis|rabbitmq)(?:[:@]|$)/;

/** The passwords of servers that live and die with the job: its services, and databases it starts beside itself. */
const ownPasswords = (job: AuditedJob): ReadonlySet<string> =>
  new Set([
    ...[...job.job.services.values()].flatMap(({ value }) => passwordsIn(value)),
    ...(job.does.has('deploy') ? [] : startedBeside(job)),
  ]);

const passwordsIn = (value: YamlValue): readonly string[] => {
  if (value.kind !== 'map') return [];
  return [...value.entries].flatMap(([name, entry]) => {
    if (entry.value.kind === 'map') return passwordsIn(entry.value);
    return entry.value.kind === 'scalar' && isSecretName(name) ? [entry.value.scalar.value.trim()] : [];
  });
};

/** `docker run -e POSTGRES_PASSWORD=… postgres:16` */
const startedBeside = ({ steps }: AuditedJob): readonly string[] =>
  steps.flatMap(({ calls }) =>
    calls.flatMap(({ words, layers }) => {
      const values = words.map(({ value }) => withoutPadding(value));
      const isStart = values[1] === 'run' && layers.length === 0 && values.some((value) => DATABASE_IMAGE.test(value));
      return isStart ? values.flatMap((value) => passwordOf(value) ?? []) : [];
    }),
  );

const passwordOf = (word: string): string | undefined => {
  const [, name = '', value] = /^(?:--env=|-e)?([A-Za-z_]\w*)=(.+)$/.exec(word) ?? [];
  return isSecretName(name) ? value : undefined;
};

/** What is written in a span, without quotes around it; '': it goes over several lines. */
export const writtenIn = (source: SourceFile, { line, column, endLine, endColumn }: Span): string => {
  const start = source.lineStarts[line - 1] ?? 0;
  const text = line === endLine ? source.text.slice(start + column - 1, start + endColumn - 1) : '';
  return text.replace(/^(["'])(.*)\1$/, '$2');
};

/** Leaves out what is written where only such a password stands. */
export const withoutOwnPasswords = <T extends { readonly span: Span }>(
  found: readonly T[],
  job: AuditedJob,
): readonly T[] => {
  if (found.length === 0) return found;
  const own = ownPasswords(job);
  const { source } = job.workflow;
  return found.filter(({ span }) => span.file !== source.file || !own.has(writtenIn(source, span)));
};
