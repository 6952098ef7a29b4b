import type { ShellCall } from '../../shell/shell-run.ts';
import { checkoutPaths } from '../images/checkout-paths.ts';
import { HELM } from '../images/option-tables.ts';
import { partOfWord } from '../images/part.ts';
import { readOptions } from '../images/read-options.ts';
import { hasClusterOfItsOwn } from '../model/throw-away-cluster.ts';
import type { Audit, AuditedJob } from '../pipeline.ts';
import { shownCommand, unknownStart, type ContainerStart } from './container-start.ts';
import { readJobs, readWorkloads } from './read-workloads.ts';

const MOST_TEMPLATES = 100;
/** Templates beyond this size are none that people write. */
const LARGEST = 100_000;

/** The containers in the templates of charts of the checkout that a job installs. Jobs, hooks or not, are run once. */
export const deployedCharts = (job: AuditedJob, audit: Audit): readonly ContainerStart[] => {
  const charts = new Set(job.steps.flatMap(({ calls }) => calls.flatMap((call) => chartOf(call, audit))));
  if (charts.size === 0 || hasClusterOfItsOwn(job)) return [];
  const files = (audit.project.paths ?? []).filter(
    (file) => /\/templates\/.*\.ya?ml$/.test(file) && [...charts].some((chart) => file.startsWith(`${chart}/`)),
  );
  return files.slice(0, MOST_TEMPLATES).flatMap((file) => readTemplate(file, audit.readFile(file) ?? ''));
};

/** `helm upgrade NAME ./chart`, `helm template ./chart | kubectl apply -f -` */
const chartOf = (call: ShellCall, { readFile }: Audit): readonly string[] => {
  if (!/^(?:.*\/)?helm$/.test(call.words[0]?.value ?? '')) return [];
  const [verb, ...given] = readOptions(call.words.slice(1).map(partOfWord), HELM).positionals;
  if (verb === undefined || !/^(?:upgrade|install|template)$/.test(verb.value)) return [];
  const folders = given.flatMap(({ value }) => checkoutPaths(call, value.replace(/\/$/, '')));
  return folders.filter((folder) => readFile(`${folder}/Chart.yaml`) !== undefined).slice(0, 1);
};

const readTemplate = (file: string, text: string): readonly ContainerStart[] => {
  if (text.length > LARGEST) return [];
  const masked = maskTemplate(text);
  const starts = [...readWorkloads(file, masked).map(({ start }) => start), ...readJobs(file, masked)];
  // What is not YAML without its actions may start anything.
  if (starts.length === 0 && /^[^#\n]*migrat/im.test(text))
    return [unknownStart({ file, span: { file, line: 1, column: 1, endLine: 1, endColumn: 1 } })];
  return starts.map((start) => {
    const { entrypoint, command, image } = start;
    const said = shownCommand(entrypoint ?? command);
    const isOpen = said === '' ? VALUES_START.test(text) : STARTS_WITH_VALUE.test(said);
    // What starts is written in the values, whatever the image says.
    if (isOpen) return { ...start, entrypoint: null, command: null, image: null };
    return { ...start, image: image?.includes(MASK) === true ? '$image' : image };
  });
};

const STARTS_WITH_VALUE = /^(?:\["?)?____/;

/** `command: {{ … }}`, `args:` with the list of `toYaml` below it. */
const VALUES_START = /^[ \t]*(?:-[ \t]+)?(?:command|args):[ \t]*(?:\n[ \t]*)?\{\{/m;

const MASK = '____';

/** The YAML that a template is without its actions: lines of actions are empty, values of actions are text. Every place stays as it is. */
const maskTemplate = (text: string): string =>
  text
    .replaceAll(/\{\{-?[ \t]?\/\*[^]{0,2000}?\*\/[ \t]?-?\}\}/g, blank)
    .replaceAll(/^[ \t]*(?:\{\{(?:(?!\}\})[^]){0,500}\}\}[ \t]*)+$/gm, blank)
    .replaceAll(/\{\{(?:(?!\}\})[^]){0,500}\}\}/g, (action) => action.replaceAll(/[^\n]/g, '_'));

const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');
