import path from 'node:path';

import { isRecord } from '../../core/shape.ts';
import { replaceProperty } from '../../devcontainer/add-property.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { setJsonc } from '../../devcontainer/edit-jsonc.ts';
import { variantOf } from '../../devcontainer/property-table.ts';
import { hasVariables } from '../../devcontainer/substitute.ts';
import { isOwnHost } from '../../checks/dev-container/claimed-database.ts';
import { isFile, shown } from '../../project/files.ts';
import type { PlannedText } from '../existing/plan-hooks.ts';
import type { SettingsFindings } from '../look/look-at-settings.ts';
import { assignment } from '../plan/plan-database-env.ts';
import type { PlannedFile } from '../planned-file.ts';
import { substituteOptions } from '../template/substitute-options.ts';
import type { OptionValues, Template } from '../template/template.ts';

export interface ComposeWish {
  readonly root: string;
  readonly devContainer: Pick<DevContainer, 'file' | 'properties' | 'compose' | 'service' | 'composeFiles'>;
  readonly planned: PlannedText;
  readonly template: Pick<Template, 'files'>;
  readonly values: OptionValues;
  readonly settings: SettingsFindings;
}

/** Only an image or a Dockerfile has these: a service of compose would lose what they say. */
const NOT_OF_COMPOSE = ['runArgs', 'appPort', 'workspaceMount'];

/** Why a service next to the container is no way; null: it is one. */
export const composeObstacle = ({ devContainer }: Pick<ComposeWish, 'devContainer'>): string | null => {
  const { properties, compose, service } = devContainer;
  const variant = variantOf(properties);
  if (variant === null) return 'it names neither an image nor a Dockerfile';
  if (variant === 'compose') {
    const app = compose?.services.find(({ name }) => name === service);
    if (app === undefined) return 'its compose files cannot be read';
    if (![null, 'bridge', 'default'].includes(app.networkMode)) return `${app.name} is in another network`;
    return Array.isArray(properties['dockerComposeFile']) && properties['dockerComposeFile'].length === 0
      ? 'it takes the compose files of the folder'
      : null;
  }
  const lost = NOT_OF_COMPOSE.find((name) => name in properties);
  if (lost !== undefined) return `${lost} has no place in a service of compose`;
  const build = isRecord(properties['build']) ? properties['build'] : {};
  const odd = ['options', 'cacheFrom'].find((name) => name in build);
  if (odd !== undefined) return `build.${odd} has no place in a service of compose`;
  const texts = JSON.stringify([properties['image'], properties['dockerFile'], properties['context'], build]);
  if (hasVariables(texts)) return 'its image is named by variables that compose does not know';
  const folder = properties['workspaceFolder'];
  return folder === undefined || (typeof folder === 'string' && folder.startsWith(`${WORKSPACE}`))
    ? null
    : 'workspaceFolder is not where compose would put the checkout';
};

const WORKSPACE = '/workspaces/${localWorkspaceFolderBasename}';

/** A PostgreSQL next to the container, which waits for it. */
export const addComposeDatabase = async (wish: ComposeWish): Promise<PlannedText & { readonly file: PlannedFile }> => {
  const { root, devContainer, planned, settings } = wish;
  const { properties, file } = devContainer;
  const directory = path.dirname(file) === root ? path.join(root, '.devcontainer') : path.dirname(file);
  const isCompose = variantOf(properties) === 'compose';
  const target = path.join(directory, await freeName(directory, isCompose ? 'database' : null));
  const named = path.relative(path.dirname(file), target).split(path.sep).join('/');
  const app = isCompose ? (devContainer.service ?? '') : freeService(wish, wish.values['appService'] ?? 'app');
  const service = databaseService(wish, app);
  const isShared = !isCompose && settings.host?.variable === null && isLocal(settings.host.value);
  const values = { ...wish.values, databaseService: service };
  const lines = [
    `# The database of the dev container${isCompose ? '' : ', and the container itself'}: ${path.basename(file)} names this file.`,
    'services:',
    `  ${app}:`,
    ...(isCompose ? [] : ownLines(wish, directory)),
    ...(isShared ? [`    network_mode: service:${service}`] : []),
    ...environmentLines(wish, isShared ? { ...values, databaseService: 'localhost' } : values),
    '    depends_on:',
    `      ${service}:`,
    '        condition: service_healthy',
    '',
    ...databaseLines(wish, values),
  ];
  const text = isCompose
    ? setJsonc(planned.text, ['dockerComposeFile'], [properties['dockerComposeFile'], named].flat())
    : toCompose(planned.text, properties, { named, app });
  return {
    text,
    reasons: [...planned.reasons, `a service ${service} next to the container is its database`],
    file: {
      path: shown(root, target).split(path.sep).join('/'),
      action: 'create',
      before: null,
      after: lines.join('\n'),
      reason: null,
    },
  };
};

const isLocal = (host: string | null): boolean => host === '' || (host !== null && isOwnHost(host));

const freeName = async (directory: string, what: string | null): Promise<string> => {
  const usual = what === null ? 'docker-compose.yml' : `docker-compose.${what}.yml`;
  return (await isFile(path.join(directory, usual))) ? 'docker-compose.devsetup.yml' : usual;
};

const freeService = ({ devContainer }: ComposeWish, wanted: string, ...more: readonly string[]): string => {
  const taken = new Set([...(devContainer.compose?.services ?? []).map(({ name }) => name), ...more]);
  return [wanted, 'postgres', 'devsetup-db'].find((name) => !taken.has(name)) ?? wanted;
};

/** A host that the settings write themselves is the name of the service. */
const databaseService = (wish: ComposeWish, app: string): string => {
  const { host } = wish.settings;
  const isName = host?.variable === null && /^[a-z][\w-]*$/i.test(host.value ?? '') && !isLocal(host.value);
  return freeService(wish, isName ? (host.value ?? '') : (wish.values['databaseService'] ?? 'db'), app);
};

/** As a text of YAML in which compose replaces nothing. */
const yamlText = (value: unknown): string => JSON.stringify(String(value)).replaceAll('$', '$$$$');

/** What devcontainer.json said of the container itself. */
const ownLines = ({ root, devContainer, template }: ComposeWish, directory: string): readonly string[] => {
  const { properties, file } = devContainer;
  const build = isRecord(properties['build']) ? properties['build'] : {};
  const from = path.dirname(file);
  const relative = (target: string): string => path.relative(directory, target).split(path.sep).join('/') || '.';
  const dockerfile = properties['dockerFile'] ?? build['dockerfile'];
  const context = path.resolve(from, String(properties['context'] ?? build['context'] ?? '.'));
  const args = isRecord(build['args']) ? Object.entries(build['args']) : [];
  const made =
    typeof dockerfile === 'string'
      ? [
          '    build:',
          `      context: ${yamlText(relative(context))}`,
          `      dockerfile: ${yamlText(path.relative(context, path.resolve(from, dockerfile)).split(path.sep).join('/'))}`,
          ...(typeof build['target'] === 'string' ? [`      target: ${yamlText(build['target'])}`] : []),
          ...(args.length === 0
            ? []
            : ['      args:', ...args.map(([name, value]) => `        ${name}: ${yamlText(value)}`)]),
        ]
      : [`    image: ${yamlText(properties['image'])}`];
  return [
    ...made,
    ...(properties['overrideCommand'] === false ? [] : ['    command: sleep infinity']),
    ...portLines(template),
    '    volumes:',
    `      - ${relative(path.dirname(root))}:/workspaces:cached`,
  ];
};

/** The site, as the template publishes it. */
const portLines = ({ files }: ComposeWish['template']): readonly string[] => {
  const compose = files.find(({ path: name }) => name.endsWith('/docker-compose.yml'))?.text ?? '';
  return (/^ {4}ports:\n(?: {6}.*\n)+/m.exec(compose)?.[0] ?? '').split('\n').filter((line) => line !== '');
};

const environmentLines = ({ template, settings }: ComposeWish, values: OptionValues): readonly string[] => {
  const { variables, host, engine } = settings;
  // Settings that write everything themselves read no variable.
  if (variables === null && host?.variable === null) return [];
  const usual = template.files.find(({ path: name }) => name.endsWith('/database.env'))?.text ?? '';
  const set =
    variables === null
      ? substituteOptions(usual, values)
          .split('\n')
          .filter((line) => /^\w+=/.test(line))
      : variables.map((variable) => assignment(variable, values, engine));
  return [
    '    environment:',
    ...set.map((line) => {
      const at = line.indexOf('=');
      return `      ${line.slice(0, at)}: ${yamlText(line.slice(at + 1))}`;
    }),
  ];
};

/** The service as the template has it. */
const databaseLines = ({ template, devContainer, settings }: ComposeWish, values: OptionValues): readonly string[] => {
  const compose = template.files.find(({ path: name }) => name.endsWith('/docker-compose.yml'))?.text ?? '';
  const from = compose.indexOf('  ${templateOption:databaseService}:\n    image:');
  const literals = settings.host?.literals ?? {};
  const written: Readonly<Record<string, string | undefined>> = {
    POSTGRES_USER: literals.user,
    POSTGRES_PASSWORD: literals.password,
    POSTGRES_DB: literals.name,
  };
  const app = devContainer.compose?.services.find(({ name }) => name === devContainer.service);
  const [network] = app?.networks ?? [];
  const lines = substituteOptions(compose.slice(from), values)
    .replaceAll('postgres-data', 'devsetup-postgres-data')
    .replace('--username=postgres', `--username=${literals.user ?? 'postgres'}`)
    .split('\n')
    .map((line) => {
      const [, name = ''] = /^ {6}(POSTGRES_\w+): /.exec(line) ?? [];
      return written[name] === undefined ? line : `      ${name}: ${yamlText(written[name])}`;
    });
  const end = lines.indexOf('');
  const joined = network === undefined ? [] : ['    networks:', `      - ${network}`];
  return [...lines.slice(0, end), ...joined, ...lines.slice(end)];
};

const toCompose = (
  text: string,
  properties: DevContainer['properties'],
  { named, app }: { readonly named: string; readonly app: string },
): string => {
  const [first = '', ...others] = ['image', 'build', 'dockerFile', 'context'].filter((name) => name in properties);
  const place = 'workspaceFolder' in properties ? {} : { workspaceFolder: WORKSPACE };
  const replaced = replaceProperty(text, first, { dockerComposeFile: named, service: app, ...place });
  return others.reduce((now, name) => setJsonc(now, [name], undefined), replaced);
};
