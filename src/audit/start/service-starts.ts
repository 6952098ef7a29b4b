import { slicePlaced, type PlacedText, type Span } from '../../core/placed-text.ts';
import { withoutPadding } from '../../shell/holes.ts';
import { optionValue } from '../../shell/programs/options.ts';
import { setsStartCommand, splitCommas } from '../../shell/programs/platforms.ts';
import type { ShellCall, ShellWord } from '../../shell/shell-run.ts';
import type { Audit, AuditedJob, AuditedStep } from '../pipeline.ts';
import type { Command, ContainerStart } from './container-start.ts';
import { joinPath } from './join-path.ts';

/** What a job says of the services that it changes: of Cloud Run, Container Apps, App Service and Heroku. */
export const serviceStarts = (
  { steps }: AuditedJob,
  { readFile }: Pick<Audit, 'readFile'>,
): readonly ContainerStart[] => {
  const released = ofHeroku(
    steps.flatMap(({ calls }) => calls.filter(({ words }) => words[0]?.value === 'heroku')),
    readFile,
  );
  const found = steps.flatMap((step) => [
    ...ofAction(step),
    ...step.calls.filter(({ words }) => setsStartCommand(words)).flatMap(ofCall),
  ]);
  // Where none is given, the image says how it starts, and that is looked for where it is built.
  return found.some(({ entrypoint, command }) => entrypoint !== null || command !== null)
    ? [...found, ...released]
    : released;
};

/** `heroku container:push` and `heroku container:release web worker`: each process has a Dockerfile of its name, or the only one. */
const ofHeroku = (calls: readonly ShellCall[], readFile: Audit['readFile']): readonly ContainerStart[] => {
  const pushed = calls.find(({ words }) => words[1]?.value === 'container:push');
  if (pushed === undefined) return [];
  const context = joinPath('', pushed.directory ?? '') ?? '';
  return calls
    .filter(({ words }) => words[1]?.value === 'container:release')
    .flatMap(({ words, span }) => processesIn(words).map((process) => ({ process, span })))
    .flatMap(({ process, span }): readonly ContainerStart[] => {
      const named = [`Dockerfile.${process}`, ...(process === 'web' ? ['Dockerfile'] : [])];
      const file = named.flatMap((name) => joinPath(context, name) ?? []).find((path) => readFile(path) !== undefined);
      return file === undefined
        ? []
        : [startOf(`process ${process}`, span, { build: { file, context, target: null } })];
    });
};

const processesIn = (words: readonly ShellWord[]): readonly string[] =>
  words
    .slice(2)
    .map(({ value }) => value)
    .filter(
      (value, index, all) => /^[a-z]\w*$/.test(value) && !/^(?:-a|-r|--app|--remote)$/.test(all[index - 1] ?? ''),
    );

const startOf = (
  what: string,
  span: Span,
  said: Partial<Pick<ContainerStart, 'entrypoint' | 'command' | 'image' | 'build'>>,
): ContainerStart => ({
  what,
  entrypoint: null,
  command: null,
  image: null,
  mounted: [],
  variables: new Map(),
  build: null,
  kind: 'kept',
  span,
  ...said,
});

const ofCall = (call: ShellCall): readonly ContainerStart[] => {
  const { words, span } = call;
  const image =
    withoutPadding(optionValue(words, ['--image', '-i'])?.word.value.replace(/^--image=/, '') ?? '') || null;
  if (words[0]?.value.endsWith('gcloud') === true) {
    const service = words.find(({ value }, index) => index > 2 && !/^(?:-|deploy$|update$)/.test(value));
    const what = `service ${withoutPadding(service?.value ?? '')}`.trim();
    return [startOf(what, span, { entrypoint: commas(words, '--command'), command: commas(words, '--args'), image })];
  }
  const named = optionValue(words, ['--name', '-n']);
  const name = withoutPadding(named?.word.value.slice(named.skip) ?? '');
  if (words[1]?.value === 'webapp') {
    const startup = optionValue(words, ['--startup-file']);
    if (startup === null) return [];
    const text = slicePlaced(startup.word.placed, startup.skip);
    return [startOf(`web app ${name}`.trim(), span, { entrypoint: { form: 'text', text } })];
  }
  return [
    startOf(`container app ${name}`.trim(), span, {
      entrypoint: several(words, '--command'),
      command: several(words, '--args'),
      image,
    }),
  ];
};

const inWords = (words: readonly PlacedText[]): Command | null =>
  words.length === 0 ? null : { form: 'words', words };

const commas = (words: readonly ShellWord[], name: string): Command | null => {
  const given = optionValue(words, [name]);
  return given === null ? null : inWords(splitCommas(given.word, given.skip).map(({ placed }) => placed));
};

/** `--args "-c" "…"`: words up to the next option. */
const several = (words: readonly ShellWord[], name: string): Command | null => {
  const at = words.findIndex(({ value }) => value === name);
  if (at < 0) return null;
  const end = words.findIndex(({ value }, index) => index > at && value.startsWith('--'));
  return inWords(words.slice(at + 1, end < 0 ? undefined : end).map(({ placed }) => placed));
};

const ofAction = ({ action, with: given }: AuditedStep): readonly ContainerStart[] => {
  const startup = action === 'azure/webapps-deploy' ? given.get('startup-command') : undefined;
  if (startup === undefined || startup.value.trim() === '') return [];
  const name = withoutPadding(given.get('app-name')?.value ?? '');
  const entrypoint: Command = { form: 'text', text: startup.placed };
  return [startOf(`web app ${name}`.trim(), startup.span, { entrypoint })];
};
