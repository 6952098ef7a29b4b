import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { variantOf } from '../../devcontainer/property-table.ts';
import { databaseServices } from '../../devcontainer/database-services.ts';
import type { Choice } from '../plan/choose-options.ts';
import type { SetupScript } from '../setup-script/setup-script.ts';
import type { RepositoryFindings } from './look-at-repository.ts';

/** What is shown before the first question: what there is, and what was found in it. */
export type FoundRow = readonly [what: string, found: string];

interface Facts {
  readonly managePy: string;
  readonly findings: RepositoryFindings;
  readonly choices: readonly Choice[];
  readonly devContainer: DevContainer | undefined;
  readonly scripts: readonly SetupScript[];
}

export const describeFound = ({ managePy, findings, choices, devContainer, scripts }: Facts): readonly FoundRow[] => {
  const { settings, frontends, options } = findings;
  const read = settings.variables?.map(({ name }) => name) ?? [];
  return [
    ['backend', managePy],
    ['settings', settingsText(findings, read)],
    ['database', databaseText(options, devContainer)],
    ['frontend', frontends.map(({ name }) => name).join(', ') || 'none'],
    ['dev container', containerText(devContainer)],
    ...(scripts.length === 0
      ? []
      : [['set-up scripts', [...new Set(scripts.map(({ file }) => file))].join(', ')] as const]),
    ...choices
      .filter(({ by, option }) => by === 'found' && /Version$|packageManager/.test(option))
      .map(({ option, value, source }): FoundRow => [NAMES[option] ?? option, `${value} (${source ?? ''})`]),
  ];
};

const NAMES: Readonly<Record<string, string>> = {
  pythonVersion: 'Python',
  nodeVersion: 'Node',
  postgresVersion: 'PostgreSQL',
  packageManager: 'package manager',
};

const settingsText = ({ settings }: RepositoryFindings, read: readonly string[]): string => {
  if (settings.database === 'other') return 'use no PostgreSQL';
  if (read.length > 0) return `find the database by ${read.join(', ')}`;
  const { host } = settings;
  if (host?.variable === null) return `set the database's host to \`${host.value ?? ''}\` themselves (${host.place})`;
  return 'do not say where the database is in a way that can be read';
};

const databaseText = (options: RepositoryFindings['options'], devContainer: DevContainer | undefined): string => {
  const services = databaseServices(devContainer?.compose?.services ?? []);
  if (services.length > 0) return services.map(({ name, place }) => `${place.file} (${name})`).join(', ');
  return options['databaseService'] === undefined && options['postgresVersion'] === undefined
    ? 'no file starts one'
    : ((options['databaseService'] ?? options['postgresVersion'])?.source ?? '');
};

const containerText = (devContainer: DevContainer | undefined): string => {
  if (devContainer === undefined) return 'none';
  const { name, properties } = devContainer;
  const variant = variantOf(properties);
  const made = { image: `the image ${String(properties['image'])}`, dockerfile: 'a Dockerfile', compose: 'compose' };
  return variant === null ? name : `${name}, made from ${made[variant]}`;
};
