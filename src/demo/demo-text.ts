import type { RunReport } from '../core/report.ts';
import { shellWord } from '../core/shell-word.ts';
import { SUPERUSER } from './demo-environment.ts';

export interface DemoPlaces {
  readonly directory: string;
  /** How the demo is started again, e.g. `npm run demo --`. */
  readonly again: string;
  /** How devsetup is called, e.g. `npx --no-install devsetup`. */
  readonly devsetup: string;
}

const seconds = (report: RunReport): string => `${(report.milliseconds / 1000).toFixed(1)} s`;

const changes = (report: RunReport): string => {
  const count = report.steps.filter((step) => step.status === 'changed').length;
  return count === 0 ? 'changed nothing' : `changed ${count} ${count === 1 ? 'step' : 'steps'}`;
};

/** Another heading follows at once. */
export const renderPreparation = (text: string): string => `\n── ${text}\n`;

export const renderHeading = (text: string): string => `${renderPreparation(text)}\n`;

export const renderServing = (port: number): string =>
  [
    `  http://localhost:${port}/        the public schema: all libraries`,
    `  http://guest.localhost:${port}/  the guest library, in a schema of its own`,
    `  …/admin/                      as ${SUPERUSER}; the password is DJANGO_SUPERUSER_PASSWORD in .env`,
    '',
    '  Ctrl-C stops it.',
    '',
    '',
  ].join('\n');

/** The demo's final screen. */
export const renderWhatNow = (first: RunReport, second: RunReport, places: DemoPlaces): string => {
  const { directory, again, devsetup } = places;
  return [
    `The first run ${changes(first)} in ${seconds(first)}, the second ${changes(second)} in ${seconds(second)}.`,
    '',
    `The project is in ${directory}; its PostgreSQL has been stopped, its data is kept. What you can do now:`,
    '',
    '  Start it again and serve the site:',
    `    ${again} --serve`,
    '',
    '  While that runs, in a second terminal:',
    `    cd ${shellWord(directory)}`,
    `    ${devsetup}               # nothing to do`,
    `    ${devsetup} --dry-run     # after you changed something`,
    '    cd backend',
    '    ../.venv/bin/python manage.py create_guest_tenant --noinput --schema=north --domain=north.localhost',
    '    ../.venv/bin/python manage.py tenant_command shell --schema=guest',
    '',
    `  Start again from nothing: delete ${directory}.`,
    '',
  ].join('\n');
};

export const renderProblems = (problems: readonly string[]): string =>
  ['The demo did not end as it should:', ...problems.map((problem) => `  - ${problem}`), ''].join('\n');
