import type { Span } from '../../core/placed-text.ts';
import { readEnvVariables } from '../../config/read-env-lines.ts';
import type { Variable } from '../../shell/shell-run.ts';
import { unknownStart, type ContainerStart } from './container-start.ts';
import { readComposeServices, type ComposeService } from './read-compose-services.ts';
import type { WrittenText } from './written-texts.ts';

type ReadFile = (path: string) => string | undefined;

const DEEPEST = 6;

/**
 * The services of compose files that are read together: with what they include and extend, and what their env files say. `written`: files
 * that the job writes next to them.
 */
export const readComposeProject = (
  files: readonly string[],
  readFile: ReadFile,
  written: readonly WrittenText[] = [],
): readonly ComposeService[] =>
  merge([
    ...files.map((file) => servicesIn(file, readFile, 0)),
    ...written.map(({ file, text }) => readComposeServices(file, text, '').services),
  ]);

const servicesIn = (file: string, readFile: ReadFile, depth: number): readonly ComposeService[] => {
  const { services, included } = readComposeServices(file, readFile(file) ?? '');
  const others = included.map((one) =>
    readFile(one.file) === undefined || depth >= DEEPEST
      ? [unknownService(one)]
      : servicesIn(one.file, readFile, depth + 1),
  );
  const own = services.map((service) => withBase(service, services, readFile, 0));
  return merge([...others, own.map((service) => withEnvFiles(service, readFile))]);
};

/** `extends`: what the other service says, and what this one says instead. */
const withBase = (
  service: ComposeService,
  siblings: readonly ComposeService[],
  readFile: ReadFile,
  depth: number,
): ComposeService => {
  const { base } = service;
  if (base === null || depth >= DEEPEST) return service;
  const others = base.file === null ? siblings : readComposeServices(base.file, readFile(base.file) ?? '').services;
  const found = others.find(({ name }) => name === base.service);
  if (found === undefined || found === service) return service;
  const { needs, profiles, start } = service;
  const whole = add(withBase(found, others, readFile, depth + 1), service);
  return { ...whole, needs, profiles, start: { ...whole.start, what: start.what, kind: start.kind, span: start.span } };
};

const withEnvFiles = (service: ComposeService, readFile: ReadFile): ComposeService => {
  const said = service.envFiles.flatMap((file) =>
    [...readEnvVariables(readFile(file) ?? '')].map(([name, { value, line }]): readonly [string, Variable] => {
      const span: Span = { file, line, column: 1, endLine: line, endColumn: 1 };
      return [name, { value, span }];
    }),
  );
  if (said.length === 0) return service;
  const { start } = service;
  // What compose fills in is not known, and what is switched off here may be on in the server's own copy.
  const known = said.filter(([, { value }]) => !value.includes('$') && !/^(?:|0|false|no|off|none)$/i.test(value));
  return { ...service, start: { ...start, variables: new Map([...known, ...start.variables]) } };
};

/** What a file says that is not in the checkout. */
export const unknownService = (place: { readonly file: string; readonly span: Span }): ComposeService => ({
  name: place.file,
  profiles: [],
  needs: [],
  base: null,
  envFiles: [],
  start: unknownStart(place),
});

/** Later files add to services of earlier ones and take the place of what they say. */
const merge = (files: readonly (readonly ComposeService[])[]): readonly ComposeService[] => {
  const merged = new Map<string, ComposeService>();
  for (const service of files.flat()) {
    const before = merged.get(service.name);
    merged.set(service.name, before === undefined ? service : add(before, service));
  }
  return [...merged.values()];
};

const add = (before: ComposeService, { name, profiles, needs, envFiles, start }: ComposeService): ComposeService => ({
  name,
  profiles: profiles.length > 0 ? profiles : before.profiles,
  needs: [...before.needs, ...needs],
  base: null,
  envFiles: [...before.envFiles, ...envFiles],
  start: {
    ...before.start,
    entrypoint: start.entrypoint ?? before.start.entrypoint,
    command: start.command ?? (start.entrypoint === null ? before.start.command : null),
    mounted: [...before.start.mounted, ...start.mounted],
    variables: new Map([...before.start.variables, ...start.variables]),
    image: start.image ?? before.start.image,
    build: start.build ?? before.start.build,
    kind: kindOf(before.start, start),
  },
});

const kindOf = (before: ContainerStart, { kind }: ContainerStart): ContainerStart['kind'] =>
  kind === 'once' ? 'once' : before.kind;
