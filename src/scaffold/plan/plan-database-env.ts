import type { DatabaseRole, DatabaseVariable } from '../look/database-variables.ts';
import type { SettingsFindings } from '../look/look-at-settings.ts';
import type { PlannedFile } from '../planned-file.ts';
import { substituteOptions } from '../template/substitute-options.ts';
import type { OptionValues, TemplateFile } from '../template/template.ts';

export interface DatabaseEnvInput {
  readonly file: TemplateFile;
  readonly before: string | null;
  /** The options the checkout's files were made with; null: they were not made from this template. */
  readonly made: OptionValues | null;
  readonly values: OptionValues;
  readonly settings: SettingsFindings;
}

/** The template's file holds all usual names; here it is cut to those the settings read. psql's own stay. */
export const planDatabaseEnv = (input: DatabaseEnvInput): PlannedFile => {
  const { file, before, made, values, settings } = input;
  const { path } = file;
  if (before === null) return { path, action: 'create', before, after: cut(file, values, settings), reason: null };
  const followed = followOptions(before, file, made, values, settings);
  const after = addMissing(followed, values, settings);
  if (after === before) return { path, action: 'keep', before, after, reason: null };
  const reason = after === followed ? 'other options' : 'the settings read further variables';
  return { path, action: 'update', before, after, reason };
};

const HEADER = '# How the backend finds the database of docker-compose.yml: under the names its settings read.';

const cut = (file: TemplateFile, values: OptionValues, { variables, engine }: SettingsFindings): string => {
  const rendered = substituteOptions(file.text, values);
  if (variables === null) return rendered;
  const ofPsql = rendered.slice(rendered.search(/^# For psql/m)).split('\n');
  const names = new Set(variables.map(({ name }) => name));
  return [
    HEADER,
    ...variables.map((variable) => assignment(variable, values, engine)),
    ...ofPsql.filter((line) => !names.has(nameOf(line) ?? '')),
  ].join('\n');
};

/** Lines that devsetup wrote for its earlier options become those of the new ones. Lines of the user's own stay, whatever their value. */
const followOptions = (
  text: string,
  file: TemplateFile,
  made: OptionValues | null,
  values: OptionValues,
  { variables, engine }: SettingsFindings,
): string => {
  if (made === null) return text;
  const written = (options: OptionValues): readonly string[] => [
    ...substituteOptions(file.text, options).split('\n'),
    ...(variables ?? []).map((variable) => assignment(variable, options, engine)),
  ];
  const fresh = written(values);
  const changed = new Map(
    written(made).flatMap((line, index) => (nameOf(line) === undefined ? [] : [[line, fresh[index] ?? line]])),
  );
  return text
    .split('\n')
    .map((line) => changed.get(line) ?? line)
    .join('\n');
};

const addMissing = (text: string, values: OptionValues, { variables, engine }: SettingsFindings): string => {
  const present = new Set(text.split('\n').map(nameOf));
  const missing = (variables ?? []).filter(({ name }) => !present.has(name));
  if (missing.length === 0) return text;
  const lines = missing.map((variable) => assignment(variable, values, engine));
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${lines.join('\n')}\n`;
};

/** `DB_HOST=db` */
export const assignment = ({ name, role }: DatabaseVariable, values: OptionValues, engine: string): string => {
  const host = values['databaseService'] ?? '';
  const database = values['databaseName'] ?? '';
  const byRole: Readonly<Record<DatabaseRole, string>> = {
    url: `postgresql://postgres:postgres@${host}:5432/${database}`,
    engine,
    host,
    port: '5432',
    name: database,
    user: 'postgres',
    password: 'postgres',
  };
  return `${name}=${byRole[role]}`;
};

const nameOf = (line: string): string | undefined => /^([A-Za-z_]\w*)=/.exec(line)?.[1];
