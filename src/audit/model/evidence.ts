import { collect } from '../../core/collect.ts';
import { createKnownTexts, type KnownTexts } from '../../core/known-texts.ts';
import type { Span } from '../../core/placed-text.ts';
import { expandChoices, holesIn, showHoles, type Holes } from '../../shell/holes.ts';
import { setsStartCommand } from '../../shell/programs/platforms.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { AuditedJob, AuditedStep } from '../pipeline.ts';
import { baseName, readDjangoCommand } from './django-command.ts';
import { registersForRun } from './ecs-tasks.ts';
import { otherMigrationOf } from './other-migrations.ts';
import { deploysByPush, pushesToPlatform } from './gitops.ts';
import { isOnItsServer } from './own-server.ts';
import { ACTIONS, COMMANDS, createFindRow, NO_DEPLOY, ON_SERVER, type Row } from './evidence-table.ts';
import { onlyLooksAtServer } from './only-looks.ts';
import { isNamedForDeployment } from './script-names.ts';

/** What shows that a job builds, tests or deploys. */
export interface Evidence {
  readonly does: 'build' | 'test' | 'deploy';
  /** Strong: it changes what runs. Weak: it may as well be part of a migration, e.g. a connection to the server. */
  readonly isStrong: boolean;
  /** `docker push`, `appleboy/ssh-action` */
  readonly by: string;
}

/** Words of a command without paths, global options and values of holes; a text of several words, e.g. a message, names no subcommand. */
const textOf = ({ words }: ShellCall, holes: Holes, handedOn?: ReadonlySet<string>): string =>
  textOfWords(
    words
      .filter(({ span }) => handedOn === undefined || !handedOn.has(placeOf(span)))
      .map(({ value }) => (/\s/.test(value) ? '…' : showHoles(value, holes))),
  );

const textOfWords = ([program, ...rest]: readonly string[]): string =>
  [baseName(program ?? ''), ...rest]
    .join(' ')
    .replace(
      /^(docker|kubectl|oc|aws|gcloud|helm|git|az|docker-compose) (?:-{1,2}[\w-]+(?:[= ](?!-)\S+)? )+(?=\w)/,
      '$1 ',
    );

const placeOf = ({ file, line, column }: Span): string => `${file}:${line}:${column}`;
const depthKey = (span: Span, depth: number): string => `${placeOf(span)}#${depth}`;

/** Where calls stand that have a management command or a migration somewhere inside: the wrapper alone shows nothing more. */
const findCarriers = (calls: readonly ShellCall[]): ReadonlySet<string> => {
  const found = new Set(
    calls
      .filter((call) => call.layers.length > 0 && (readDjangoCommand(call) !== null || otherMigrationOf(call) !== null))
      .flatMap(({ layers }) => layers.map(({ span }) => placeOf(span))),
  );
  if (found.size === 0) return found;
  // Commands in the value of a variable stand at one place: which of them carries it does not show.
  const programs = new Map<string, string>();
  for (const { span, layers, words } of calls) {
    const key = `${placeOf(span)}#${layers.length}`;
    const said = words.map(({ value }) => value).join(' ');
    if ((programs.get(key) ?? said) !== said) found.delete(placeOf(span));
    programs.set(key, said);
  }
  return found;
};

/** The words of commands that a call hands on to a container, a server or a shell, by the place and depth of the call. */
type InnerWords = ReadonlyMap<string, ReadonlySet<string>>;

const findInnerWords = (calls: readonly ShellCall[]): InnerWords => {
  const found = new Map<string, Set<string>>();
  const wordsAt = (key: string): Set<string> => {
    const words = found.get(key) ?? new Set();
    found.set(key, words);
    return words;
  };
  let known: ShellCall['layers'] = [];
  let around: readonly Set<string>[] = [];
  for (const { layers, words } of calls) {
    // The calls of one shell share its layers.
    if (layers !== known) {
      known = layers;
      around = layers.flatMap(({ kind, span }, depth) => (HANDED_ON.has(kind) ? [wordsAt(depthKey(span, depth))] : []));
    }
    if (around.length === 0) continue;
    for (const { span } of words) {
      const place = placeOf(span);
      for (const inside of around) inside.add(place);
    }
  }
  return found;
};

const HANDED_ON: ReadonlySet<string> = new Set(['container', 'remote', 'string']);

const mentionsDjango = ({ words, text }: ShellCall): boolean =>
  /manage(?:[-_]\w+)*\.py|django-admin/.test(text) && !setsStartCommand(words);

const JOB_STARTERS =
  /^(?:(?:kubectl|oc)\b.* (?:apply|create|replace|run)\b|helm\b.* (?:upgrade|install)\b|gcloud run jobs\b|aws ecs run-task\b|az containerapp job\b|(?:docker compose|docker-compose)\b.* (?:run|up)\b|nomad job run\b)/;

/** A job of a cluster, a task or a service that is there to migrate: what it runs is written elsewhere. */
const startsMigrationJob = (text: string): boolean => JOB_STARTERS.test(text) && /[^a-z]migrat/i.test(text);

/** What it runs is defined elsewhere; that it is a migration, the job's name says. */
const TASK_STARTERS =
  /^(?:aws (?:ecs run-task|batch submit-job|codebuild start-build|stepfunctions start-execution)|gcloud run jobs execute|az containerapp job start)\b/;
/** A program, a target or an image that is called by its purpose. */
const NAMED_MIGRATION =
  /^(?:(?:make|just|task|invoke|inv|fab|npm run|yarn|pnpm run|pnpm) (?:\S+ )*?(?!\S*(?:check|lint|test|dry|make-?migrations|diff|status|generate|create))\S*migrat|(?:docker|podman) run\b.*[^a-z]migrat|(?:(?:ba|da|z)?sh|python[\d.]*|node|php|ruby|(?:npx )?(?:tsx|ts-node)) (?:-\S+ )*\S*migrat(?:e|ions?|or)\.\w+(?: |$)|\S*migrat(?:e|ions?|or)(?:\.\w+)?(?: |$))/i;

/** Whether a job that is named for migrations starts something of that name, such a script that is not here, or a task that is defined elsewhere. */
export const startsMigration = ({ steps }: Pick<AuditedJob, 'steps'>, holes: Holes): boolean =>
  steps.some((step) => {
    const { calls, unknownScripts } = step;
    const inner = findInnerWords(calls);
    const starts = (text: string): boolean =>
      startsMigrationJob(text) || TASK_STARTERS.test(text) || NAMED_MIGRATION.test(text);
    return (
      registersForRun(step, steps) ||
      calls.some((call) => starts(shownBy(call, holes, inner).text) || startsOneOf(call, starts, holes)) ||
      unknownScripts.some((script) => /migrat/i.test(baseName(script.path)))
    );
  });

/** `npm run db:${{ inputs.action }}`: one of what may be chosen migrates. */
const startsOneOf = ({ words }: ShellCall, starts: (text: string) => boolean, holes: Holes): boolean => {
  const text = words.map(({ value }) => value).join(' ');
  return holesIn(text, holes).some(({ kind }) => kind === 'choice') && expandChoices(text, holes).some(starts);
};

/** What the steps of a job show of what it is for. Found once: its role and half of the rules ask for it. */
export const findEvidence = ({ steps, job }: Pick<AuditedJob, 'steps' | 'job'>, holes: Holes): readonly Evidence[] => {
  const known = KNOWN_EVIDENCE.get(steps);
  if (known?.job === job) return known.found;
  const ofSteps = evidenceOf({ steps, job }, holes);
  const found: readonly Evidence[] =
    deploysByPush({ steps, job }) || pushesToPlatform({ steps })
      ? [...ofSteps, { does: 'deploy', isStrong: true, by: 'git push' }]
      : ofSteps;
  KNOWN_EVIDENCE.set(steps, { job, found });
  return found;
};

const KNOWN_EVIDENCE = new WeakMap<
  AuditedJob['steps'],
  { readonly job: AuditedJob['job']; readonly found: readonly Evidence[] }
>();

const evidenceOf = ({ steps, job }: Pick<AuditedJob, 'steps' | 'job'>, holes: Holes): readonly Evidence[] => {
  const isOnServer = isOnItsServer(job, steps, { holes, isTest: (call) => runsTests(call, holes) });
  return collect(steps, (step) => {
    const found = [...ofAction(step, steps), ...ofScripts(step, holes, isOnServer)];
    // A connection that only looks shows nothing, unless the job is named for more; a copy stays one.
    return !/deploy/i.test(job.id) && onlyLooksAtServer(step, holes)
      ? found.filter(({ does, isStrong, by }) => does !== 'deploy' || isStrong || /^(?:scp|rsync|sftp|lftp)\b/.test(by))
      : found;
  });
};

const ofAction = (step: AuditedStep, steps: readonly AuditedStep[]): readonly Evidence[] => {
  const { action } = step;
  if (action === null || action.startsWith('.') || registersForRun(step, steps)) return [];
  if (action.startsWith('actions/deploy-pages')) return [{ does: 'deploy', isStrong: true, by: action }];
  if (action.startsWith('actions/')) return [];
  const found = ACTIONS.find(
    ({ pattern, does }) => pattern.test(action) && (does !== 'deploy' || !NO_DEPLOY.test(action)),
  );
  return found === undefined ? [] : [{ does: found.does, isStrong: found.isStrong, by: action }];
};

const TEST_COMMANDS = /^(?:test|pytest|jenkins|behave)$/;

/** Whether a call runs tests of any kind. */
export const runsTests = (call: ShellCall, holes: Holes): boolean => {
  const django = readDjangoCommand(call);
  return django === null ? shownBy(call, holes).tests : TEST_COMMANDS.test(django.name);
};

const findTest = createFindRow(COMMANDS.filter(({ does }) => does === 'test'));
const findHere = createFindRow(COMMANDS);
const findOnServer = createFindRow([...ON_SERVER, ...COMMANDS]);

/** What a command shows by its words alone. */
interface Shown {
  readonly text: string;
  readonly tests: boolean;
  /** undefined: nothing. */
  readonly here: Row | undefined;
  readonly onServer: Row | undefined;
}

const shownByText = (text: string): Shown =>
  startsMigrationJob(text)
    ? { text, tests: findTest(text) !== undefined, here: undefined, onServer: undefined }
    : { text, tests: findTest(text) !== undefined, here: findHere(text), onServer: findOnServer(text) };

/** Found once for equal commands, of which most have nothing that they hand on. */
const shownBy = (call: ShellCall, holes: Holes, inner?: InnerWords): Shown => {
  const handedOn =
    inner === undefined || inner.size === 0 ? undefined : inner.get(depthKey(call.span, call.layers.length));
  const [program] = call.words;
  // Commands in the value of a variable stand at one place, and so do all their words.
  if (handedOn !== undefined && (program === undefined || !handedOn.has(placeOf(program.span))))
    return shownByText(textOf(call, holes, handedOn));
  const known = SHOWN.get(holes) ?? createKnownTexts<Shown>();
  SHOWN.set(holes, known);
  return known.of(call.text, () => shownByText(textOf(call, holes)));
};

const SHOWN = new WeakMap<Holes, KnownTexts<Shown>>();

const findDeployment = createFindRow(COMMANDS.filter(({ does, isStrong }) => does === 'deploy' && isStrong));

/** Whether a call changes what runs: tests behind it are those of the deployment. */
export const changesWhatRuns = (call: ShellCall, holes: Holes): boolean =>
  findDeployment(shownBy(call, holes).text) !== undefined;

export const isDeployingAction = (step: AuditedStep): boolean =>
  ofAction(step, [step]).some(({ does, isStrong }) => does === 'deploy' && isStrong);

const RUNS_CONTAINERS = /^(?:up|down|restart|start|stop|rm|run|exec|pull|kill)$/;

/** Docker of another machine: `docker --context prod compose up`, `DOCKER_HOST=ssh://…`; a build there is one all the same. */
const isOnOtherEngine = ({ words, prefix }: ShellCall, { environment }: AuditedStep): boolean => {
  if (!/^docker(?:-compose)?$/.test(baseName(words[0]?.value ?? ''))) return false;
  const texts = words.map(({ value }) => value);
  if (!texts.some((text) => RUNS_CONTAINERS.test(text))) return false;
  const valueOf = (name: string): string => (prefix.get(name) ?? environment.get(name))?.value ?? '';
  return (
    texts.some((text) => /^(?:--context|-H|--host)(?:=|$)/.test(text)) ||
    /^ssh:|^tcp:\/\/(?!docker\b|localhost\b|127\.)/.test(valueOf('DOCKER_HOST')) ||
    !/^(?:|default|rootless|desktop-linux)$/.test(valueOf('DOCKER_CONTEXT'))
  );
};

const ofScripts = (step: AuditedStep, holes: Holes, isOnServer: boolean): readonly Evidence[] => {
  const carriers = findCarriers(step.calls);
  const inner = findInnerWords(step.calls);
  const ofCalls = collect(step.calls, (call): readonly Evidence[] => {
    const django = readDjangoCommand(call);
    if (django !== null) {
      return TEST_COMMANDS.test(django.name) ? [{ does: 'test', isStrong: true, by: `manage.py ${django.name}` }] : [];
    }
    if ((carriers.size > 0 && carriers.has(placeOf(call.span))) || mentionsDjango(call)) return [];
    const shown = shownBy(call, holes, inner);
    if (shown.onServer === undefined) return [];
    const isRemote = call.layers.some(({ kind }) => kind === 'remote') || isOnOtherEngine(call, step);
    const found = isRemote || isOnServer ? shown.onServer : shown.here;
    if (found === undefined) return [];
    // What a server builds and tests is part of deploying to it.
    const does = isRemote && found.does !== 'test' ? 'deploy' : found.does;
    return [
      {
        does,
        isStrong: found.isStrong && (does === found.does || found.does === 'build'),
        by: shown.text.split(' ').slice(0, 3).join(' '),
      },
    ];
  });
  const ofUnknown = step.unknownScripts
    .filter(({ path }) => isNamedForDeployment(path))
    .map(({ path }): Evidence => ({ does: 'deploy', isStrong: false, by: path }));
  return [...ofCalls, ...ofUnknown];
};
