import type { DatabaseReport } from '../core/database-report.ts';
import { describeAge } from '../core/describe-age.ts';

/** How the checkout's own PostgreSQL stands, in a few lines. */
export const renderDatabase = (report: DatabaseReport, now: Date): string =>
  [...headline(report, now), ...details(report)].map((line) => `${line}\n`).join('');

const headline = (report: DatabaseReport, now: Date): readonly string[] => {
  const { command, state, changed, serverVersion, host, port, startedAt, database } = report;
  if (command === 'db reset') return [changed ? 'All data of the embedded PostgreSQL is removed.' : NOTHING];
  switch (state) {
    case 'running': {
      const since = changed || startedAt === null ? '' : ` (started ${describeAge(startedAt, now)})`;
      return [
        `PostgreSQL ${serverVersion ?? ''} runs at ${host ?? ''}:${port ?? ''}${since}.`,
        `Database: ${database}`,
      ];
    }
    case 'starting':
      return ['The embedded PostgreSQL is starting.'];
    case 'unresponsive':
      return ['The embedded PostgreSQL runs, and lets nobody in.', `Log: ${report.logFile}`];
    case 'stopped':
      return [
        changed ? 'The embedded PostgreSQL is stopped; its data is kept.' : 'The embedded PostgreSQL does not run.',
      ];
  }
};

const NOTHING = 'Nothing to remove: the embedded PostgreSQL of this checkout has no data.';

const details = ({ command, state, databases, dataDirectory, dataBytes }: DatabaseReport): readonly string[] => {
  if (command === 'db start') return ['', 'For this terminal:', '  eval "$(npx devsetup db env)"'];
  if (command !== 'db status') return [];
  const data = dataDirectory === null ? [] : [`Data: ${dataDirectory} (${formatBytes(dataBytes ?? 0)})`];
  if (state === 'stopped') return [...data, 'Next: npx devsetup db start'];
  return [...(databases ?? []).map(({ name, bytes }) => `  ${name} (${formatBytes(bytes)})`), ...data];
};

/** What a reset removes, shown before it asks. */
export const renderLoss = ({ dataDirectory, dataBytes, databases }: DatabaseReport): string => {
  const names = databases?.map(({ name, bytes }) => `  ${name} (${formatBytes(bytes)})`);
  return [
    `This removes the embedded PostgreSQL of this checkout with everything in it (${formatBytes(dataBytes ?? 0)}):`,
    ...(names === undefined
      ? ['  all its databases; it does not run, so they cannot be named (npx devsetup db start, then db status)']
      : names.length === 0
        ? ['  no database has been made on it yet']
        : names),
    `  ${dataDirectory ?? ''}`,
    '',
  ].join('\n');
};

const formatBytes = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
