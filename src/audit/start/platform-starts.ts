import { createSource, placeRange, slicePlaced, spanOf, type PlacedText } from '../../core/placed-text.ts';
import { withoutPrivateUse } from '../../core/private-use.ts';
import { fieldOf, textAt } from '../../workflows/read/fields.ts';
import type { YamlValue } from '../../workflows/workflow.ts';
import type { Audit, AuditedJob } from '../pipeline.ts';
import { commandOf, type Command, type ContainerStart } from './container-start.ts';
import { joinPath } from './join-path.ts';
import { pushesToPlatform } from '../model/gitops.ts';
import { readDocuments } from '../model/yaml-documents.ts';

type Read = (file: string, text: string) => readonly ContainerStart[];

/** The files that tell a platform how to start, by the tool that a job deploys with. A release phase runs once, before the deployment. */
export const platformStarts = (job: AuditedJob, { readFile }: Audit): readonly ContainerStart[] => {
  const folders = job.steps.flatMap(({ with: given }) => joinPath('', given.get('appdir')?.value ?? '') ?? []);
  const fileOf = (name: string): string | undefined =>
    ['', ...folders].map((folder) => joinPath(folder, name) ?? name).findLast((path) => readFile(path) !== undefined);
  // Few checkouts have such a file, and those that have none cost no look at the commands.
  const possible = PLATFORMS.filter(({ files }) => Object.keys(files).some((name) => fileOf(name) !== undefined));
  if (possible.length === 0) return [];
  const said = job.steps.map(({ action, calls }) =>
    [action ?? '', ...calls.map(({ words }) => words.map(({ value }) => value).join(' '))].join('\n'),
  );
  if (pushesToPlatform(job)) said.push('git push heroku');
  return possible
    .filter(({ uses }) => said.some((text) => uses.test(text)))
    .flatMap(({ files }) =>
      Object.entries(files).flatMap(([name, read]) => {
        const found = fileOf(name);
        return found === undefined ? [] : read(found, withoutPrivateUse(readFile(found) ?? ''));
      }),
    );
};

const startOf = (what: string, kind: ContainerStart['kind'], command: Command | null): readonly ContainerStart[] => {
  const first = command?.form === 'words' ? command.words[0] : command?.text;
  if (command === null || first === undefined) return [];
  // The platform's own image starts nothing before it.
  return [
    {
      what,
      kind,
      entrypoint: command,
      command: null,
      mounted: [],
      variables: new Map(),
      image: null,
      build: null,
      span: spanOf(first),
    },
  ];
};

/** Texts of a file, by a pattern whose groups are a name and a command. */
const matchesIn = (
  file: string,
  text: string,
  pattern: RegExp,
): readonly { readonly name: string; readonly command: PlacedText }[] => {
  const placed = placeRange(createSource(file, text), 0, text.length);
  return [...text.matchAll(pattern)].map((match) => {
    const [whole, name = '', quoted = '', other = ''] = match;
    const command = quoted || other;
    const at = match.index + whole.lastIndexOf(command);
    return { name, command: slicePlaced(placed, at, at + command.length) };
  });
};

const readProcfile: Read = (file, text) =>
  matchesIn(file, text, /^([\w-]+):[ \t]*(\S[^\r\n]*)/gm).flatMap(({ name, command }) =>
    startOf(`process ${name}`, name === 'release' ? 'once' : 'kept', { form: 'text', text: command }),
  );

const readFly: Read = (file, text) => {
  const [, processes = ''] = text.split(/^\[processes\][^\n]*$/m);
  const before = text.slice(0, text.length - processes.length);
  const section = processes.split(/^\[/m)[0] ?? '';
  const own = `${before.replaceAll(/[^\n]/g, ' ')}${section}`;
  return matchesIn(file, processes === '' ? '' : own, /^\s*([\w-]+)\s*=\s*["']([^"'\n]+)["']/gm).flatMap(
    ({ name, command }) => startOf(`process ${name}`, 'kept', { form: 'text', text: command }),
  );
};

/** `key = "command"` in one section of a TOML file. */
const readToml =
  (section: string, key: string): Read =>
  (file, text) => {
    const start = text.search(new RegExp(`^\\[${section}\\][ \\t]*(?:#.*)?$`, 'm'));
    if (start < 0) return [];
    const own = text.slice(start + 1).split(/^\[/m)[0] ?? '';
    const lines = `${text.slice(0, start + 1).replaceAll(/[^\n]/g, ' ')}${own}`;
    const pattern = new RegExp(`^[ \\t]*(${key})[ \\t]*=[ \\t]*(?:"([^"\\\\\n]+)"|'([^'\\n]+)')`, 'gm');
    return matchesIn(file, lines, pattern).flatMap(({ command }) =>
      startOf('the service', 'kept', { form: 'text', text: command }),
    );
  };

const asWritten = (text: PlacedText): PlacedText => text;
const itemsOf = (value: YamlValue | null): readonly YamlValue[] => (value?.kind === 'list' ? value.items : []);

const readRender: Read = (file, text) =>
  readDocuments(file, text).flatMap((root) =>
    itemsOf(fieldOf(root, 'services')).flatMap((service) => {
      const name = `service ${textAt(service, 'name')?.value ?? 'web'}`;
      const command = fieldOf(service, 'startCommand') ?? fieldOf(service, 'dockerCommand');
      return startOf(name, 'kept', commandOf(command, asWritten));
    }),
  );

const readRailway: Read = (file, text) =>
  readDocuments(file, text).flatMap((root) =>
    startOf('the service', 'kept', commandOf(fieldOf(fieldOf(root, 'deploy'), 'startCommand'), asWritten)),
  );

const readHeroku: Read = (file, text) =>
  readDocuments(file, text).flatMap((root) => {
    const run = fieldOf(root, 'run');
    if (run?.kind !== 'map') return [];
    return [...run.entries.values()].flatMap(({ key, value }) =>
      startOf(`process ${key}`, 'kept', commandOf(fieldOf(value, 'command') ?? value, asWritten)),
    );
  });

const PLATFORMS: readonly { readonly uses: RegExp; readonly files: Readonly<Record<string, Read>> }[] = [
  {
    uses: /^\S*heroku|^git push \S*(?:heroku|dokku)|^\S*dokku/m,
    files: { Procfile: readProcfile, 'heroku.yml': readHeroku },
  },
  { uses: /^superfly\/|^(?:flyctl|fly) deploy\b/m, files: { 'fly.toml': readFly } },
  { uses: /render\.com|^\S*render-(?:deploy|action)/m, files: { 'render.yaml': readRender } },
  {
    uses: /^\S*railway/m,
    files: {
      'railway.json': readRailway,
      'railway.toml': readToml('deploy', 'startCommand'),
      'nixpacks.toml': readToml('start', 'cmd'),
      Procfile: readProcfile,
    },
  },
];
