import type { Span } from '../../core/placed-text.ts';
import { showHoles, type Holes } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { AuditedJob, AuditedStep } from '../pipeline.ts';
import { baseName, readDjangoCommand } from './django-command.ts';
import { readOtherMigration } from './other-migrations.ts';
import { isOnItsServer } from './own-server.ts';
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

interface Row {
  readonly does: Evidence['does'];
  readonly isStrong: boolean;
  /** Of the words of a call, the program's path and global options taken off. */
  readonly pattern: RegExp;
}

const row = (does: Evidence['does'], isStrong: boolean, pattern: RegExp): Row => ({ does, isStrong, pattern });

/** By the text of a command: its words, joined by blanks. */
const COMMANDS: readonly Row[] = [
  row('build', true, /^(?:docker|podman|nerdctl|buildah|img) (?:image )?(?:build|buildx build|buildx bake|bud|push)\b/),
  row('build', true, /^(?:docker compose|docker-compose)\b.* (?:build|push)\b/),
  row(
    'build',
    true,
    /^(?:gcloud builds submit|az acr build|kaniko|executor --context|pack build|skaffold build|ko build|heroku container:push|flyctl deploy --build-only)\b/,
  ),
  row(
    'build',
    false,
    /^(?:npm|pnpm|yarn|bun) (?:run )?build\b|^(?:python -m build|poetry build|mvn package|gradle build|make build)\b/,
  ),
  row('test', true, /^(?:\S+ -m )?(?:pytest|py\.test|tox|nox|unittest|behave|rspec|jest|vitest|phpunit)\b/),
  row('test', true, /^(?:coverage|python -m coverage) run\b/),
  row('test', true, /^(?:npm|pnpm|yarn|bun) (?:run )?(?:test|t|ci:test|e2e|unit)(?:[:_-]\S*)?(?: |$)/),
  row(
    'test',
    true,
    /^(?:npx |bunx |pnpm exec |yarn )?(?:jest|vitest|playwright test|cypress run|mocha|karma|ng test)\b/,
  ),
  row(
    'test',
    true,
    /^(?:go test|cargo test|(?:mvnw?|gradlew?)\b.* (?:test|verify|check)|dotnet test|bundle exec rspec|rake test|make test\S*)\b/,
  ),
  row(
    'deploy',
    true,
    /^(?:kubectl|oc|k3s kubectl|microk8s kubectl)\b.* (?:apply|set image|rollout restart|rollout undo|replace|patch|create deployment)\b/,
  ),
  row('deploy', true, /^kubectl (?:apply|set|rollout (?:restart|undo)|replace|patch)\b/),
  row('deploy', true, /^(?:helm|helmfile)\b.* ?(?:upgrade|install|sync|apply|rollback)\b/),
  row(
    'deploy',
    true,
    /^aws (?:ecs (?:update-service|create-service|deploy)|lambda update-function-code|elasticbeanstalk (?:update-environment|create-application-version)|lightsail create-container-service-deployment|apprunner (?:start-deployment|update-service)|deploy create-deployment|cloudformation deploy|s3 sync (?!s3:)|cloudfront create-invalidation|autoscaling start-instance-refresh|amplify start-job)\b/,
  ),
  row(
    'deploy',
    true,
    /^gcloud (?:beta |alpha )?(?:run (?:deploy|services (?:update|replace))|app deploy|functions deploy|compute instances update-container|run jobs deploy)\b/,
  ),
  row(
    'deploy',
    true,
    /^az (?:deployment (?:group|sub) create|webapp (?:deploy|config container|restart|up)|containerapp (?:update|up|create)|functionapp deploy\S*|container (?:create|restart))\b/,
  ),
  row(
    'deploy',
    true,
    /^(?:flyctl|fly) deploy\b(?!.*--build-only)|^heroku (?:container:release|builds:create|releases:rollback|rollback)\b|^railway (?:up|redeploy)\b|^render deploys?\b|^vercel\b|^netlify deploy\b|^firebase deploy\b|^wrangler (?:deploy|publish|pages deploy)\b/,
  ),
  row(
    'deploy',
    true,
    /^(?:npx |bunx )?(?:vercel|netlify|wrangler|firebase|firebase-tools|serverless|sls|cdk|gh-pages) (?:deploy|publish|pages|--prod|-d)\b/,
  ),
  row(
    'deploy',
    true,
    /^(?:serverless|sls|zappa|eb|cap|dokku|doctl apps|kamal|pulumi|cdk|sam|copilot|caprover) ?.*\b(?:deploy|create-deployment|update|up|ps:restart)\b/,
  ),
  row('deploy', true, /^terraform apply\b|^ansible-playbook\b|^git push .*(?:heroku|dokku)/),
  row('deploy', true, /^docker (?:stack deploy|service (?:update|create|rollback))\b/),
  // As well a backup, or what a build leaves.
  row('deploy', false, /^aws s3 cp (?!s3:)/),
  row('deploy', false, /^(?:ssh|scp|rsync|sftp|lftp|mosh|ansible)\b/),
  row(
    'deploy',
    false,
    // In the address, not in what is sent there.
    /^(?:curl|wget|http)\b.* (?:https?:|\$)\S*(?:deploy[_-]?hook|deploy_webhook|api\.render\.com\/deploy|portainer|\/hooks\/deploy|redeploy)/i,
  ),
];

/** On a server: what changes what runs there. */
const ON_SERVER: readonly Row[] = [
  row(
    'deploy',
    true,
    /^(?:docker compose|docker-compose|podman-compose)\b.* (?:up|restart|down|pull|start|stop|rollout)\b/,
  ),
  row('deploy', true, /^(?:docker|podman) (?:run\b.* (?:-d|--detach|--restart)\b|restart|stop|start|rm|rename|kill)\b/),
  row(
    'deploy',
    true,
    /^(?:systemctl (?:restart|reload|start|try-restart|daemon-reload|stop)|service \S+ (?:restart|reload|start)|supervisorctl|pm2|nginx -s|touch .*wsgi|gunicorn|uwsgi|apachectl|apache2ctl|initctl|monit|circusctl|killall|pkill)\b/,
  ),
  row('deploy', true, /^(?:make|just|task) \S*(?:deploy|release|restart|up|prod)\S*/),
  row('deploy', false, /^(?:docker|podman) (?:pull|run|exec|login|compose|image|system|load|tag)\b|^docker-compose\b/),
  row(
    'deploy',
    false,
    /^git (?:pull|fetch|reset|checkout|clone)\b|^(?:pip3?|poetry|uv|pipenv|npm|yarn|pnpm)\b|^(?:tar|unzip|cp|mv|ln|rsync)\b/,
  ),
];

/** By the action's name without its ref. */
const ACTIONS: readonly Row[] = [
  row(
    'build',
    true,
    /^docker\/(?:build-push-action|bake-action)$|docker-?build|build-?(?:and-)?push|publish-docker|kaniko|buildah|push-to-registry|docker-publish|github-docker-action/,
  ),
  row('test', true, /pytest|playwright|cypress-io\/|run-tests|test-action/),
  row(
    'deploy',
    false,
    /(?:^|\/)(?:ssh|scp|rsync|sftp|ftp)[-_]|ssh-?(?:action|deploy|exec|command|scp|remote)|scp-?action|rsync|easy-?scp|ftp-deploy|remote-ssh/,
  ),
  row(
    'deploy',
    true,
    /deploy|heroku|superfly\/|flyctl-action|render-?action|railway|vercel|netlify|beanstalk|ecs-|amazon-ecs|webapps|container-apps|cloudrun|app-engine|appengine|k8s|kubernetes|helm|kubectl|dokku|caprover|digitalocean\/(?!action-doctl)|firebase|serverless|zappa|pages-action|gh-pages|cloudflare\/(?:wrangler|pages)|coolify|portainer|kamal|swarm|stack-deploy|terraform-apply|codedeploy|cloudfront|s3-sync|s3-/,
  ),
];
/** Actions that prepare, look or tell, whatever their name has in it. */
const NO_DEPLOY =
  /deployment-(?:action|env|info|history|gate|protection)|(?:delete|deactivate|list|wait-for|await|approve)-|setup|configure|login|credentials|get-|cache|checkout|render-task-definition|deployment-status|deployment_status|create-deployment|comment|notify|slack|discord|install|lint|validate|ssh-agent|known[_-]?hosts|install-ssh|shimataro|webfactory|deployment-marker|deployments$|chart-testing|chart-releaser|kind-action|helm-docs|schema|unittest|aws-actions\/amazon-ecr/;

/** Words of a command without paths, global options and values of holes; a text of several words, e.g. a message, names no subcommand. */
const textOf = (call: ShellCall, holes: Holes, inner: InnerWords = new Map()): string => {
  const handedOn = inner.get(`${placeOf(call.span)}#${call.layers.length}`);
  return textOfWords(
    call.words
      .filter(({ span }) => handedOn?.has(placeOf(span)) !== true)
      .map(({ value }) => (/\s/.test(value) ? '…' : showHoles(value, holes))),
  );
};

const textOfWords = ([program, ...rest]: readonly string[]): string =>
  [baseName(program ?? ''), ...rest]
    .join(' ')
    .replace(
      /^(docker|kubectl|aws|gcloud|helm|git|az|docker-compose) (?:-{1,2}[\w-]+(?:[= ](?!-)\S+)? )+(?=\w)/,
      '$1 ',
    );

const placeOf = ({ file, line, column }: Span): string => `${file}:${line}:${column}`;

/** Where calls stand that have a management command or a migration somewhere inside: the wrapper alone shows nothing more. */
const findCarriers = (calls: readonly ShellCall[]): ReadonlySet<string> =>
  new Set(
    calls
      .filter(
        (call) => readDjangoCommand(call) !== null || readOtherMigration(call.words.map(({ value }) => value)) !== null,
      )
      .flatMap(({ layers }) => layers.map(({ span }) => placeOf(span))),
  );

/** The words of commands that a call hands on to a container, a server or a shell, by the place and depth of the call. */
type InnerWords = ReadonlyMap<string, ReadonlySet<string>>;

const findInnerWords = (calls: readonly ShellCall[]): InnerWords => {
  const found = new Map<string, Set<string>>();
  for (const { layers, words } of calls) {
    for (const [depth, { kind, span }] of layers.entries()) {
      if (kind !== 'container' && kind !== 'remote' && kind !== 'string') continue;
      const key = `${placeOf(span)}#${depth}`;
      const known = found.get(key) ?? new Set<string>();
      found.set(key, known);
      for (const word of words) known.add(placeOf(word.span));
    }
  }
  return found;
};

const mentionsDjango = ({ words }: ShellCall): boolean =>
  /manage\.py|django-admin/.test(words.map(({ value }) => value).join(' '));

const JOB_STARTERS =
  /^(?:(?:kubectl|oc)\b.* (?:apply|create|replace|run)\b|helm\b.* (?:upgrade|install)\b|gcloud run jobs\b|aws ecs run-task\b|az containerapp job\b|(?:docker compose|docker-compose)\b.* (?:run|up)\b|nomad job run\b)/;

/** A job of a cluster, a task or a service that is there to migrate: what it runs is written elsewhere. */
const startsMigrationJob = (text: string): boolean => JOB_STARTERS.test(text) && /[^a-z]migrat/i.test(text);

/** Whether a job starts something by the name of a migration, or such a script that is not here. */
export const startsMigration = ({ steps }: Pick<AuditedJob, 'steps'>, holes: Holes): boolean =>
  steps.some(({ calls, unknownScripts }) => {
    const inner = findInnerWords(calls);
    return (
      calls.some((call) => startsMigrationJob(textOf(call, holes, inner))) ||
      unknownScripts.some((script) => /migrat/i.test(baseName(script.path)))
    );
  });

/** What the steps of a job show of what it is for. */
export const findEvidence = ({ steps, job }: Pick<AuditedJob, 'steps' | 'job'>, holes: Holes): readonly Evidence[] => {
  const isOnServer = isOnItsServer(job, steps, { holes, isTest: (call) => runsTests(call, holes) });
  return steps.flatMap((step) => {
    const found = [...ofAction(step), ...ofScripts(step, holes, isOnServer)];
    // A connection that only looks shows nothing, unless the job is named for more; a copy stays one.
    return !/deploy/i.test(job.id) && onlyLooksAtServer(step, holes)
      ? found.filter(({ does, isStrong, by }) => does !== 'deploy' || isStrong || /^(?:scp|rsync|sftp|lftp)\b/.test(by))
      : found;
  });
};

const ofAction = ({ action }: AuditedStep): readonly Evidence[] => {
  if (action === null || action.startsWith('.')) return [];
  if (action.startsWith('actions/deploy-pages')) return [{ does: 'deploy', isStrong: true, by: action }];
  if (action.startsWith('actions/')) return [];
  const found = ACTIONS.find(
    ({ pattern, does }) => pattern.test(action) && (does !== 'deploy' || !NO_DEPLOY.test(action)),
  );
  return found === undefined ? [] : [{ does: found.does, isStrong: found.isStrong, by: action }];
};

const TEST_COMMANDS = /^(?:test|pytest|jenkins|behave)$/;

const KNOWN_TESTS = new WeakMap<ShellCall, boolean>();

/** Whether a call runs tests of any kind. Asked for each of many migrations that stand before it. */
export const runsTests = (call: ShellCall, holes: Holes): boolean => {
  const known = KNOWN_TESTS.get(call) ?? looksLikeTests(call, holes);
  KNOWN_TESTS.set(call, known);
  return known;
};

const looksLikeTests = (call: ShellCall, holes: Holes): boolean => {
  const django = readDjangoCommand(call);
  if (django !== null) return TEST_COMMANDS.test(django.name);
  const text = textOf(call, holes);
  return COMMANDS.some(({ does, pattern }) => does === 'test' && pattern.test(text));
};

const ofScripts = (step: AuditedStep, holes: Holes, isOnServer: boolean): readonly Evidence[] => {
  const carriers = findCarriers(step.calls);
  const inner = findInnerWords(step.calls);
  const ofCalls = step.calls.flatMap((call): readonly Evidence[] => {
    const django = readDjangoCommand(call);
    if (django !== null) {
      return TEST_COMMANDS.test(django.name) ? [{ does: 'test', isStrong: true, by: `manage.py ${django.name}` }] : [];
    }
    if (carriers.has(placeOf(call.span)) || mentionsDjango(call)) return [];
    const text = textOf(call, holes, inner);
    if (startsMigrationJob(text)) return [];
    const isRemote = call.layers.some(({ kind }) => kind === 'remote');
    const found = (isRemote || isOnServer ? [...ON_SERVER, ...COMMANDS] : COMMANDS).find(({ pattern }) =>
      pattern.test(text),
    );
    if (found === undefined) return [];
    // What a server builds and tests is part of deploying to it.
    const does = isRemote && found.does !== 'test' ? 'deploy' : found.does;
    return [
      {
        does,
        isStrong: found.isStrong && (does === found.does || found.does === 'build'),
        by: text.split(' ').slice(0, 3).join(' '),
      },
    ];
  });
  const ofUnknown = step.unknownScripts
    .filter(({ path }) => isNamedForDeployment(path))
    .map(({ path }): Evidence => ({ does: 'deploy', isStrong: false, by: path }));
  return [...ofCalls, ...ofUnknown];
};
