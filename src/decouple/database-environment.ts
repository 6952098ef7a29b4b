import type { Audit, AuditedJob } from '../audit/pipeline.ts';
import { isSelfHosted } from '../audit/model/own-server.ts';
import type { Migration } from '../audit/model/migrations.ts';
import { hasHole } from '../shell/holes.ts';
import { migrateInputs, reference } from '../scaffold/workflows/blocks/environment-lines.ts';
import { findComposeHost, findStartedDatabase, type ComposeHost, type StartedDatabase } from './compose-host.ts';
import type { DecoupleFacts, NeededSetting } from './decoupling.ts';
import { textOfJob } from './source-lines.ts';

/** What the migrate job is given, by name. */
export interface MigrateEnvironment {
  readonly entries: Readonly<Record<string, string>>;
  /** Those that no workflow sets yet. */
  readonly settings: readonly NeededSetting[];
  /** Where the database's address is from, for people. */
  readonly source: string;
}

/** As the inline step has it, else its job, its workflow or the workflow of another environment. Else why not. */
export const findMigrateEnvironment = (
  job: AuditedJob,
  migrations: readonly Migration[],
  audit: Audit,
  facts: DecoupleFacts,
): MigrateEnvironment | Unknown => {
  if (facts.variables.database === null && !facts.mentionsUrl) return unreadable(facts.urlVariable);
  const environment = job.environment === null || hasHole(job.environment.value) ? null : job.environment.value.trim();
  const entries: Record<string, string> = { ...ownVariables(migrations), ...settingsModule(migrations, job) };
  const settings: NeededSetting[] = [];
  const inputs = migrateInputs(facts);
  const needed = (facts.variables.database ?? [{ name: facts.urlVariable, role: 'url' as const }]).filter(
    ({ role }) => role !== 'engine',
  );
  const names = new Set(needed.map(({ name }) => name));
  const found = new Map(inputs.map(({ name }) => [name, findValue(name, { job, migrations, audit })]));
  const secretName = secretOf(facts);
  const composeHost = findComposeHost(
    needed.filter(({ name }) => (found.get(name) ?? null) === null),
    facts.variables.fallbacks ?? {},
    migrations,
    job,
    audit,
  );
  if (composeHost !== null) return ofCompose(composeHost);
  const openHosts = needed.filter(({ name, role }) => role === 'host' && (found.get(name)?.isMentioned ?? true));
  const started =
    openHosts.length === 0
      ? null
      : findStartedDatabase(
          openHosts.map(({ name }) => name),
          migrations,
          job,
          audit,
        );
  if (started !== null) return ofStarted(started);
  const said = [...names].flatMap((name) => found.get(name) ?? []);
  const isKnown = facts.secret !== null || facts.isProposal === true || said.some(({ isOfTests }) => !isOfTests);
  if (!isKnown) return said[0]?.place === undefined || said[0].place === null ? UNKNOWN : ofTests(said[0].place);
  const hidden = needed.find(({ name, role }) => role === 'host' && isPrivateName(found.get(name)?.text));
  if (hidden !== undefined) {
    return {
      why: `the database's host, ${found.get(hidden.name)?.text}, is a name that only the server's own network knows`,
      remedy: `Let a runner reach the database, and set ${hidden.name} of the job to its address.`,
    };
  }
  const given = new Set(inputs.map(({ name }) => name));
  for (const name of (facts.variables.deciding ?? []).filter((one) => !given.has(one))) {
    const said = findDeciding(name, { job, migrations, audit });
    if (said === null) return undecided(name);
    entries[name] = said;
  }
  const local = needed.find(({ name, role }) => role === 'host' && isLoopback(found.get(name)?.text));
  if (local !== undefined && !isSelfHosted(job.job)) {
    return {
      why: `the database's host, ${found.get(local.name)?.text}, is the machine itself, and the runner has no such database`,
      remedy: `Let a runner reach the database, and set ${local.name} of the job to its address.`,
    };
  }
  let source = `secrets.${facts.secret ?? secretName}`;
  for (const { name, role } of facts.variables.database ?? []) {
    const said = facts.isOtherEngine ? findValue(name, { job, migrations, audit })?.text : facts.engine;
    if (role === 'engine' && said !== undefined) entries[name] = said;
  }
  for (const { name, kind } of inputs) {
    const said = found.get(name) ?? null;
    // A name that is given fills a gap; a secret that a workflow names for this variable stays.
    const isGap = name === secretName && !/\b(?:secrets|vars)\./.test(said?.text ?? '');
    const value = isGap && facts.secret !== null ? { text: reference('secret', facts.secret), place: null } : said;
    if (value !== null) {
      entries[name] = value.text;
      if (name === secretName && value.place !== null) source = value.place;
      continue;
    }
    entries[name] = reference(kind, name);
    settings.push({ kind, name, environment });
  }
  return { entries, settings, source };
};

/** The variable that holds the database's address, or its password. */
export const secretOf = ({ variables, urlVariable }: Pick<DecoupleFacts, 'variables' | 'urlVariable'>): string =>
  variables.database?.find(({ role }) => role === 'url' || role === 'password')?.name ?? urlVariable;

/** Why the job would not find the database, and what to do. */
export interface Unknown {
  readonly why: string;
  readonly remedy: string;
  readonly needsSecret?: boolean;
}

const UNKNOWN: Unknown = {
  why: 'no workflow says which secret holds the address of the database',
  remedy: 'Name that secret: `npx devsetup decouple --secret NAME`.',
  needsSecret: true,
};

/** Tests often have a database of their own. */
const ofTests = (file: string): Unknown => ({
  ...UNKNOWN,
  why: `only ${file}, which deploys nothing, says which secret holds the address of the database; that may be another one`,
});

/** The job would migrate whatever the settings name: a file of the runner, or a server that it does not reach. */
const unreadable = (name: string): Unknown => ({
  why: 'devsetup cannot tell from the settings which variables name the database',
  remedy: `Let the settings read ${name}, set it where the application runs, and start decouple again.`,
});

/** Where it is not set, the settings name another database, often a file of SQLite: the job would be green and migrate nothing. */
const undecided = (name: string): Unknown =>
  SET_BY_RUNNERS.test(name)
    ? {
        why: `whether the settings take that database depends on ${name}, which every runner sets and no server does`,
        remedy: 'Let the settings ask for a variable of your own instead, and start decouple again.',
      }
    : {
        why: `whether the settings take that database depends on ${name}, which no step of the deployment sets`,
        remedy: `Set ${name} in the \`env\` of the deployment, as it is where the application runs.`,
      };

/** Settings that ask for these mean the tests: a migration on a runner would be taken for one. */
const SET_BY_RUNNERS = /^(?:CI|GITHUB_\w+|RUNNER_\w+)$/;

const ofCompose = ({ host, file, variable }: ComposeHost): Unknown => ({
  why: `the database's host, ${host}, is a service of ${file}, which only the server's own network knows`,
  remedy: `Let a runner reach the database, and set ${variable} in the \`env\` of the deployment to its address.`,
});

const ofStarted = ({ host, file }: StartedDatabase): Unknown => ({
  why: `the deployment starts a database of its own, ${host} of ${file}, and no \`env\` of the workflow names another host`,
  remedy: 'Let a runner reach the database, and set its host in the `env` of the deployment.',
});

/** `db`, `postgres`: a service of compose or of a cluster. */
const isPrivateName = (host: string | undefined): boolean =>
  host !== undefined && /^[a-z][\w-]*$/i.test(host) && host !== 'localhost';

const isLoopback = (host: string | undefined): boolean => /^(?:localhost|127\.0\.0\.1|::1)$/.test(host ?? '');

interface Where {
  readonly job: AuditedJob;
  readonly migrations: readonly Migration[];
  readonly audit: Audit;
}

interface Said {
  readonly text: string;
  readonly place: string | null;
  /** A script or an action has it: what the server makes of it is not known. */
  readonly isMentioned: boolean;
  /** It is from a workflow that deploys and migrates nothing. */
  readonly isOfTests: boolean;
}

const findValue = (name: string, { job, migrations, audit }: Where): Said | null => {
  const layers = [
    ...migrations.map(({ step }) => step.step.env),
    job.job.env,
    job.workflow.env,
    ...job.job.steps.map(({ env }) => env),
  ];
  const written = layers.flatMap((env) => env.get(name)?.value ?? [])[0];
  const place = `${job.workflow.source.file}, ${job.id}`;
  const around = { place, isOfTests: false };
  if (written !== undefined && isUsable(written.value)) return { ...around, text: written.value, isMentioned: false };
  const secret = mentioned(name, textOfJob(job)) ?? mentioned(name, job.workflow.source.text);
  if (secret !== null) return { ...around, text: secret, isMentioned: true };
  const others = audit.workflows.flatMap(({ source }) => {
    const text = mentioned(name, source.text, true);
    const isOfTests = !reachesDatabase(source.file, audit);
    return text === null ? [] : [{ text, place: source.file, isMentioned: true, isOfTests }];
  });
  return others.find(({ isOfTests }) => !isOfTests) ?? others[0] ?? null;
};

/** Whether a workflow deploys or migrates: what it calls the database is the one of an environment. */
const reachesDatabase = (file: string, audit: Audit): boolean =>
  audit.pipelines.some(({ jobs }) =>
    jobs.some(({ does, workflow }) => workflow.source.file === file && (does.has('deploy') || does.has('migrate'))),
  );

/** As the deployment sets it: in `env`, or by a command of the step (`docker run -e STAGE=live`, `export STAGE=live`). */
const findDeciding = (name: string, where: Where): string | null => {
  const calls = where.migrations.flatMap(({ call, step }) => [call, ...step.calls]);
  const words = calls.flatMap(({ prefix, words: all }) => [
    ...[...prefix].map(([key, { value }]) => `${key}=${value}`),
    ...all.map(({ value }) => value.replace(/^(?:--env|-e)=?(?=\w+=)/, '')),
  ]);
  const written = words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  return written !== undefined && written !== '' && !hasHole(written)
    ? written
    : (findValue(name, where)?.text ?? null);
};

/** A value that another job can use, too: not one that another step of the job makes. */
const isUsable = (value: string): boolean => !/\b(?:steps|needs|matrix|env|job)\./.test(value) && value.trim() !== '';

/** `${{ secrets.NAME }}` or `${{ vars.NAME }}` as a workflow mentions it; the name of an environment may be a part of it. */
const mentioned = (name: string, text: string, isExact = false): string | null => {
  const written = text.replaceAll(/^[ \t]*#.*$/gm, '');
  const names = [...written.matchAll(/\$\{\{\s*(secrets|vars)\.(\w+)\s*\}\}/g)].map(([, context = '', found = '']) => ({
    context,
    found,
  }));
  const same = names.find(({ found }) => found === name);
  const candidates =
    isExact || same !== undefined
      ? []
      : names.filter(({ found }) => new RegExp(`^(?:[A-Z]+_)?${name}(?:_[A-Z]+)?$`).test(found));
  const [only] = [...new Map((same === undefined ? candidates : [same]).map((one) => [one.found, one])).values()];
  const isOne = new Set(candidates.map(({ found }) => found)).size < 2;
  return only === undefined || !isOne ? null : `\${{ ${only.context}.${only.found} }}`;
};

/** What a step that migrates on the runner itself gives its commands: on a server they would not have it. */
export const ownVariables = (migrations: readonly Migration[]): Record<string, string> => {
  const isHere = ({ call: { layers } }: Migration): boolean =>
    !layers.some(({ kind }) => kind === 'remote' || kind === 'container');
  const given = migrations.filter(isHere).flatMap(({ step }) => [...step.step.env.values()]);
  return Object.fromEntries(
    given.flatMap(({ key, value }) => (isUsable(value.value) ? [[key, value.value] as const] : [])),
  );
};

/** `DJANGO_SETTINGS_MODULE` of the inline command or of what is around it. */
const settingsModule = (migrations: readonly Migration[], job: AuditedJob): Record<string, string> => {
  const name = 'DJANGO_SETTINGS_MODULE';
  const before = migrations.flatMap(({ call }) => call.prefix.get(name)?.value ?? []);
  const flags = migrations.flatMap(({ flags }) => flags.flatMap((flag) => /^--settings=(.+)$/.exec(flag)?.[1] ?? []));
  const around = [...migrations.map(({ step }) => step.step.env), job.job.env].flatMap(
    (env) => env.get(name)?.value.value ?? [],
  );
  const value = [...flags, ...before, ...around].find((one) => one !== '' && !hasHole(one));
  return value === undefined ? {} : { [name]: value };
};
