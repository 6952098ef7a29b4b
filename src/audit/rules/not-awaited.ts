import { showHoles, type Holes } from '../../shell/holes.ts';
import type { Fate, ShellCall } from '../../shell/shell-run.ts';
import { isSameSpan } from '../is-same-span.ts';
import { baseName } from '../model/django-command.ts';
import type { Migration } from '../model/migrations.ts';
import type { AuditedJob, Pipeline } from '../pipeline.ts';
import { hiddenBy, type Hidden } from './hidden-failure.ts';

/** A program that starts something elsewhere and does not wait for it. */
interface Starter {
  /** As people know it: `aws ecs run-task`. */
  readonly name: string;
  readonly starts: (words: readonly string[]) => boolean;
  /** A call that waits for what was started, or asks how it ended. */
  readonly awaits: (words: readonly string[], isShown: boolean) => boolean;
  readonly remedy: string;
  /** Only for a migration that is the command itself. */
  readonly isDirect?: boolean;
  /** What it starts is defined elsewhere, and its name may say that it migrates. */
  readonly isNamed?: (words: string) => boolean;
}

const has = (words: readonly string[], ...wanted: readonly string[]): boolean =>
  wanted.every((word) => words.includes(word));

const hasOption = (words: readonly string[], pattern: RegExp): boolean => words.some((word) => pattern.test(word));

/** What is only shown decides nothing. */
const asks = (words: readonly string[], isShown: boolean, pattern: RegExp): boolean =>
  words.includes('wait') || (!isShown && hasOption(words, pattern));

const isKubectl = ([program]: readonly string[]): boolean => program === 'kubectl' || program === 'oc';

const isDocker = ([program]: readonly string[]): boolean =>
  /^(?:docker|podman|nerdctl)(?:-compose)?$/.test(program ?? '');

/** An action may give it without the `cf` before it. */
const isTaskOfFoundry = (words: readonly string[]): boolean =>
  /^(?:run-task|rt)$/.test((words[0] === 'cf' ? words[1] : words[0]) ?? '');

const MIGRATES = /(?:^|[^a-z])(?:db-?|run-?)?migrat(?:e|ions?|or)(?:[^a-z]|$)/i;

const STARTERS: readonly Starter[] = [
  {
    name: 'aws ecs run-task',
    starts: (words) => words[0] === 'aws' && has(words, 'ecs', 'run-task'),
    isNamed: (words) => MIGRATES.test(words),
    awaits: (words, isShown) => words[0] === 'aws' && !isShown && has(words, 'ecs', 'describe-tasks'),
    remedy:
      'Wait for the task (`aws ecs wait tasks-stopped`), then fail unless `aws ecs describe-tasks` says that its container ended with exit code 0.',
  },
  {
    name: 'aws ssm send-command',
    starts: (words) => words[0] === 'aws' && has(words, 'ssm', 'send-command'),
    awaits: (words) =>
      words[0] === 'aws' && has(words, 'ssm') && hasOption(words, /^(?:wait|get-command-invocation|list-command.*)$/),
    remedy: 'Wait for the command, which fails if the command fails: `aws ssm wait command-executed`.',
  },
  {
    name: 'gcloud run jobs execute',
    starts: (words) =>
      words[0] === 'gcloud' &&
      has(words, 'run', 'jobs') &&
      (words.includes('execute') || hasOption(words, /^--execute-now/)) &&
      !hasOption(words, /^--wait(?:=true)?$/),
    isNamed: (words) => MIGRATES.test(words),
    awaits: (words) => words[0] === 'gcloud' && has(words, 'run', 'jobs', 'executions'),
    remedy: 'Add `--wait`.',
  },
  {
    name: 'az containerapp job start',
    starts: (words) => words[0] === 'az' && has(words, 'containerapp', 'job', 'start'),
    isNamed: (words) => MIGRATES.test(words),
    awaits: (words, isShown) => words[0] === 'az' && !isShown && has(words, 'containerapp', 'job', 'execution'),
    remedy:
      'Ask for its status until it has ended, and fail unless it is `Succeeded`: `az containerapp job execution show`.',
  },
  {
    name: 'kubectl',
    starts: (words) =>
      isKubectl(words) &&
      hasOption(words, /^(?:apply|create|replace|run)$/) &&
      !hasOption(words, /^(?:--dry-run\b.*|--wait|--attach|--rm|-[a-z]*[it][a-z]*|--stdin|--tty)$/),
    isNamed: (words) => MIGRATES.test(words) && /(?:^|[^a-z])(?:cron)?jobs?(?:[^a-z]|$)/i.test(words),
    awaits: (words, isShown) => isKubectl(words) && asks(words, isShown, /^(?:get|describe|logs)$/),
    remedy: 'Wait for it, and fail if it fails: `kubectl wait --for=condition=complete job/NAME --timeout=10m`.',
  },
  {
    name: 'heroku run:detached',
    starts: (words) => words[0] === 'heroku' && words.includes('run:detached'),
    awaits: () => false,
    remedy: 'Use `heroku run --exit-code`.',
  },
  {
    name: 'cf run-task',
    starts: (words) => isTaskOfFoundry(words) && !hasOption(words, /^(?:--wait|-w)$/),
    awaits: (words) => words[0] === 'cf' && hasOption(words, /^tasks?$/),
    remedy: 'Add `--wait`, which fails if the task fails.',
  },
  {
    name: 'ssh -f',
    starts: (words) => words[0] === 'ssh' && isInBackground(words.slice(1)),
    awaits: () => false,
    remedy: 'Run it in the foreground, without `-f`.',
  },
  {
    name: 'docker --detach',
    starts: (words) =>
      isDocker(words) &&
      hasOption(words, /^(?:run|exec)$/) &&
      hasOption(optionsBefore(words), /^(?:-[a-z]*d[a-z]*|--detach)$/),
    awaits: (words, isShown) => isDocker(words) && asks(words, isShown, /^(?:inspect|logs|ps)$/),
    remedy: 'Run it in the foreground, without `-d`.',
    isDirect: true,
  },
];

const VALUED_BY_SSH = /^-[BbcDEeFIiJLlmOoPpQRSWw]$/;

/** `ssh -f host …`, `-nfT` */
const isInBackground = ([first = '', ...rest]: readonly string[]): boolean => {
  if (!first.startsWith('-')) return false;
  return /^-[46AaCGgKkMNnqsTtVvXxYy]*f/.test(first) || isInBackground(VALUED_BY_SSH.test(first) ? rest.slice(1) : rest);
};

/** Of `docker run -d image cmd`: what stands before the image, or is taken for it. */
const optionsBefore = (words: readonly string[]): readonly string[] => {
  const verb = words.findIndex((word) => word === 'run' || word === 'exec');
  const rest = words.slice(verb + 1);
  const end = rest.findIndex((word, index) => !word.startsWith('-') && !(rest[index - 1] ?? '').startsWith('-'));
  return end < 0 ? rest : rest.slice(0, end);
};

const wordsOf = ({ words }: ShellCall, holes: Holes): readonly string[] =>
  words.map(({ value }, index) => (index === 0 ? baseName(value) : showHoles(value, holes)));

const callsOf = ({ jobs }: Pick<Pipeline, 'jobs'>): readonly ShellCall[] =>
  jobs.flatMap(({ steps }) => steps.flatMap(({ calls }) => calls));

interface Started {
  readonly starter: Starter;
  /** The call that starts what a migration is in. */
  readonly outer: ShellCall;
}

/** null: a migration is run where it stands, and waited for. */
const startOf = ({ call, step }: Migration, holes: Holes): Started | null => {
  for (const [index, layer] of call.layers.entries()) {
    if (layer.kind !== 'container' && layer.kind !== 'remote') continue;
    const outer = step.calls.find(({ span, layers }) => layers.length <= index && isSameSpan(span, layer.span));
    if (outer === undefined) continue;
    const words = ownWords(wordsOf(outer, holes));
    const starter = STARTERS.find(({ starts }) => starts(words));
    if (starter === undefined) continue;
    // `docker run -d image sh -c "migrate && serve"` is a server, whose start is another matter.
    return starter.isDirect === true && index < call.layers.length - 1 ? null : { starter, outer };
  }
  return null;
};

/** Without what is run inside. */
const ownWords = (words: readonly string[]): readonly string[] => {
  const end = words.indexOf('--');
  return end < 0 ? words : words.slice(0, end);
};

/** Everything that hides the failure of a migration, also that nothing waits for it; []: it fails its job, or may. */
export const allThatHides = (
  migration: Migration,
  job: AuditedJob,
  pipeline: Pipeline,
  holes: Holes,
): readonly Hidden[] => {
  const hidden = hiddenBy(migration, job);
  const started = startOf(migration, holes);
  if (started === null) return hidden;
  const { starter, outer } = started;
  // What becomes of the call that starts it says nothing of how the migration ends.
  const own = isOfStart(migration.call.fate, outer) ? hidden.filter(({ by }) => by === 'key') : hidden;
  if (mayBeAwaited(starter, job, pipeline, holes)) return own;
  const how = `nothing waits for what \`${starter.name}\` starts and asks how it ends`;
  return [...own, { how, span: migration.call.span, by: 'script', evidence: [], remedy: starter.remedy }];
};

const isOfStart = (fate: Fate, { fate: outer, layers }: ShellCall): boolean => {
  if (fate.kind === 'unheeded') return fate.depth <= layers.length;
  return 'span' in fate && 'span' in outer && isSameSpan(fate.span, outer.span);
};

/** The programs of `STARTERS`. */
const MAY_START = /^(?:aws|az|gcloud|kubectl|oc|heroku|(?:docker|podman|nerdctl)(?:-compose)?)$/;

/** Whether a call starts a migration that is defined elsewhere, as its name or the checkout (`isDefined`) says, and that nothing waits for. */
export const startsUnawaited = (
  call: ShellCall,
  job: AuditedJob,
  pipeline: Pipeline,
  { holes, isDefined }: { readonly holes: Holes; readonly isDefined: (call: ShellCall) => boolean },
): Pick<Starter, 'name' | 'remedy'> | null => {
  if (!MAY_START.test(baseName(call.words[0]?.value ?? ''))) return null;
  const words = ownWords(wordsOf(call, holes));
  const starter = STARTERS.find(({ starts }) => starts(words));
  if (starter?.isNamed === undefined || !(starter.isNamed(words.join(' ')) || isDefined(call))) return null;
  return mayBeAwaited(starter, job, pipeline, holes) ? null : starter;
};

const mayBeAwaited = ({ awaits }: Starter, { steps }: AuditedJob, pipeline: Pipeline, holes: Holes): boolean =>
  steps.some(
    ({ unknownScripts, action }) =>
      /wait|poll|run-task/.test(action ?? '') || unknownScripts.some(({ path }) => MAY_WAIT.test(path)),
  ) ||
  // `kubectl wait … || true` waits, but its result is not used.
  callsOf(pipeline).some(
    (call) =>
      (call.fate.kind !== 'swallowed' || /^(?:pipe|captured)$/.test(call.output)) &&
      awaits(wordsOf(call, holes), call.output === 'shown'),
  );

/** Names of scripts that are not in the checkout and may wait. */
const MAY_WAIT = /wait|poll|migrat|task|job|ecs-run/i;
