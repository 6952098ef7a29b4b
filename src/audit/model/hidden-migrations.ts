import { hasHole, showHoles, type Holes } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { Audit, AuditedJob, AuditedStep } from '../pipeline.ts';
import { baseName, readDjangoCommand } from './django-command.ts';
import { findAction } from './find-action.ts';
import { isKnownHeroku, isKnownPush } from './heroku-release.ts';

/** Where migrations may run without the workflow saying so: a release phase, a start command. */
const PLATFORM =
  /heroku|(?<!ecs-)render|railway|fly|vercel|netlify|beanstalk|appengine|app-engine|dokku|caprover|coolify|aptible|platformsh/;

type Around = Pick<Audit, 'holes' | 'readFile' | 'project'>;

/** What a job does where nobody can look: a workflow or script that is not here, a platform's own phases. */
export const mayHideMigrations = (job: AuditedJob, around: Around): boolean =>
  startsUnknown(job) ||
  job.steps.some(
    (step) =>
      isPlatform(step, around) ||
      step.calls.some(
        (call) =>
          isPlatformCall(call) ||
          isCommandOfProject(call, around) ||
          isForeignChart(call, around) ||
          mayTellOthers(call, step, job, around),
      ),
  );

/** Also behind a deployment: a workflow, task or script that is not here. */
export const startsUnknown = (job: AuditedJob): boolean =>
  job.isOpaque ||
  job.steps.some(
    ({ calls, unknownScripts, unfollowed }) =>
      unfollowed.length > 0 ||
      unknownScripts.some(({ path }) => !/activate$|env$|profile$|rc$|nvm\.sh$/.test(path)) ||
      calls.some(({ words }) => hasHole(words[0]?.value ?? '') || ELSEWHERE.test(textOf(words)) || runsAnything(words)),
  );

/** Tasks, jobs and workflows that are defined elsewhere, and only started here. */
const ELSEWHERE =
  /^(?:aws (?:ecs run-task|batch submit-job|codebuild start-build|codepipeline start-pipeline-execution|lambda invoke|stepfunctions start-execution)|gcloud (?:beta |alpha )?(?:run jobs execute|builds triggers run)|az containerapp job start|gh workflow run|argo submit|argocd app sync|flux reconcile|kubectl\b.* create job\b.* --from)\b/;

/** `python ${{ matrix.command }}`, `manage.py $TASK`, a program of the project's own that may be a deployment: `shop-upgrade`. */
const runsAnything = (words: ShellCall['words']): boolean => {
  const [program = '', ...rest] = words.map(({ value }) => value);
  const name = baseName(program);
  const command = rest[rest.findIndex((word) => /(?:^|\/)manage\.py$/.test(word)) + 1];
  if (/^python[\d.]*$/.test(name) || name === 'manage.py') return hasHole(command ?? '');
  return !program.includes('.') && DEPLOYS.test(name) && !OF_SYSTEM.test(name);
};

const DEPLOYS =
  /(?:^|[-_])(?:re)?(?:deploy|release|upgrade|update(?!_)|rollout|refresh|provision)(?:$|[-_])|[-_]migrate|migrate[-_]/i;
const OF_SYSTEM = /^(?:apt|update-|lsb|snap|pip|npm|brew|choco|rpm|yum|dnf|apk|freshclam)/;

const textOf = (words: ShellCall['words']): string =>
  [baseName(words[0]?.value ?? ''), ...words.slice(1).map(({ value }) => value)].join(' ');

const isPlatform = (step: AuditedStep, around: Around): boolean => {
  const { action, environment } = step;
  if ([...environment.keys()].some((name) => /^(?:PRE|POST)_BUILD_COMMAND$/.test(name))) return true;
  // The steps of a composite action of the checkout are followed.
  if (action?.startsWith('.') === true) return findAction(action, around.readFile) === null;
  return PLATFORM.test(action ?? '') && !isKnownHeroku(step, around);
};

const PLATFORM_COMMANDS =
  /^(?:heroku|flyctl|fly|railway|render|eb|dokku|ansible|ansible-playbook|fab|cap|task|invoke|inv|poe|poethepoet|nox|tox|doit|rake|mise|mage|earthly|dagger|pulumi|terragrunt|nomad|copilot|sam|cdk|serverless|kamal|convox|porter|cf|devspace|skaffold)$/;

const isPlatformCall = ({ words }: ShellCall): boolean => PLATFORM_COMMANDS.test(baseName(words[0]?.value ?? ''));

/** `manage.py release`: a management command of the project that migrates, or that is named for a deployment and is not here. */
const isCommandOfProject = (call: ShellCall, { project, readFile }: Around): boolean => {
  const name = readDjangoCommand(call)?.name;
  if (name === undefined) return false;
  const file = (project.paths ?? []).find((path) => path.endsWith(`/management/commands/${name}.py`));
  if (file !== undefined) return /^[^#\n]*migrat/m.test(readFile(file) ?? '');
  return DEPLOYS.test(name) || /^(?:setup|init|initiali[sz]e|bootstrap|install|prepare)(?:_|$)/.test(name);
};

/** `helm upgrade shop oci://registry.example/charts/shop`: a chart that is not in the checkout may have a hook that migrates. */
const isForeignChart = ({ words }: ShellCall, { project }: Around): boolean => {
  const [program, ...rest] = words.map(({ value }) => value);
  const name = baseName(program ?? '');
  if (name === 'helmfile') return true;
  if (name !== 'helm' || !rest.some((word) => /^(?:upgrade|install)$/.test(word))) return false;
  const charts = (project.paths ?? []).filter((file) => /(?:^|\/)Chart\.ya?ml$/.test(file)).map((file) => `/${file}`);
  // A word alone is the name of the release.
  return !rest.some((word) => {
    if (!/[/.]/.test(word)) return false;
    const folder = word.replace(/^(?:\.{1,2}\/)+|\/+$/g, '');
    return charts.some((chart) => folder === '.' || chart.replace(/\/Chart\.ya?ml$/, '').endsWith(`/${folder}`));
  });
};

const mayTellOthers = (call: ShellCall, step: AuditedStep, job: AuditedJob, around: Around): boolean => {
  const name = baseName(call.words[0]?.value ?? '');
  switch (name) {
    case 'make':
    case 'gmake':
    case 'just':
      return !isFollowed(call, step);
    case 'curl':
    case 'wget':
    case 'http':
      return mayBeHook(call, around.holes);
    case 'git':
      return mayPushToDeploy(call, job, around);
    default:
      return false;
  }
};

/** The recipes of a Makefile or Justfile in the checkout stand behind the command. */
const isFollowed = ({ span, layers }: ShellCall, { calls }: AuditedStep): boolean =>
  calls.some((other) =>
    other.layers
      .slice(layers.length)
      .some(({ kind, span: at }) => kind === 'script' && at.file === span.file && at.line === span.line),
  );

/** Requests that ask whether it runs, or tell people that it does. */
const LOOKS =
  /health|alive|ready|(?:^|[^a-z])ping(?:$|[^a-z])|status|slack|discord|telegram|teams|mattermost|googlechat|hooks\.zapier|sentry|datadog|newrelic|cloudflare\.com|checkip|ipify|ifconfig/i;
const NAMED_FOR_IT = /deploy|hook|render|railway|coolify|portainer|dispatch|trigger|release/i;
/** Where repositories keep the files of their versions. */
const DOWNLOADED = /\/releases?\/(?:download|latest)\b/g;
const SENDS = /^(?:-d|--data(?:-\w+)?|--json|-F|--form|-T|--upload-file|--post-data|--post-file)(?:=|$)/;

/** Whether a request may be one that makes something deploy. */
const mayBeHook = (call: ShellCall, holes: Holes): boolean => {
  const words = call.words.slice(1).map(({ value }) => showHoles(value, holes));
  const said = words.join(' ');
  if (LOOKS.test(said)) return false;
  if (NAMED_FOR_IT.test(said.replaceAll(DOWNLOADED, ''))) return true;
  const isSent =
    words.some((word) => SENDS.test(word)) || words.some((word, index) => methodOf(word, words[index + 1]) !== null);
  if (isSent) return call.words.some(({ value }) => hasHole(value));
  // What is only read is a check, or a file; an address that is a secret as a whole may be anything.
  const isRead =
    call.output !== 'shown' ||
    words.some((word) => /^(?:-o|-O|-w|-I|--head|--output|--write-out|--spider)/.test(word) || /^-\w*[oI]$/.test(word));
  return !isRead && call.words.slice(1).some(({ value }) => value.length > 0 && hasHole(value[0] ?? ''));
};

const methodOf = (word: string, next: string | undefined): string | null => {
  const method = /^(?:-X|--request)$/.test(word) ? next : /^(?:-X|--request=|--method=)(\w+)$/.exec(word)?.[1];
  return method === undefined || /^(?:GET|HEAD)$/i.test(method) ? null : method;
};

/** The places in which a tag or a version is pushed to the repository itself; other remotes may deploy what they get. */
const mayPushToDeploy = ({ words }: ShellCall, { steps }: AuditedJob, around: Around): boolean => {
  const rest = words.slice(1).map(({ value }) => value);
  const at = rest.indexOf('push');
  if (at < 0) return false;
  const remote = rest.slice(at + 1).find((word) => !word.startsWith('-'));
  if (remote !== undefined && remote !== 'origin') return !isKnownPush(remote, around);
  const isOther = steps.some(
    ({ with: given, action, calls }) =>
      (action === 'actions/checkout' && given.has('repository')) ||
      calls.some((call) => /^git (?:.* )?(?:clone|remote (?:add|set-url))\b/.test(textOf(call.words))),
  );
  // A manifest that is changed and pushed is deployed by what watches it.
  return (
    isOther ||
    steps.some(({ calls }) =>
      calls.some(({ words: [program, ...others] }) => editsManifest(program?.value ?? '', others)),
    )
  );
};

const editsManifest = (program: string, words: ShellCall['words']): boolean =>
  /^(?:sed|gsed|yq|kustomize|envsubst|perl)$/.test(baseName(program)) &&
  words.some(({ value }) => /\.ya?ml$|^set$/.test(value));
