export interface Row {
  readonly does: 'build' | 'test' | 'deploy';
  readonly isStrong: boolean;
  /** Of the words of a call, the program's path and global options taken off. */
  readonly pattern: RegExp;
}

const row = (does: Row['does'], isStrong: boolean, pattern: RegExp): Row => ({ does, isStrong, pattern });

/** By the text of a command: its words, joined by blanks. */
export const COMMANDS: readonly Row[] = [
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
    /^aws (?:ecs (?:update-service|create-service|deploy)|lambda update-function-code|elasticbeanstalk (?:update-environment|create-application-version)|lightsail create-container-service-deployment|apprunner (?:start-deployment|update-service)|deploy create-deployment|cloudformation (?:deploy|update-stack)|cloudfront create-invalidation|autoscaling start-instance-refresh|amplify start-job)\b|^aws s3 sync (?!s3:)/,
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
    /^(?:flyctl|fly) deploy\b(?!.*--build-only)|^heroku (?:container:release|builds:create|releases:rollback|rollback)\b|^railway (?:up|redeploy)\b|^render deploys?\b|^vercel(?! (?:pull|build|env|whoami|login|logout|link|ls|list|inspect|logs|domains|dns|certs|teams?|projects?)\b)(?: |$)|^netlify deploy\b|^firebase deploy\b|^wrangler (?:deploy|publish|pages deploy)\b/,
  ),
  row(
    'deploy',
    true,
    /^(?:(?:npx|bunx|npm exec(?: --)?|pnpm(?: exec| dlx)?|yarn(?: run| dlx)?|bun x) (?:(?:-y|--yes) )?)?(?:vercel|netlify|wrangler|firebase|firebase-tools|serverless|sls|cdk|aws-cdk|sst|gh-pages)(?:@\S+)? (?:deploy|publish|pages|--prod|-d)\b/,
  ),
  row(
    'deploy',
    true,
    /^(?:serverless|sls|zappa|eb|cap|dokku|doctl apps|kamal|pulumi|cdk|sam|copilot|caprover) ?.*\b(?:deploy|create-deployment|update|up|ps:restart)\b/,
  ),
  row(
    'deploy',
    true,
    /^argocd app (?:sync|set)\b|^flux reconcile\b|^nomad (?:job )?run\b|^cf push\b|^oc (?:rollout|start-build)\b/,
  ),
  row('deploy', true, /^(?:terraform|tofu) apply\b|^ansible-playbook\b|^git push .*(?:heroku|dokku)/),
  row('deploy', true, /^docker (?:stack deploy|service (?:update|create|rollback))\b/),
  // What is synchronized with a bucket is a site; one copy is as well a backup, or what a build leaves.
  row('deploy', true, /^(?:gsutil|gcloud storage)\b.* rsync (?:.* )?(?!gs:|-)\S+ gs:\S*$/),
  row('deploy', false, /^aws s3 cp (?!s3:)/),
  row('deploy', false, /^(?:ssh|scp|rsync|sftp|lftp|mosh|ansible)(?: |$)/),
  row(
    'deploy',
    false,
    // In the address, not in what is sent there.
    /^(?:curl|wget|http)\b.* (?:https?:|\$)\S*(?:deploy[_-]?hook|deploy_webhook|(?:coolify|dokploy|caprover|render|railway|koyeb)_?(?:web)?hook|api\.render\.com\/deploy|api\.vercel\.com\/v1\/integrations\/deploy|api\.netlify\.com\/build_hooks|\/api\/v1\/deploy\?|\/webhooks\/triggerbuild|portainer|\/hooks\/deploy|redeploy)/i,
  ),
  row(
    'deploy',
    true,
    // The API of a platform, where the request changes something: `api.render.com/v1/services/ID/deploys`.
    /^curl\b(?=.* (?:-X ?|--request[ =])?(?:POST|PUT|PATCH)\b|.* (?:-d|--data\S*|--json|-F|--form)\b).* https?:\/\/\S*(?:api\.render\.com\/v1\/services\/\S+\/(?:deploys|restart)|pythonanywhere\.com\/api\/v\d\/user\/\S+\/(?:webapps|websites)\/\S+\/reload|api\.heroku\.com\/apps\/\S+\/(?:builds|releases)|api\.digitalocean\.com\/v2\/apps\/\S+\/deployments)/,
  ),
];

/** On a server: what changes what runs there. */
export const ON_SERVER: readonly Row[] = [
  row(
    'deploy',
    true,
    /^(?:docker compose|docker-compose|podman-compose)\b.* (?:up|restart|down|pull|start|stop|rollout)\b/,
  ),
  row('deploy', true, /^(?:docker|podman) (?:run\b.* (?:-d|--detach|--restart)\b|restart|stop|start|rm|rename|kill)\b/),
  row(
    'deploy',
    true,
    /^(?:systemctl (?:restart|reload|start|try-restart|daemon-reload|stop)|service \S+ (?:restart|reload|start)|supervisorctl (?:-\S+ \S+ )*(?:restart|start|stop|reload|update|reread|signal)|pm2 (?:restart|reload|start|stop|delete|gracefulReload|startOrReload|startOrRestart|deploy)|nginx -s|touch .*wsgi|gunicorn|uwsgi|apachectl|apache2ctl|initctl|monit|circusctl|killall|pkill)\b/,
  ),
  row('deploy', true, /^(?:make|just|task) \S*(?:deploy|release|restart|up|prod)\S*/),
  row('deploy', false, /^(?:docker|podman) (?:pull|run|exec|login|compose|image|system|load|tag)\b|^docker-compose\b/),
  row(
    'deploy',
    false,
    /^git (?:pull|fetch|reset|checkout|clone)\b|^(?:pip3?|poetry|uv|pipenv|npm|yarn|pnpm)\b|^(?:tar|unzip|cp|mv|ln|rsync)\b/,
  ),
];

/** The first row whose pattern a text has: most have none, which one pattern for all of them tells. */
export const createFindRow = (rows: readonly Row[]): ((text: string) => Row | undefined) => {
  const any = new RegExp(rows.map(({ pattern }) => pattern.source).join('|'), 'i');
  return (text) => (any.test(text) ? rows.find(({ pattern }) => pattern.test(text)) : undefined);
};

/** By the action's name without its ref. */
export const ACTIONS: readonly Row[] = [
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
    /deploy|heroku|superfly\/|flyctl-action|render-?action|railway|vercel|netlify|beanstalk|ecs-|amazon-ecs|webapps|container-apps|cloudrun|app-engine|appengine|k8s|kubernetes|helm|kubectl|dokku|caprover|digitalocean\/(?!action-doctl)|firebase|serverless|zappa|pages-action|gh-pages|cloudflare\/(?:wrangler|pages)|coolify|portainer|kamal|swarm|stack-deploy|terraform-apply|codedeploy|cloudfront|s3-sync|s3-|azure\/functions-/,
  ),
];
/** Actions that prepare, look or tell, whatever their name has in it. */
export const NO_DEPLOY =
  /deployment-(?:action|env|info|history|gate|protection)|(?:delete|deactivate|list|wait-for|await|approve)-|set-context|create-secret|setup|configure|login|credentials|get-|cache|checkout|render-task-definition|deployment-status|deployment_status|create-deployment|comment|notify|slack|discord|install|lint|validate|ssh-agent|known[_-]?hosts|install-ssh|shimataro|webfactory|deployment-marker|deployments$|chart-testing|chart-releaser|kind-action|helm-docs|schema|unittest|aws-actions\/amazon-ecr/;

/** Actions that make a release of GitHub, a tag or a package of it: nothing that runs changes. */
export const RELEASES =
  /(?:^|[/_-])(?:gh|github)-?release|(?:^|\/)(?:action-)?create-release|release-(?:action|drafter|please(?:-action)?|it)$|release-asset|semantic-release|changelog|(?:^|[/_-])(?:tag|version|bump)(?:[-_](?:action|version|bump))?$|gh-action-pypi-publish/;
