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
import { readComposeServices, type ComposeService } from './read-compose-services.ts';

/** What a command of compose starts on a server. */
export interface DeployedCompose {
  readonly call: ShellCall;
  readonly services: readonly ComposeService[];
  /** A file that it names, or would find, is not in the checkout. */
  readonly isComplete: boolean;
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
      const named = servicesOf(command, audit.holes);
      const files = command.files ?? filesOfVariable(call, step) ?? DEFAULT_FILES;
      const isNamed = files !== DEFAULT_FILES;
      const found = files.flatMap((file) => findFile(file, call, around) ?? []);
      const wanted = isNamed ? found : found.slice(0, 1);
      const services = merge(wanted.map((file) => readComposeServices(file, audit.readFile(file) ?? '')));
      return [
        {
          call,
          services: services.filter(({ name, profiles }) =>
            named.length > 0 ? named.includes(name) : isStarted(profiles, command.profiles),
          ),
          isComplete: services.length > 0 && (!isNamed || found.length === files.length),
        },
      ];
    }),
  );

const COMPOSE_WORD = /compose|stack/;

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

/** Later files add to services of earlier ones and take the place of what they say. */
const merge = (files: readonly (readonly ComposeService[])[]): readonly ComposeService[] => {
  const merged = new Map<string, ComposeService>();
  for (const service of files.flat()) {
    const before = merged.get(service.name);
    if (before === undefined) {
      merged.set(service.name, service);
      continue;
    }
    const { start } = service;
    merged.set(service.name, {
      name: service.name,
      profiles: service.profiles.length > 0 ? service.profiles : before.profiles,
      start: {
        ...before.start,
        entrypoint: start.entrypoint ?? before.start.entrypoint,
        command: start.command ?? (start.entrypoint === null ? before.start.command : null),
        mounted: [...before.start.mounted, ...start.mounted],
        variables: new Map([...before.start.variables, ...start.variables]),
        image: start.image ?? before.start.image,
        build: start.build ?? before.start.build,
        kind: start.kind === 'once' ? 'once' : before.start.kind,
      },
    });
  }
  return [...merged.values()];
};
