import type { PlacedText } from '../../core/placed-text.ts';
import type { Audit, Pipeline } from '../pipeline.ts';
import { unknownStart, type ContainerStart } from './container-start.ts';
import { createFollow, startOfImage, startsOfPipeline } from './find-starts.ts';
import type { FollowedStart } from './follow-start.ts';
import { migratingTasks } from './migrating-tasks.ts';
import { folderOf } from './join-path.ts';
import { unitStarts } from './unit-starts.ts';

const DOCKERFILE = /(?:^|\/)(?:[\w.-]+[.-])?(?:Docker|Container)file(?:[.-][\w.-]+)?$/i;
const ELSEWHERE =
  /(?:^|[-_./])(?:dev|develop|development|devcontainer|local|tests?|testing|ci|debug|e2e|docs?|examples?|node_modules|front-?end|client)(?:[-_./]|$)/i;
const MOST_DOCKERFILES = 20;

/** What deployments may be configured with that is not followed word for word. */
const CONFIGURATION =
  /(?:^|\/)(?:Procfile|fly[\w.-]*\.toml|render\.ya?ml|app\.json|railway\.(?:json|toml)|nixpacks\.toml|heroku\.yml|apprunner\.ya?ml|project\.toml|startup\.txt|appspec\.ya?ml|captain-definition|supervisord?[\w.-]*\.conf|[\w@.-]+\.service|zappa_settings\.\w+|uwsgi[\w.-]*\.(?:ini|ya?ml)|[\w.-]+\.(?:tf|bicep)|docker-?stack[\w.-]*\.ya?ml|[\w.-]+\.nomad|values[\w.-]*\.ya?ml|ecosystem\.config\.\w+)$|(?:^|\/)\.(?:ebextensions|platform|do)\/|(?:^|\/)copilot\/.*\.ya?ml$|(?:^|\/)(?:k8s|kube|kubernetes|manifests|charts?|helm|kustomize|ansible|playbooks|roles|templates|overlays)\/.*\.(?:ya?ml|tpl|json|sh)$/i;
const MOST_FILES = 300;

/** Scripts that a platform or a server is usually told to start with. */
const START_SCRIPT =
  /(?:^|\/)(?:docker-?)?(?:start|start-?up|entry-?point|boot|bootstrap|run|launch|launcher|release|pre-?start|post-?deploy|web|server|serve|build|init|cmd)(?:[-_.](?:web|app|server|django|api|prod|production|backend|sh|release))*\.(?:sh|bash)$|(?:^|\/)(?:docker-?)?entry-?point[\w.-]*$|(?:^|\/)(?:services\.d|s6-rc\.d|cont-init\.d|runit|my_init\.d)\/[\w./-]+$/i;
const MOST_SCRIPTS = 20;

/**
 * Whether containers that a pipeline deploys migrate when they start, or may: where a script or an image is not in the checkout, or where
 * nothing says which of the checkout's images is deployed.
 */
export const mayStartMigrating = (pipeline: Pipeline, audit: Audit): boolean => {
  const inCode = IN_CODE.get(audit) ?? codeMigrates(audit);
  IN_CODE.set(audit, inCode);
  if (inCode) return true;
  const starts = startsOfPipeline(pipeline, audit).map(({ followed }) => followed);
  if (starts.some(({ migrations }) => migrations.length > 0)) return true;
  if (pipeline.jobs.some((job) => job.role !== 'test' && migratingTasks(job, audit).length > 0)) return true;
  if (starts.some((one) => isDoubtful(one) && !isBuiltBeside(one, audit))) return true;
  if (starts.some(({ isKnown, isDjango }) => isKnown && isDjango)) return false;
  const known = POSSIBLE.get(audit) ?? checkoutMayMigrate(audit);
  POSSIBLE.set(audit, known);
  return known;
};

const IN_CODE = new WeakMap<Audit, boolean>();

/** What a server of Django imports when it starts. */
const IMPORTED = /(?:^|\/)(?:[wa]sgi|apps|__init__|manage|main|app|run|start|server|startup|celery)\.py$/;

/** Whether the application migrates when it is imported: `call_command("migrate")` in `apps.py` or `wsgi.py`. */
const codeMigrates = ({ project, readFile }: Audit): boolean =>
  (project.paths ?? [])
    .filter((file) => IMPORTED.test(file) && !ELSEWHERE.test(file))
    .slice(0, MOST_FILES)
    .some((file) => CALLS_MIGRATE.test(readFile(file) ?? ''));

const CALLS_MIGRATE = /^[^#\n]*(?:call_command\(|execute_from_command_line\(|manage\.py)[^#\n]*\bmigrate/m;

/** It is the same for all pipelines of a checkout. */
const POSSIBLE = new WeakMap<Audit, boolean>();

const checkoutMayMigrate = (audit: Audit): boolean =>
  scriptsMigrate(audit) ||
  possibleStarts(audit).some(({ migrations, unknown }) => migrations.length > 0 || unknown.length > 0) ||
  unitsMigrate(audit) ||
  isConfigured(audit);

const FRONTEND = /front-?_?end|client|nginx|proxy|caddy|traefik|(?:^|[^a-z])ui(?:$|[^a-z])/i;

/** A script that is not here, or an image that nothing is known of. A server of Django that is named does not migrate. */
const isDoubtful = ({ start, isKnown, isDjango, unknown }: FollowedStart): boolean =>
  !isKnown &&
  unknown.length > 0 &&
  !FRONTEND.test(start.what) &&
  !(isDjango && unknown.every((one) => one === start.image));

/** Built from a folder of the checkout that has no program of Python, where the backend has one: whatever it is based on, it is none of Django. */
const isBuiltBeside = (
  { start: { build } }: FollowedStart,
  { project: { djangoFolders = [], paths = [] } }: Audit,
): boolean =>
  build !== null &&
  build.context !== '' &&
  djangoFolders.length > 0 &&
  !paths.some((file) => file.startsWith(`${build.context}/`) && /\.(?:py|toml|txt)$/.test(file)) &&
  !djangoFolders.some((folder) => folder === build.context || folder.startsWith(`${build.context}/`));

/** Every Dockerfile of the checkout that may be the deployed one. */
const possibleStarts = (audit: Audit): readonly FollowedStart[] => {
  const follow = createFollow(audit);
  const files = (audit.project.paths ?? []).filter((file) => DOCKERFILE.test(file) && !ELSEWHERE.test(file));
  return files.slice(0, MOST_DOCKERFILES).map((file) => {
    // From the root, or from its own folder: what finds its scripts is right.
    const [atRoot, inFolder] = ['', folderOf(file)].map((context) => {
      const build = { file, context, target: null };
      return follow(startOfImage(build, audit), build);
    });
    const isBetter =
      inFolder !== undefined && (atRoot === undefined || atRoot.unknown.length > inFolder.unknown.length);
    return (isBetter ? inFolder : atRoot) as FollowedStart;
  });
};

/** Whether a script of the checkout that may be a start command migrates. */
const scriptsMigrate = (audit: Audit): boolean => {
  const follow = createFollow(audit);
  const files = (audit.project.paths ?? []).filter((file) => START_SCRIPT.test(file) && !ELSEWHERE.test(file));
  return files.slice(0, MOST_SCRIPTS).some((file) => follow(startOfScript(file), null).migrations.length > 0);
};

/** Whether a unit of systemd starts something that migrates, or a script that is not here. */
const unitsMigrate = (audit: Audit): boolean => {
  const follow = createFollow(audit);
  return unitStarts(audit).some((start) => {
    const { migrations, unknown } = follow(start, null);
    return migrations.length > 0 || unknown.length > 0;
  });
};

const startOfScript = (file: string): ContainerStart => {
  const text: PlacedText = { text: `sh ./${file}`, segments: [] };
  const span = { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
  return { ...unknownStart({ file, span }), entrypoint: { form: 'text', text } };
};

/** Whether a configuration of the checkout speaks of migrations outside of its comments. */
const isConfigured = ({ project, readFile }: Audit): boolean =>
  (project.paths ?? [])
    .filter((file) => CONFIGURATION.test(file) && !ELSEWHERE.test(file))
    .slice(0, MOST_FILES)
    .some((file) => MIGRATES.test(readFile(file) ?? '')) ||
  // Manifests that a command which is not followed may apply.
  (project.paths ?? [])
    .filter((file) => /\.ya?ml$/.test(file) && !CONFIGURATION.test(file) && !ELSEWHERE.test(file))
    .slice(0, MOST_FILES)
    .some((file) => {
      const text = readFile(file) ?? '';
      return WORKLOAD.test(text) && MIGRATES.test(text);
    });

const MIGRATES = /^[^#\n]*migrat/im;
const WORKLOAD = /^kind:\s*["']?(?:Job|CronJob|Deployment|StatefulSet|DaemonSet|Pod|Service|Workflow|Rollout)\b/m;
