import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const HEAD = ['on:', '  push:', '    branches: [main]', 'jobs:'];

/** The first command stands on line 9. */
const deploy = (...commands: readonly string[]): string =>
  [
    ...HEAD,
    '  deploy:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - run: |',
    ...commands.map((line) => `          ${line}`),
  ].join('\n');

const found = (commands: readonly string[], checkout: Readonly<Record<string, string>> = {}): readonly string[] =>
  linesFound({ 'a.yml': deploy(...commands) }, 'image/mutable-tag-in-deploy', { checkout });

const COMPOSE = 'services:\n  web:\n    image: acme/shop:${IMAGE_TAG:-latest}\n  mail:\n    image: other/mail\n';

describe('a deployment', () => {
  it.each([
    ['the commit', ['ssh host "docker pull acme/shop:${{ github.sha }} && docker compose up -d"']],
    ['the commit, shortened', ['TAG=${GITHUB_SHA::7}', 'ssh host "docker run -d acme/shop:$TAG"']],
    ['a digest', [`ssh host docker run -d acme/shop@sha256:${'0'.repeat(64)}`]],
    ['a version', ['ssh host docker run -d acme/shop:v1.2.3']],
    ['an input nobody knows', ['ssh host docker run -d acme/shop:${{ inputs.tag }}']],
    ['images of others', ['ssh host "docker pull nginx:latest && docker run --rm certbot/certbot renew"']],
    ['a tool beside the work', ['docker run --rm someone/tool check', 'ssh host docker compose up -d']],
    ['a tool it builds itself', ['docker build -t tool .', 'docker run --rm tool', 'ssh host docker compose up -d']],
    ['a push of latest', ['docker push acme/shop:latest', 'ssh host docker run -d acme/shop:${{ github.sha }}']],
  ])('may take %s', (_, commands) => {
    expect(found(commands)).toEqual([]);
  });

  it.each([
    ['that everybody can have', 'gcr.io/monitor/monitor', []],
    ['of a project on the same registry', 'gcr.io/acme-shop/web', ['a.yml:9']],
  ])('takes an image of a compose file %s', (_, image, expected) => {
    const checkout = { 'docker-compose.yml': `services:\n  one:\n    image: ${image}:latest\n` };
    expect(found(['docker compose up -d', 'ssh host true'], checkout)).toEqual(expected);
  });

  it.each([
    ['latest', ['ssh host docker pull acme/shop:latest'], [9]],
    ['no tag', ['ssh host docker run -d acme/shop'], [9]],
    ['the name of a branch', ['kubectl set image deploy/web web=acme/shop:${{ github.ref_name }}'], [9]],
    ['the name of an environment', ['ssh host docker pull acme/shop:prod'], [9]],
    ['a variable', ['TAG=prod-latest', 'ssh host "docker pull acme/shop:$TAG"'], [10]],
    ['a default', ['ssh host "docker pull acme/shop:${TAG:-latest}"'], [9]],
    [
      'one branch of a condition',
      ['if [ -n "$A" ]; then T=v1; else T=latest; fi', 'ssh host docker pull acme/shop:$T'],
      [10],
    ],
    ['a here-document', ['ssh host <<EOF', '  docker pull acme/shop:latest', 'EOF'], [10]],
    ['every command', ['ssh host <<EOF', 'docker pull acme/shop:dev', 'docker run -d acme/shop:dev', 'EOF'], [10, 11]],
    [
      'a pod that is run once',
      ['docker build -t acme/shop:latest .', 'kubectl run m --rm --image=acme/shop:latest -- ./manage.py migrate'],
      [10],
    ],
    [
      'the tag of a repository of its own',
      ['helm upgrade web . --set image.repository=acme/shop,image.tag=latest'],
      [9],
    ],
    [
      'a file on the server',
      ['echo "IMAGE_TAG=latest" >> .env', 'scp .env host:', 'ssh host docker compose up -d'],
      [9],
    ],
    [
      'the environment of compose',
      ['export IMAGE_TAG=latest', 'docker compose -f far.yml up -d', 'ssh host true'],
      [9],
    ],
  ])('must not take %s', (_, commands, lines) => {
    expect(found(commands)).toEqual(lines.map((line) => `a.yml:${line}`));
  });

  it('may take an input that a condition has replaced where it is latest', () => {
    const text = (condition: string): string =>
      deploy(`if ${condition}; then T=$GITHUB_SHA; else T=$IN; fi`, 'ssh host "docker pull acme/shop:$T"')
        .replace('  push:', '  workflow_dispatch:\n    inputs: { tag: { default: latest } }\n  push:')
        .replace('      - run: |', '      - env: { IN: "${{ inputs.tag }}" }\n        run: |');
    const lines = (condition: string): readonly string[] =>
      linesFound({ 'a.yml': text(condition) }, 'image/mutable-tag-in-deploy');
    expect(lines('[ "$IN" = latest ]')).toEqual([]);
    expect(lines('[[ "${{ inputs.tag }}" == latest ]] || [ "$IN" = latest ]')).toEqual([]);
    expect(lines('[ "$IN" = dev ]')).toEqual(['a.yml:13']);
    expect(lines('[ "$IN" != latest ]')).toEqual(['a.yml:13']);
  });

  it('is told of what compose takes, at its command, once', () => {
    const commands = ['ssh host "docker compose pull"', 'ssh host "docker compose up -d"'];
    expect(found(commands, { 'docker-compose.yml': COMPOSE })).toEqual(['a.yml:9']);
    expect(
      found(['IMAGE_TAG=${{ github.sha }} docker compose up -d', 'ssh host true'], { 'docker-compose.yml': COMPOSE }),
    ).toEqual([]);
  });

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['that was put there with what is in its folder', ['rsync -az infra/ app@host:/srv/shop/'], ['a.yml:10']],
    ['that was put elsewhere', ['rsync -az infra/ app@host:/srv/other/'], []],
    ['whose folder was put there under its name', ['rsync -az infra app@host:/srv/shop/'], []],
  ])('takes the compose file of a server %s', (_, before, expected) => {
    const up = 'ssh app@host "cd /srv/shop && docker compose up -d"';
    expect(found([...before, up], { 'infra/compose.yml': COMPOSE })).toEqual(expected);
  });

  it.each([
    ['a command', ['ssh host "IMAGE_TAG=$GITHUB_SHA docker compose up -d"']],
    ['an export', ['ssh host "export IMAGE_TAG=$GITHUB_SHA; docker compose up -d"']],
    ['a file', ['ssh host "echo IMAGE_TAG=$GITHUB_SHA > .env; docker compose up -d"']],
    ['a file that tee writes', ['ssh host "echo IMAGE_TAG=$GITHUB_SHA | tee -a .env; docker compose up -d"']],
    ['a line of a file', ['ssh host "sed -i s/^IMAGE_TAG=.*/IMAGE_TAG=$GITHUB_SHA/ .env; docker compose up -d"']],
  ])('may give compose the commit by %s', (_, commands) => {
    expect(found(commands, { 'docker-compose.yml': COMPOSE })).toEqual([]);
  });

  it('may give compose the commit by a variable that an SSH action hands over, and only then', () => {
    const text = (envs: string): string =>
      [
        ...HEAD,
        '  deploy:',
        '    runs-on: ubuntu-24.04',
        '    steps:',
        '      - uses: appleboy/ssh-action@v1',
        '        env:',
        '          IMAGE_TAG: ${{ github.sha }}',
        '        with:',
        `          envs: ${envs}`,
        '          script: |',
        '            docker compose up -d',
      ].join('\n');
    const lines = (envs: string): readonly string[] =>
      linesFound({ 'a.yml': text(envs) }, 'image/mutable-tag-in-deploy', {
        checkout: { 'docker-compose.yml': COMPOSE },
      });
    expect(lines('APP,IMAGE_TAG')).toEqual([]);
    expect(lines('APP')).toEqual(['a.yml:14']);
  });

  it('is told of compose files by the name they are sent under, and not of those it changes first', () => {
    const checkout = { 'infra/docker-compose.yml': COMPOSE };
    expect(
      found(['scp infra/docker-compose.yml host:/srv', 'ssh host "cd /srv && docker compose up -d"'], checkout),
    ).toEqual(['a.yml:10']);
    const changed = ['sed -i "s/x/y/" docker-compose.yml', 'ssh host docker compose up -d'];
    expect(found(changed, { 'docker-compose.yml': COMPOSE })).toEqual([]);
  });

  describe('with manifests of the checkout', () => {
    const web = (image: string): string =>
      `kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: ${image}\n`;
    const LATEST = web('ghcr.io/acme/shop:latest');

    it.each([
      ['a file', ['kubectl apply -f k8s/web.yaml'], { 'k8s/web.yaml': LATEST }],
      ['one of several', ['kubectl apply -f k8s/db.yaml,k8s/web.yaml'], { 'k8s/web.yaml': LATEST }],
      ['a folder', ['kubectl apply -n prod -f k8s/'], { 'k8s/web.yaml': LATEST }],
      ['a folder with folders', ['kubectl apply -R -f k8s'], { 'k8s/app/web.yml': LATEST }],
      ['a pattern', ['kubectl apply -f k8s/*.yaml'], { 'k8s/web.yaml': LATEST }],
      ['another folder', ['cd deploy && kubectl replace -f web.yaml'], { 'deploy/web.yaml': LATEST }],
      ['no tag', ['kubectl apply -f web.yaml'], { 'web.yaml': web('ghcr.io/acme/shop') }],
      ['several documents', ['kubectl apply -f a.yaml'], { 'a.yaml': `kind: Service\n---\n${LATEST}` }],
      [
        'a list',
        ['k3s kubectl apply -f a.json'],
        { 'a.json': JSON.stringify({ items: [{ containers: [{ name: 'api', image: 'ghcr.io/acme/api:latest' }] }] }) },
      ],
      [
        'a kustomization',
        ['kubectl apply -k k8s/prod'],
        {
          'k8s/prod/kustomization.yaml': 'resources: [../base]\n',
          'k8s/base/kustomization.yaml': 'resources: [web.yaml]\n',
          'k8s/base/web.yaml': LATEST,
        },
      ],
      [
        'its tag',
        ['kustomize build k8s | kubectl apply -f -'],
        {
          'k8s/kustomization.yaml':
            'resources: [web.yaml]\nimages:\n  - name: shop\n    newName: ghcr.io/acme/shop\n    newTag: latest\n',
          'k8s/web.yaml': web('shop'),
        },
      ],
    ])('must not take %s', (_, commands, checkout) => {
      expect(found(commands, checkout)).toEqual(['a.yml:9']);
    });

    it('must not take what it writes itself', () => {
      expect(found(['cat <<EOF | kubectl apply -f -', ...LATEST.trimEnd().split('\n'), 'EOF'])).toEqual(['a.yml:9']);
    });

    it.each([
      [
        'the commit, set afterwards',
        ['kubectl apply -f web.yaml', 'kubectl set image deploy/web web=ghcr.io/acme/shop:$GITHUB_SHA'],
        { 'web.yaml': LATEST },
      ],
      [
        'the commit, written into it',
        ['sed -i "s/latest/$GITHUB_SHA/" k8s/web.yaml', 'kubectl apply -f k8s/'],
        { 'k8s/web.yaml': LATEST },
      ],
      [
        'the commit, written into all',
        ['for f in k8s/*.yaml; do sed -i "s/latest/$GITHUB_SHA/" "$f"; done', 'kubectl apply -f k8s/'],
        { 'k8s/web.yaml': LATEST },
      ],
      ['the commit, put in its place', ['kubectl apply -f web.yaml'], { 'web.yaml': web('ghcr.io/acme/shop:${TAG}') }],
      ['a placeholder', ['kubectl apply -f web.yaml'], { 'web.yaml': web('ghcr.io/acme/shop:IMAGE_TAG') }],
      [
        'the commit, set by kustomize',
        ['cd k8s && kustomize edit set image ghcr.io/acme/shop:$GITHUB_SHA', 'kubectl apply -k .'],
        { 'k8s/kustomization.yaml': 'resources: [web.yaml]', 'k8s/web.yaml': LATEST },
      ],
      [
        'a version',
        ['kubectl apply -k k8s'],
        {
          'k8s/kustomization.yaml': 'resources: [web.yaml]\nimages:\n  - name: ghcr.io/acme/shop\n    newTag: v1.4.0\n',
          'k8s/web.yaml': LATEST,
        },
      ],
      ['an image of others', ['kubectl apply -f web.yaml'], { 'web.yaml': web('redis') }],
      ['nothing, to see what would change', ['kubectl apply --dry-run=client -f web.yaml'], { 'web.yaml': LATEST }],
      ['a file nobody has', ['kubectl apply -f web.yaml -f "$FILE" -f https://host/a.yaml'], {}],
      [
        'a template of helm',
        ['kubectl apply -f web.yaml'],
        { 'web.yaml': LATEST.replace('ghcr', '{{ .Values.registry }}') },
      ],
    ])('may take %s', (_, commands, checkout) => {
      expect(found([...commands, 'kubectl rollout status deploy/web'], checkout)).toEqual([]);
    });
  });

  describe('by helm', () => {
    const values = (tag: string, key = 'image'): string =>
      `${key}:\n  repository: ghcr.io/acme/shop\n  tag: ${tag}\nreplicas: 2\n`;

    it.each([
      ['the chart', ['helm upgrade --install shop ./chart'], { 'chart/values.yaml': values('latest') }],
      ['a file of values', ['helm upgrade shop repo/web -f prod.yaml'], { 'prod.yaml': values('prod') }],
      ['a part of it', ['helm upgrade shop repo/web --values=prod.yaml'], { 'prod.yaml': values('dev', 'api') }],
      [
        'the last of several',
        ['helm upgrade shop ./chart -f prod.yaml'],
        { 'chart/values.yaml': values('v1'), 'prod.yaml': 'image:\n  tag: latest\n' },
      ],
    ])('must not take what %s says', (_, commands, checkout) => {
      expect(found(commands, checkout)).toEqual(['a.yml:9']);
    });

    it.each([
      [
        'a tag that is set',
        ['helm upgrade s ./chart --set image.tag=$GITHUB_SHA'],
        { 'chart/values.yaml': values('latest') },
      ],
      [
        'a version',
        ['helm upgrade s ./chart -f p.yaml'],
        { 'chart/values.yaml': values('latest'), 'p.yaml': values('v1') },
      ],
      ['no tag', ['helm upgrade s ./chart'], { 'chart/values.yaml': values('""') }],
      [
        'what it changes first',
        ['yq -i ".image.tag = env(T)" p.yaml', 'helm upgrade s r/c -f p.yaml'],
        { 'p.yaml': values('latest') },
      ],
      ['a file nobody has', ['helm upgrade s ./chart -f other.yaml'], { 'chart/values.yaml': values('latest') }],
      [
        'an image of others',
        ['helm upgrade s ./chart'],
        { 'chart/values.yaml': 'image:\n  repository: bitnami/redis\n  tag: latest\n' },
      ],
    ])('may take %s', (_, commands, checkout) => {
      expect(found(commands, checkout)).toEqual([]);
    });
  });

  describe('of a task definition of ECS', () => {
    const task = (image: string): string => JSON.stringify({ containerDefinitions: [{ name: 'web', image }] });
    const REGISTER = 'aws ecs register-task-definition --cli-input-json file://ecs/task.json';

    it('must not take a tag that moves', () => {
      const checkout = { 'ecs/task.json': task('1234.dkr.ecr.eu-central-1.amazonaws.com/shop:latest') };
      expect(
        found([REGISTER, 'aws ecs update-service --cluster c --service web --task-definition shop'], checkout),
      ).toEqual(['a.yml:9']);
      const text = [
        ...HEAD,
        '  deploy:',
        '    runs-on: ubuntu-24.04',
        '    steps:',
        '      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2',
        '        with:',
        '          task-definition: ecs/task.json',
      ].join('\n');
      expect(linesFound({ 'a.yml': text }, 'image/mutable-tag-in-deploy', { checkout })).toEqual(['a.yml:10']);
      const rendered = text.replace('ecs/task.json', '${{ steps.render.outputs.task-definition }}');
      expect(linesFound({ 'a.yml': rendered }, 'image/mutable-tag-in-deploy', { checkout })).toEqual([]);
    });

    it('may take what is put into it, or a placeholder', () => {
      const latest = { 'ecs/task.json': task('acme/shop:latest') };
      expect(found(['sed -i "s/latest/$GITHUB_SHA/" ecs/task.json', REGISTER], latest)).toEqual([]);
      expect(found([REGISTER], { 'ecs/task.json': task('<IMAGE1_NAME>') })).toEqual([]);
    });
  });

  describe('by compose on a server', () => {
    const infra = { 'infra/docker-compose.yml': COMPOSE };

    it.each([
      ['a folder below the one it starts in', ['ssh host "cd infra/ && docker compose up -d"'], infra],
      ['a folder of the project', ['ssh host "cd /srv/shop/infra && docker compose up -d"'], infra],
      ['a folder in the home', ['ssh host "cd ~/shop && cd infra && docker compose pull"'], infra],
      ['a folder below a variable', ['ssh host "cd ${{ secrets.APP_DIR }}/infra && docker compose up -d"'], infra],
      ['a file below it', ['ssh host "cd /opt/shop && docker compose -f infra/docker-compose.yml up -d"'], infra],
      ['a folder at the root of the server', ['ssh host "cd /shop/infra && docker compose up -d"'], infra],
      ['the root', ['ssh host "cd /srv/infra && docker compose up -d"'], { 'docker-compose.yml': COMPOSE }],
      [
        'a file under another name',
        ['ssh host "cd /srv/shop; cp compose.prod.yml compose.yml; docker compose up -d"'],
        { 'compose.prod.yml': COMPOSE },
      ],
      ['a swarm', ['ssh host docker stack deploy -c docker-compose.yml shop'], { 'docker-compose.yml': COMPOSE }],
      ['a swarm, elsewhere', ['cd infra; docker stack deploy --compose-file docker-compose.yml shop'], infra],
    ])('reads the file in %s', (_, commands, checkout) => {
      expect(found(commands, checkout)).toEqual(['a.yml:9']);
    });

    it.each([
      ['another folder', ['ssh host "cd /srv/other && docker compose up -d"'], infra],
      ['the root of another project', ['ssh host "cd /srv/infra && docker compose up -d"'], infra],
      [
        'a copy that is edited',
        [
          'ssh host "cd /srv/shop; cp compose.prod.yml compose.yml; sed -i s/latest/1/ compose.yml; docker compose up -d"',
        ],
        { 'compose.prod.yml': COMPOSE },
      ],
      [
        'a swarm that is given the tag',
        ['IMAGE_TAG=$GITHUB_SHA docker stack deploy -c infra/docker-compose.yml shop'],
        infra,
      ],
    ])('but not in %s', (_, commands, checkout) => {
      expect(found(commands, checkout)).toEqual([]);
    });
  });

  describe('after a job that gave the compose file its name on the server', () => {
    const job = (name: string, command: string, needs = ''): string =>
      `  ${name}:\n    runs-on: ubuntu-24.04\n${needs}    steps:\n      - run: ${command}\n`;
    const inTwoJobs = (first: string, needs = '    needs: copy\n'): readonly string[] =>
      linesFound(
        {
          'a.yml': `${HEAD.join('\n')}\n${job('copy', first)}${job('deploy', 'ssh host "cd /srv/shop/infra && docker compose up -d"', needs)}`,
        },
        'image/mutable-tag-in-deploy',
        { checkout: { 'infra/compose.prod.yml': COMPOSE } },
      );

    it.each(['mv', 'cp'])('reads the file that %s was given', (program) => {
      const copy = `ssh host "cd /srv/shop && ${program} infra/compose.prod.yml infra/compose.yml"`;
      expect(inTwoJobs(copy)).toEqual(['a.yml:13']);
    });

    it.each([
      [
        'it is edited',
        'ssh host "cd /srv/shop && mv infra/compose.prod.yml infra/compose.yml && sed -i s/a/b/ infra/compose.yml"',
      ],
      ['the copy is one of the runner', 'mv infra/compose.prod.yml infra/compose.yml'],
    ])('but not where %s', (_, command) => {
      expect(inTwoJobs(command)).toEqual([]);
    });

    it('but not where nobody waits for that job', () => {
      expect(inTwoJobs('ssh host "mv infra/compose.prod.yml infra/compose.yml"', '')).toEqual([]);
    });
  });

  it('of a pull request must not take its number', () => {
    const command = 'helm upgrade web . --set image.tag=pr-${{ github.event.pull_request.number }}';
    const text = deploy(command).replace('push:', 'pull_request:');
    expect(linesFound({ 'a.yml': text }, 'image/mutable-tag-in-deploy')).toEqual(['a.yml:9']);
  });

  it('by tags alone may take the name of the tag', () => {
    const text = deploy('ssh host docker pull acme/shop:$GITHUB_REF_NAME').replace('branches: [main]', "tags: ['v*']");
    expect(linesFound({ 'a.yml': text }, 'image/mutable-tag-in-deploy')).toEqual([]);
  });

  it('only counts where it is one', () => {
    const text = deploy('docker build -t acme/shop .', 'docker run -d acme/shop', 'pytest').replace('deploy:', 'test:');
    expect(linesFound({ 'a.yml': text }, 'image/mutable-tag-in-deploy')).toEqual([]);
  });
});

describe('a script that a deployment runs', () => {
  const PULL =
    '#!/bin/bash\nset -e\ndocker compose pull\nfor service in db web; do\n  docker compose up -d "$service"\ndone\n';
  const checkout = { 'docker-compose.yml': COMPOSE, 'ops/release.sh': PULL };

  it('hands the variable that stands before its call on to compose', () => {
    expect(found(['ssh host <<EOF', 'IMAGE_TAG=${{ github.sha }} bash ops/release.sh', 'EOF'], checkout)).toEqual([]);
  });

  it('hands a variable that its caller has exported on to compose', () => {
    expect(
      found(['ssh host <<EOF', 'export IMAGE_TAG=${{ github.sha }}', './ops/release.sh', 'EOF'], checkout),
    ).toEqual([]);
  });

  it('leaves compose to its default if the variable is not exported', () => {
    expect(
      found(['ssh host <<EOF', 'IMAGE_TAG=${{ github.sha }}', './ops/release.sh', 'EOF'], checkout).length,
    ).toBeGreaterThan(0);
  });
});

describe('a manifest that a variable is filled in', () => {
  const checkout = { 'web.yaml': 'kind: Pod\nspec:\n  containers:\n    - name: web\n      image: acme/shop:${TAG}\n' };

  it.each([
    ['a pipe', ['export TAG=latest', 'envsubst < web.yaml | kubectl apply -f -'], ['a.yml:10']],
    ['the commit', ['export TAG=${{ github.sha }}', 'envsubst < web.yaml | kubectl apply -f -'], []],
    ['a file that is not here', ['export TAG=latest', 'envsubst < other.yaml | kubectl apply -f -'], ['a.yml:9']],
  ])('is one finding: %s', (_, commands, lines) => {
    expect(found(commands, checkout)).toEqual(lines);
  });
});
