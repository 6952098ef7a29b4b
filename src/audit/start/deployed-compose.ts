import type { ShellCall } from '../../shell/shell-run.ts';
import {
  DEFAULT_FILES,
  findComposeFile,
  readComposeCommand,
  servicesOf,
  type ComposeCommand,
} from '../images/compose-commands.ts';
import { findJobFiles, type JobFiles } from '../images/job-files.ts';
import { partOfWord } from '../images/part.ts';
import { isSelfHosted } from '../model/own-server.ts';
import type { Audit, AuditedJob, AuditedStep } from '../pipeline.ts';
import { readComposeProject, unknownService } from './compose-project.ts';
import type { ComposeService } from './read-compose-services.ts';
import { writtenText } from './written-texts.ts';

/** What a command of compose starts on a server. */
export interface DeployedCompose {
  readonly call: ShellCall;
  readonly services: readonly ComposeService[];
}

/** What keeps running. */
const STARTING = /^(?:up|restart|start)$/;
/** What is run once, to its end. */
export const RUNNING = /^run$/;

/** What a job starts by compose or swarm on a server; what it starts on the runner itself is gone with the job. */
export const deployedCompose = (job: AuditedJob, audit: Audit, verbs = STARTING): readonly DeployedCompose[] =>
  job.steps.flatMap((step) =>
    step.calls.flatMap((call) => {
      // Most commands are something else.
      if (!COMPOSE_WORD.test(call.text)) return [];
      const [program, ...parts] = call.words.map(partOfWord);
      const command = readComposeCommand((program?.value ?? '').replace(/^.*\//s, ''), parts);
      if (command === null || !starts(command, verbs) || !isElsewhere(call, step, job)) return [];
      const around = { ...audit, jobFiles: findJobFiles(job, audit) };
      const files = command.files ?? filesOfVariable(call, step) ?? DEFAULT_FILES;
      const isNamed = files !== DEFAULT_FILES;
      const { written, unclear, others } = sortOut(files, isNamed, job);
      const places = others.map((file) => ({ file, path: findFile(file, call, around) }));
      const found = places.flatMap(({ path }) => path ?? []);
      const wanted = isNamed ? found : found.slice(0, 1);
      const missing = isNamed && found.length > 0 ? places.filter(({ path }) => path === null) : [];
      const services = readComposeProject(wanted, audit.readFile, written);
      return [
        {
          call,
          services: [
            ...startedOf(services, command, audit),
            // What is not in the checkout may say anything of them.
            ...[...missing, ...unclear, ...(isNamed ? [] : migratingOverrides(wanted, audit))].map(({ file }) =>
              unknownService({ file, span: call.span }),
            ),
          ],
        },
      ];
    }),
  );

const COMPOSE_WORD = /compose|stack/;

/** Files that the job writes itself count, whatever the checkout has by their names. */
const sortOut = (files: readonly string[], isNamed: boolean, job: AuditedJob) => {
  const all = files.map((file) => ({ file, text: writtenText(job, file) }));
  const own = all.filter(({ text }) => text !== null).slice(0, isNamed ? undefined : 1);
  return {
    written: own.flatMap(({ text }) => (text === null || text === 'unclear' ? [] : text)),
    unclear: own.filter(({ text }) => text === 'unclear'),
    others: own.length > 0 && !isNamed ? [] : all.flatMap(({ file, text }) => (text === null ? file : [])),
  };
};

/** `compose.override.yml` belongs to the file of the usual name, but most are for development: one that migrates may be there. */
const migratingOverrides = (files: readonly string[], { readFile }: Audit): readonly { readonly file: string }[] =>
  files.flatMap((file) =>
    ['yml', 'yaml']
      .map((end) => ({ file: file.replace(/\.ya?ml$/, `.override.${end}`) }))
      .filter((one) => one.file !== file && /^[^#\n]*migrat/im.test(readFile(one.file) ?? '')),
  );

/** Those that it names and what they depend on; else all of no profile, or of one that it asks for. */
const startedOf = (
  services: readonly ComposeService[],
  command: ComposeCommand,
  { holes }: Audit,
): readonly ComposeService[] => {
  const { profiles: wanted, flags, verb } = command;
  const named = servicesOf(command, holes);
  if (named.length === 0) return services.filter(({ profiles }) => isStarted(profiles, wanted));
  const started = new Set(named);
  const needs = verb.value === 'up' && !flags.has('--no-deps');
  // What is added while it is gone through is gone through, too.
  for (const name of started) {
    for (const need of needs ? (services.find((one) => one.name === name)?.needs ?? []) : []) started.add(need);
  }
  return services.filter(({ name }) => started.has(name));
};

const isStarted = (profiles: readonly string[], wanted: readonly string[]): boolean =>
  profiles.length === 0 || profiles.some((profile) => wanted.includes(profile) || wanted.includes('*'));

/** With a command of its own, `run` does not run the service's. */
const starts = ({ verb, isStack, named }: ComposeCommand, verbs: RegExp): boolean =>
  isStack ? verbs === STARTING : verbs.test(verb.value) && (verb.value !== 'run' || named.length === 1);

const HOST = /^(?:DOCKER_HOST|DOCKER_CONTEXT)$/;

/** On a server: over SSH, on a runner that is one, or by a context of docker. */
const isElsewhere = (
  { words, layers, prefix }: ShellCall,
  { environment, calls }: AuditedStep,
  job: AuditedJob,
): boolean =>
  layers.some(({ kind }) => kind === 'remote') ||
  isSelfHosted(job.job) ||
  [...prefix.keys(), ...environment.keys()].some((name) => HOST.test(name)) ||
  words.some(({ value }) => /^(?:--context|-H|--host)(?:=|$)/.test(value)) ||
  words[1]?.value === 'stack' ||
  calls.some((call) => call.words[1]?.value === 'context' && call.words[2]?.value === 'use');

const filesOfVariable = ({ prefix }: ShellCall, { environment }: AuditedStep): readonly string[] | null => {
  const value = (prefix.get('COMPOSE_FILE') ?? environment.get('COMPOSE_FILE'))?.value ?? '';
  return value === '' ? null : value.split(':');
};

const findFile = (file: string, call: ShellCall, around: Audit & { readonly jobFiles: JobFiles }): string | null => {
  const found = findComposeFile(file, call, around);
  if (found !== null || !call.layers.some(({ kind }) => kind === 'remote')) return found?.file ?? null;
  // The folder on the server says nothing of the checkout: one file of that name is it.
  const name = file.slice(file.lastIndexOf('/') + 1);
  const named = (around.project.paths ?? []).filter((path) => path === name || path.endsWith(`/${name}`));
  return named.length === 1 ? (named[0] ?? null) : null;
};
