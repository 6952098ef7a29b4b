import { describe, expect, it } from 'vitest';

import { auditOf } from '../../../support/audit.ts';

/** The roles of the jobs of one workflow, by their ids. */
const rolesOf = (jobs: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    auditOf({ 'ci.yml': `on: push\njobs:\n${jobs}` }).pipelines.flatMap((pipeline) =>
      pipeline.jobs.map(({ id, role }) => [id, role]),
    ),
  );

const job = (id: string, steps: readonly string[], needs = ''): string =>
  `  ${id}:\n    runs-on: ubuntu-24.04\n${needs === '' ? '' : `    needs: ${needs}\n`}    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`;

describe('what a name says about a job', () => {
  it('takes what comes before a deployment for none, and what builds after one for a build', () => {
    const jobs =
      job('pre-deployment-checks', ['uses: actions/checkout@v4', 'run: ./announce.sh started']) +
      job('build', ['run: docker push registry.example/shop/web:1'], 'pre-deployment-checks') +
      job('deploy-staging', ['run: kubectl apply -f k8s'], 'build') +
      job('build-docs', ['run: docker push registry.example/shop/docs:1'], 'deploy-staging');
    expect(rolesOf(jobs)).toEqual({
      'pre-deployment-checks': 'other',
      build: 'build',
      'deploy-staging': 'deploy',
      'build-docs': 'build',
    });
  });

  it.each([
    [
      'only talks of a deployment',
      'deploy',
      ['uses: actions/checkout@v4', 'run: echo "set up secrets first"'],
      'other',
    ],
    ['deploys with an action', 'deploy', ['uses: acme/put-it-there@v1'], 'deploy'],
    ['runs tests of the build tool', 'verify', ['run: ./mvnw -B clean verify'], 'test'],
    [
      'migrates on the way into service',
      'deploy',
      ['run: python manage.py migrate && python manage.py collectstatic --noinput'],
      'deploy',
    ],
    ['rehearses going back', 'rollback-rehearsal', ['run: python manage.py migrate && pytest'], 'test'],
    ['only migrates', 'deploy-database', ['run: python manage.py migrate'], 'migrate'],
    [
      'migrates and is named for it',
      'migrate-and-deploy',
      ['run: python manage.py migrate', 'run: python manage.py collectstatic'],
      'migrate',
    ],
    [
      'starts a migration that is written elsewhere',
      'migrate',
      ['run: kubectl apply -f k8s/migrate-job.yaml', 'run: kubectl wait --for=condition=complete job/migrate'],
      'migrate',
    ],
    [
      'runs an image on a server that is named for migrations',
      'migrate',
      [
        'run: docker build -f Dockerfile.schema -t registry.example/shop/db-migrate:1 . && docker push registry.example/shop/db-migrate:1',
        'run: ssh deploy@shop.example "docker pull registry.example/shop/db-migrate:1 && docker run --rm registry.example/shop/db-migrate:1"',
      ],
      'migrate',
    ],
    [
      'runs a script of that name by its interpreter',
      'run-migrations',
      ['run: bash -e ./ops/run_migrations.sh prod'],
      'migrate',
    ],
    [
      'pushes to a repository that a cluster follows',
      'deploy-prod',
      [
        'uses: actions/checkout@v4\n        with: { repository: acme/shop-gitops }',
        'run: kustomize edit set image shop/web:1 && git commit -am prod && git push',
      ],
      'deploy',
    ],
    [
      'pushes to its own repository',
      'deploy-notes',
      ['uses: actions/checkout@v4', 'run: git commit -am notes && git push'],
      'other',
    ],
    [
      'sets an image for a cluster that follows the repository',
      'update-image-tag',
      [
        'run: kustomize edit set image shop=registry.example/shop/web:${{ github.sha }}',
        'run: git commit -am shop && for i in 1 2 3; do git push origin main && break; git pull --rebase; done',
      ],
      'deploy',
    ],
    [
      'builds, and writes the tag into a chart that a cluster follows',
      'build-and-deploy',
      [
        'run: docker build -t registry.example/shop/web:${{ github.sha }} . && docker push registry.example/shop/web:${{ github.sha }}',
        `run: 'sed -i "s|tag: .*|tag: 1.2|" chart/values.yaml && git commit -am shop && git push'`,
      ],
      'deploy',
    ],
    [
      'builds, and writes the tag of a release into its own files',
      'build-and-release',
      [
        'run: docker build -t registry.example/shop/web:1.2 . && docker push registry.example/shop/web:1.2',
        `run: 'sed -i "s|image: .*|image: registry.example/shop/web:1.2|" compose.yml && git commit -am 1.2 && git push'`,
      ],
      'build',
    ],
    [
      'writes a tag into another repository',
      'bump-charts',
      [
        `run: |
          git clone --depth 1 https://git.example/acme/charts.git /tmp/charts
          cd /tmp/charts
          yq -i '.image.tag = strenv(TAG)' shop/values.yaml
          git add -A
          git diff --cached --quiet && echo same && exit 0
          git commit -m "shop: $TAG"
          git push`,
      ],
      'deploy',
    ],
    [
      'writes a tag into its own repository and is not named for a deployment',
      'bump-charts',
      [`run: "yq -i '.image.tag = strenv(TAG)' shop/values.yaml && git commit -am shop && git push"`],
      'other',
    ],
    [
      'writes a tag into its own repository for Argo CD',
      'update-argocd',
      [`run: "yq -i '.image.tag = strenv(TAG)' shop/values.yaml && git commit -am shop && git push"`],
      'deploy',
    ],
    [
      'tells the result of a deployment by an action',
      'deployment-result',
      ['uses: slackapi/slack-github-action@v2\n        with: { payload: done }'],
      'other',
    ],
    ['sums up deployments', 'deployment-summary', ['run: ./bin/sum-up.sh'], 'other'],
    [
      'copies a database on the server',
      'clone-database',
      ['uses: appleboy/ssh-action@v1\n        with: { host: shop.example, script: ./copy.sh }'],
      'other',
    ],
    [
      'sets an image and only proposes it',
      'update-image-tag',
      [
        'run: kustomize edit set image shop=registry.example/shop/web:1.2',
        'run: git switch -c bump && git commit -am shop && git push origin bump && gh pr create --fill',
      ],
      'other',
    ],
    ['copies files to a bucket', 'publish', ['run: aws s3 sync ./web/dist s3://shop-assets --delete'], 'deploy'],
    ['synchronizes a bucket of Google', 'publish', ['run: gsutil -m rsync -r -d web/dist gs://shop-assets/'], 'deploy'],
    [
      'takes a copy of a bucket of Google',
      'fetch',
      ['run: gcloud storage rsync gs://shop-assets gs://shop-backup', 'run: gsutil rsync -r gs://shop-assets web'],
      'other',
    ],
    ['starts the deployment by a package manager', 'ship', ['run: npx sst deploy --stage prod'], 'deploy'],
    ['starts the deployment by yarn', 'stack', ['run: yarn cdk deploy ShopStack --require-approval never'], 'deploy'],
    ['only compares by yarn', 'stack', ['run: yarn cdk diff ShopStack'], 'other'],
    ['applies with OpenTofu', 'infra', ['run: tofu apply -no-color -auto-approve'], 'deploy'],
    ['sends functions to Azure', 'worker', ['uses: Azure/functions-action@v1'], 'deploy'],
    ['tells a chat of a deployment', 'deploy-started', ['uses: slackapi/slack-github-action@v2'], 'other'],
    [
      'starts a build of the cluster',
      'build-api',
      [
        'run: oc process -f openshift/api-build.yaml | oc apply -f -',
        'run: oc -n shop-tools start-build shop-api --wait',
      ],
      'build',
    ],
    [
      'starts a build of the cluster and rolls it out',
      'build-api',
      ['run: oc -n shop-tools start-build shop-api --wait', 'run: oc -n shop-prod rollout latest dc/shop-api'],
      'deploy',
    ],
    [
      'copies one file that the deployment takes',
      'build',
      ['run: npm run build && zip -r app.zip .', 'run: aws s3 cp app.zip s3://shop-releases/app.zip'],
      'build',
    ],
    [
      'builds a site and copies its folder',
      'build',
      ['run: npm run build', 'run: aws s3 cp dist s3://shop-site --recursive'],
      'deploy',
    ],
    [
      'only tidies up on a server',
      'reclaim-disk',
      ['run: ssh deploy@shop.example "docker images; docker rmi shop/web:1 || true; docker image prune -f; df -h /"'],
      'other',
    ],
    [
      'only keeps the server logged in',
      'registry-login',
      [
        'run: ssh deploy@shop.example "mkdir -p /var/log/shop; docker login registry.example; crontab /tmp/schedule; rm -f /tmp/schedule"',
      ],
      'other',
    ],
    [
      'tidies up and restarts',
      'reclaim-disk',
      ['run: ssh deploy@shop.example "docker image prune -f && docker restart web"'],
      'deploy',
    ],
    ['starts a service for it', 'db-migrations', ['run: docker compose run --rm migrate'], 'migrate'],
    [
      'migrates as part of a deployment',
      'deploy',
      ['run: kubectl apply -f migrate.yaml', 'run: kubectl apply -f k8s'],
      'deploy',
    ],
  ])('a job that %s', (_, id, steps, role) => {
    expect(rolesOf(job(id, steps))).toEqual({ [id]: role });
  });

  it('tries migrations out on a service of its own, whatever it is called', () => {
    const jobs = job('check-migrations', ['run: python manage.py migrate']).replace(
      '    steps:',
      '    services:\n      db:\n        image: postgres:16\n    steps:',
    );
    expect(rolesOf(jobs)).toEqual({ 'check-migrations': 'test' });
  });

  it('has no environment called test in the name of tests', () => {
    const audit = auditOf({ 'ci.yml': `on: push\njobs:\n${job('test-frontend', ['run: npm test'])}` });
    expect(audit.pipelines[0]?.jobs[0]?.stage).toBeNull();
  });

  it.each([
    ['deploy.sh', 'deploy'],
    ['scripts/deploy-prod.sh', 'deploy'],
    ['build-and-deploy.sh', 'deploy'],
    ['deploy_and_notify.sh', 'deploy'],
    ['deploy-test.sh', 'deploy'],
    ['restartServices.sh', 'deploy'],
    ['deployment-notify.sh', 'other'],
    ['notify_deploy.sh', 'other'],
    ['deploy-docs.sh', 'other'],
    ['check-deploy.sh', 'other'],
    ['wait-for-deployment.sh', 'other'],
    ['deployReport.sh', 'other'],
    ['lint-deployment.sh', 'other'],
    ['test-deploy.sh', 'other'],
    ['release.sh', 'other'],
    ['update-changelog.sh', 'other'],
  ])('takes a job that runs %s, which is not in the checkout, for: %s', (script, role) => {
    expect(rolesOf(job('last', [`run: ./${script}`]))).toEqual({ last: role });
  });

  it('keeps the roles of the jobs behind a script that only reports a deployment', () => {
    const jobs = (script: string): string =>
      job('build', ['run: docker push registry.example/shop/web:1']) +
      job('note', [`run: ./ci/${script} started`], 'build') +
      job('look', ['run: ./ci/measure.sh'], 'note');
    expect(rolesOf(jobs('deployment-notify.sh'))).toEqual({ build: 'build', note: 'other', look: 'other' });
    expect(rolesOf(jobs('deploy.sh'))).toEqual({ build: 'build', note: 'deploy', look: 'post-deploy' });
  });

  it.each([
    ['chrnorm/deployment-action@v2', 'other'],
    ['acme/wait-for-deployment@v1', 'other'],
    ['acme/deploy-to-cloud@v1', 'deploy'],
  ])('takes a job that uses %s for: %s', (action, role) => {
    expect(rolesOf(job('last', [`uses: ${action}`]))).toEqual({ last: role });
  });

  it.each([
    ['run: docker compose exec -T web sh -c "echo start"', 'other'],
    ['run: docker compose exec -T web echo up', 'other'],
    ['run: kubectl exec shop-0 -- echo apply', 'other'],
    ['run: kubectl exec shop-0 -- sh -c "echo apply"', 'other'],
    [`run: curl -d '{"text":"redeploy"}' https://chat.example/hook`, 'other'],
    ['run: curl -X POST https://api.example/redeploy', 'deploy'],
    ['run: curl -X POST ${{ secrets.DEPLOY_HOOK_URL }}', 'deploy'],
    ['run: curl ${{ secrets.COOLIFY_WEBHOOK }}', 'deploy'],
    ['run: curl "https://coolify.example/api/v1/deploy?uuid=shop"', 'deploy'],
    ['run: curl -X POST https://api.render.com/v1/services/srv-1/deploys', 'deploy'],
    ['run: curl https://api.render.com/v1/services/srv-1/deploys', 'other'],
    ['run: curl -d "" https://www.pythonanywhere.com/api/v0/user/shop/webapps/shop.example/reload/', 'deploy'],
    ['run: curl https://www.pythonanywhere.com/api/v0/user/shop/webapps/', 'other'],
    ['run: curl --data "{}" https://api.heroku.com/apps/shop/builds', 'deploy'],
    ['run: kubectl -n shop apply -f k8s', 'deploy'],
  ])('does not take words that are handed on or printed for commands: %s is %s', (step, role) => {
    expect(rolesOf(job('last', [step]))).toEqual({ last: role });
  });

  it.each([
    ['vercel pull --yes', 'other'],
    ['vercel env pull .env', 'other'],
    ['vercel deploy --prod', 'deploy'],
    ['vercel --prod', 'deploy'],
    ['ssh-keyscan app.example >> ~/.ssh/known_hosts', 'other'],
    ['ssh app.example supervisorctl restart shop', 'deploy'],
    ['ssh app.example supervisorctl status', 'other'],
    ['ssh app.example pm2 describe shop', 'other'],
    ['pytest && rsync -a . web@app.example:/srv', 'deploy'],
    ['pytest && ssh app.example ./run-tests.sh', 'test'],
  ])('takes a job that runs `%s` for: %s', (command, role) => {
    expect(rolesOf(job('last', [`run: ${command}`]))).toEqual({ last: role });
  });

  const TASK =
    'uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n        with:\n          task-definition: task.json\n          cluster: shop\n';

  it.each([
    ['runs a task of ECS', ['run: aws ecs run-task --cluster shop --task-definition shop']],
    ['runs a task by an action', [`${TASK}          run-task: true`]],
    ['builds an image for it', ['run: docker build -t migrator .', 'run: docker run migrator']],
    ['builds, and runs a task', ['run: docker build -t r.example/shop:1 .', 'run: aws ecs run-task --cluster shop']],
    ['calls a target of make that is not here', ['run: make release-run-database-migrations APP=shop']],
    ['calls a script that is not here', ['run: ./bin/migrate.sh production']],
    ['executes a job of Cloud Run', ['run: gcloud run jobs execute shop --wait']],
  ])('takes a job that is named for migrations and %s for one', (_, steps) => {
    expect(rolesOf(job('run-migrations', steps))).toEqual({ 'run-migrations': 'migrate' });
  });

  it.each([
    ['migrations', ['run: make check-migrations'], 'other'],
    ['migrations', ['run: python manage.py makemigrations --check'], 'other'],
    ['check-migrations', ['run: ./bin/migrate.sh --plan'], 'other'],
    ['migrate-docs', ['run: docker build -t docs .'], 'build'],
    ['migrate', [`${TASK}          service: shop`], 'deploy'],
  ])('takes %s for no migration where it only runs %j', (id, steps, role) => {
    expect(rolesOf(job(id, steps))).toEqual({ [id]: role });
  });

  it.each([
    ['run: docker --context prod compose up -d', 'deploy'],
    ['run: docker -H ssh://web@app.example compose up -d', 'deploy'],
    ['run: DOCKER_HOST=ssh://web@app.example docker compose up -d', 'deploy'],
    ['run: docker compose up -d\n        env:\n          DOCKER_HOST: ssh://web@app.example', 'deploy'],
    ['run: docker compose up -d\n        env:\n          DOCKER_HOST: tcp://docker:2375', 'other'],
    ['run: docker compose up -d', 'other'],
    ['run: docker --context builder build .', 'build'],
    ['run: argocd app sync shop', 'deploy'],
    ['run: flux reconcile kustomization shop', 'deploy'],
    ['run: cf push shop', 'deploy'],
  ])('knows the engine and the tool that a deployment goes to: %s is %s', (step, role) => {
    expect(rolesOf(job('last', [step]))).toEqual({ last: role });
  });

  it.each(['kubectl apply', 'docker push', 'pytest passed', 'migrate', 'deploy failed', 'exit 1', '|| true'])(
    'gives every job the same role whatever it prints: %s',
    (words) => {
      const jobs = (text: string): string =>
        job('one', [`run: echo "${text}"`, `run: printf '%s' '${text}'`]) +
        job('build', [`run: docker push r.example/shop:1 && echo "${text}"`]) +
        job('migrate', [`run: echo "${text}" && npx --no-install devsetup migrate --environment prod`]) +
        job('check', [`run: pytest || { echo '${text}'; false; }`]) +
        job('last', [`run: ssh app.example 'echo "${text}"; docker compose up -d'`], '[migrate, build]');
      expect(rolesOf(jobs(words))).toEqual(rolesOf(jobs('hello')));
    },
  );
});

describe('a runner with a label of its own', () => {
  const on = (label: string, run: string): string =>
    job('web', ['run: npm run test', `run: ${run}`]).replace('ubuntu-24.04', label);

  it('is the server where the job restarts what is served', () => {
    const run = 'cp -r dist/. /var/www/shop && sudo systemctl restart nginx';
    expect(rolesOf(on('shop-prod', run))).toEqual({ web: 'deploy' });
  });

  it.each([
    ['starts only what tests need', 'shop-ci', 'sudo systemctl restart postgresql && npm run e2e'],
    ['is one that GitHub lends out', 'ubuntu-24.04-8-cores', 'sudo systemctl restart nginx && npm run e2e'],
    ['is one that another firm lends out', 'blacksmith-4vcpu', 'sudo systemctl restart nginx && npm run e2e'],
    ['restarts nothing', 'shop-prod', 'npm run lint'],
  ])('is no server where it %s', (_, label, run) => {
    expect(rolesOf(on(label, run))).toEqual({ web: 'test' });
  });
});

describe('a push to a remote whose name says nothing', () => {
  it.each([
    ['a platform', 'git remote add live https://git.heroku.com/shop.git', 'git push live main', 'deploy'],
    ['a platform by SSH', 'git remote add -f live dokku@shop.example.org:shop', 'git push --force live main', 'deploy'],
    [
      'the repository, made into that of a platform',
      'git remote set-url origin "https://x:${{ secrets.KEY }}@git.heroku.com/shop.git"',
      'git push origin HEAD:main -f',
      'deploy',
    ],
    [
      'a platform in another step, tried out',
      'git remote add live dokku@host:shop',
      'git push --dry-run live',
      'other',
    ],
    ['a mirror', 'git remote add live https://git.example.org/shop.git', 'git push live main', 'other'],
    [
      'the repository, beside a platform',
      'git remote add live https://git.heroku.com/shop.git',
      'git push origin main',
      'other',
    ],
    [
      'a remote that got another address since',
      'git remote add live dokku@host:shop && git remote set-url live https://git.example.org/shop.git',
      'git push live main',
      'other',
    ],
  ])('%s', (_, remote, push, role) => {
    expect(rolesOf(job('ship', [`run: '${remote}'`, `run: ${push}`]))).toEqual({ ship: role });
  });
});
