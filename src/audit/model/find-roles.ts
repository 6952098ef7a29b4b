import type { AuditConfig } from '../../config/audit-config.ts';
import type { Role } from '../../core/job-role.ts';
import { holesIn, type Holes } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { AuditedJob } from '../pipeline.ts';
import { baseName, readDjangoCommand } from './django-command.ts';
import { runsOnlyAfterFailure } from './conditions.ts';
import type { DraftJob } from './draft-job.ts';
import { findEvidence, startsMigration, type Evidence } from './evidence.ts';
import { RELEASES } from './evidence-table.ts';
import { findMigrations, isMigration } from './migrations.ts';
import { hasClusterOfItsOwn } from './throw-away-cluster.ts';
import { isDatabaseService } from './throw-away-database.ts';

export type JobRole = Pick<AuditedJob, 'role' | 'roleReason' | 'does'>;

const NAMES = {
  rollback: /roll-?_?back|(?:^|[^a-z])revert(?:$|[^a-z])/i,
  'post-deploy': /post-?_?deploy|after-?_?deploy|verif|smoke|health-?_?check|(?:^|[^a-z])warm-?up/i,
  deploy: /deploy(?!ment-?status)|(?:^|[^a-z])(?:release-to|rollout|ship|publish-to|promote|go-live|cd)(?:$|[^a-z])/i,
  migrate: /migrat(?:e|ion)/i,
  test: /(?:^|[^a-z])(?:tests?|pytest|unit|integration|e2e|testing)(?:$|[^a-z])/i,
  build: /(?:^|[^a-z])(?:build|docker|image|package|push)(?:$|[^a-z])/i,
} as const;

/** `pre-deployment-checks`, `deploy-check`, `approve deployment`: what comes before, or looks. */
const isBefore = (name: string): boolean =>
  /pre-?_?deploy|pre-?_?flight|check|valid|approv|gate|prepare|lint|plan|notify|summar|docs?\b|status|report|dry-?run/i.test(
    name,
  );

const BACKUP =
  /back-?_?up|snapshot|(?:clone|copy|restore|dump)[-_]?(?:the[-_])?(?:db|data)|(?:^|[^a-z])(?:dump|artifacts?|upload|maintenance)(?:$|[^a-z])/i;

/** Something in it is not known, and may be the deployment. */
const mayDeploy = (draft: DraftJob): boolean =>
  draft.isOpaque ||
  pushesElsewhere(draft) ||
  draft.steps.some(
    ({ action, unknownScripts }) =>
      unknownScripts.length > 0 ||
      (action !== null &&
        !/^(?:actions|docker|github)\/|^\./.test(action) &&
        !/login|credentials|setup|notif|slack|discord|telegram|mattermost|msteams|ms-teams/.test(action) &&
        !RELEASES.test(action)),
  );

/** GitOps: it takes another repository and pushes to it. */
const pushesElsewhere = ({ steps }: DraftJob): boolean =>
  steps.some(
    ({ action, with: given }) => action === 'actions/checkout' && (given.get('repository')?.value ?? '') !== '',
  ) &&
  steps.some(({ calls }) =>
    calls.some(({ words }) => words[0]?.value === 'git' && words.some(({ value }) => value === 'push')),
  );

/** It reaches something that is not its own. */
const usesSecrets = ({ steps }: DraftJob, holes: Holes): boolean => {
  const isSecret = (text: string): boolean =>
    holesIn(text, holes).some(
      ({ kind, name }) => name.startsWith('vars.') || (kind === 'secret' && !/github_token|github\.token/i.test(name)),
    );
  return steps.some(
    (step) =>
      [...step.environment.values(), ...step.with.values()].some(({ value }) => isSecret(value)) ||
      step.calls.some(({ words }) => words.some(({ value }) => isSecret(value))),
  );
};

/** What belongs to putting a Django project into service, next to its migration. */
const isServing = (call: ShellCall): boolean =>
  /^(?:collectstatic|runserver|compress)$/.test(readDjangoCommand(call)?.name ?? '') ||
  /^(?:gunicorn|uwsgi|uvicorn|daphne)$/.test(baseName(call.words[0]?.value ?? ''));

/** `devsetup migrate --environment prod` only works where a deployed database is configured. */
const isEnvironment = (flag: string): boolean => /^--environment(?:=|$)/.test(flag);

const nameOf = ({ id, job }: DraftJob): string => `${id} ${job.name?.value ?? ''}`;

/** `deploy-*`, `file.yml:ship`; `*` stands for anything. */
const matches = (pattern: string, { id, key, workflow }: DraftJob): boolean => {
  const regular = new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
  const file = workflow.source.file;
  const names = [id, key, ...[id, key].flatMap((name) => [`${file}:${name}`, `${file.split('/').at(-1)}:${name}`])];
  return names.some((name) => regular.test(name));
};

/** Every job of a graph with its role; the drafts come with the keys of all they need. */
export const findRoles = (
  drafts: readonly (DraftJob & { readonly allNeeds: ReadonlySet<string> })[],
  { config, holes }: { readonly config: AuditConfig; readonly holes: Holes },
): ReadonlyMap<string, JobRole> => {
  const roles = new Map<string, JobRole>();
  // Whom a job needs is judged before it.
  for (const draft of drafts.toSorted((a, b) => a.allNeeds.size - b.allNeeds.size)) {
    const isAfterDeploy = [...draft.allNeeds].some((key) => roles.get(key)?.role === 'deploy');
    roles.set(draft.key, judge(draft, findEvidence(draft, holes), { config, holes, isAfterDeploy }));
  }
  return roles;
};

const judge = (
  draft: DraftJob,
  evidence: readonly Evidence[],
  {
    config,
    holes,
    isAfterDeploy,
  }: { readonly config: AuditConfig; readonly holes: Holes; readonly isAfterDeploy: boolean },
): JobRole => {
  const name = nameOf(draft);
  const migrations = findMigrations(draft, config).filter(isMigration);
  const migrates = migrations.length > 0;
  const strong = (does: Evidence['does']): Evidence | undefined =>
    evidence.find((one) => one.does === does && one.isStrong);
  const any = (does: Evidence['does']): Evidence | undefined =>
    strong(does) ?? evidence.find((one) => one.does === does);
  const isNamed = (role: keyof typeof NAMES): boolean => NAMES[role].test(name);
  const builds = strong('build') !== undefined;
  // What such a job starts migrates, though it does not show how.
  // Of a called workflow, the name of the job that calls it says what it is called for.
  const isForMigration = isNamed('migrate') || NAMES.migrate.test(draft.key);
  const startsNamed = isForMigration && !isNamed('test') && !isBefore(name) && startsMigration(draft, holes);
  const deploys = strong('deploy') ?? ((migrates || startsNamed) && !isNamed('deploy') ? undefined : any('deploy'));
  const does = new Set<Role>([
    ...(any('build') === undefined ? [] : (['build'] as const)),
    ...(any('test') === undefined ? [] : (['test'] as const)),
    ...(migrates ? (['migrate'] as const) : []),
    ...(deploys === undefined ? [] : (['deploy'] as const)),
  ]);
  const [role, roleReason] = decide();
  return { role, roleReason, does };

  function decide(): readonly [Role, string] {
    const configured = Object.entries(config.roles).find(([pattern]) => matches(pattern, draft));
    if (configured !== undefined) return [configured[1], `audit.roles of the configuration: ${configured[0]}`];
    if (hasClusterOfItsOwn(draft)) return ['test', 'deploys to a cluster of its own'];
    if (
      isNamed('rollback') &&
      !/rehears|drill|simulat|\bgate\b/i.test(name) &&
      (deploys !== undefined || migrates || isAfterDeploy)
    )
      return ['rollback', 'its name'];
    if (runsOnlyAfterFailure(draft.job.condition) && (deploys !== undefined || migrates)) {
      return ['rollback', 'it changes what runs, and only after a failure'];
    }
    if (isAfterDeploy && isNamed('post-deploy')) return ['post-deploy', 'its name, and it needs a deployment'];
    if (isAfterDeploy && strong('deploy') === undefined && !builds && !isNamed('deploy') && !migrates) {
      return ['post-deploy', 'it needs a deployment, and deploys nothing'];
    }
    if (buildsInCluster()) return ['build', 'its name, and it starts a build of the cluster'];
    if (deploys !== undefined && !isOnlyBuildOrTest(deploys) && !isOnlyBefore(deploys) && !isOnlyBundle(deploys))
      return ['deploy', `runs ${deploys.by}`];
    if (strong('test') !== undefined && strong('build') === undefined && !isNamed('migrate')) {
      return ['test', `runs ${strong('test')?.by}`];
    }
    if (migrates) return ofMigrating();
    if (startsNamed) return ['migrate', 'its name, and what it starts'];
    if (strong('build') !== undefined) return ['build', `runs ${strong('build')?.by}`];
    if (isNamed('deploy') && !isNamed('build') && !isNamed('test') && !isBefore(name) && mayDeploy(draft)) {
      return ['deploy', 'its name'];
    }
    if (any('test') !== undefined) return ['test', `runs ${any('test')?.by}`];
    if (any('build') !== undefined) return ['build', `runs ${any('build')?.by}`];
    if (draft.isOpaque) {
      for (const role of ['test', 'migrate', 'build'] as const) if (isNamed(role)) return [role, 'its name'];
    }
    // A placeholder of tests is waited for like tests.
    if (/^tests?(?:[-_]|$)|[-_]tests?$/i.test(draft.id)) return ['test', 'its name'];
    return ['other', 'nothing shows what it is for'];
  }

  /** A job that reaches a server only to test there is no deployment. */
  function isOnlyBuildOrTest(found: Evidence): boolean {
    return (
      !found.isStrong &&
      strong('test') !== undefined &&
      !isNamed('deploy') &&
      !/^(?:rsync|scp|sftp|lftp)\b/.test(found.by)
    );
  }

  /** One file that a build leaves for the deployment, and no folder of a site. */
  function isOnlyBundle(found: Evidence): boolean {
    const copies = draft.steps.flatMap(({ calls }) => calls.filter(({ words }) => words[1]?.value === 's3'));
    const isFolder = copies.some(({ words }) => words.some(({ value }) => value === '--recursive'));
    return found.by === 'aws s3 cp' && isNamed('build') && !isNamed('deploy') && !isFolder;
  }

  /** OpenShift builds the image: what is applied in such a job describes the build. */
  function buildsInCluster(): boolean {
    if (!isNamed('build') || isNamed('deploy')) return false;
    const verbs = draft.steps.flatMap(({ calls }) =>
      calls.flatMap(({ words }) => (words[0]?.value === 'oc' ? words.map(({ value }) => value) : [])),
    );
    return (
      verbs.includes('start-build') &&
      !verbs.some((verb) => /^(?:rollout|set|patch|scale|tag|replace|import-image)$/.test(verb)) &&
      evidence.every(({ does, by }) => does !== 'deploy' || by.startsWith('oc '))
    );
  }

  /** What only connects, and is named for what comes before a deployment, e.g. `backup`. */
  function isOnlyBefore(found: Evidence): boolean {
    return !found.isStrong && !isNamed('deploy') && (isBefore(draft.id) || BACKUP.test(draft.id));
  }

  function ofMigrating(): readonly [Role, string] {
    if (strong('test') !== undefined) return ['test', `runs ${strong('test')?.by}`];
    const isRelease = isNamed('deploy') && !isNamed('migrate') && !isBefore(name);
    if (isRelease && draft.steps.some(({ calls }) => calls.some(isServing))) {
      return ['deploy', 'its name, and it does more than migrate'];
    }
    // Whatever its name: it tries the migrations out.
    if (draft.services.some(isDatabaseService) && draft.environment === null && !usesSecrets(draft, holes)) {
      return ['test', 'migrates the database of its own service'];
    }
    // Without a name, an environment or a secret that says which database, it is one that is thrown away.
    const isOnItsOwn =
      !isNamed('migrate') &&
      !isNamed('deploy') &&
      draft.environment === null &&
      !migrations.some(({ stage, flags }) => stage === 'devsetup' && flags.some(isEnvironment));
    const isInCi = isOnItsOwn && (draft.services.length > 0 || !usesSecrets(draft, holes));
    return isInCi ? ['test', 'migrates a database of its own'] : ['migrate', 'runs migrations'];
  }
};
