import { describe, expect, it } from 'vitest';

import { imagesOf } from './images-of.ts';

/** A script and what it says of images: what is done, the reference, and the text it is written as. */
const SHELL: readonly (readonly [string, readonly string[]])[] = [
  ['docker pull team/app:latest', ['pull team/app:latest at team/app:latest']],
  ['docker pull "team/app:latest"', ['pull team/app:latest at team/app:latest']],
  ['sudo docker --context far image pull -q team/app', ['pull team/app at team/app']],
  ['docker pull --platform linux/amd64 team/app:1', ['pull team/app:1 at team/app:1']],
  ['docker run -d --name web -p 80:80 team/app:dev gunicorn app', ['run team/app:dev at team/app:dev']],
  ['docker run -itd --restart always --env-file=.env team/app:dev', ['run team/app:dev at team/app:dev']],
  ['docker run -dp 80:80 -eA=1 team/app', ['run team/app at team/app']],
  ['docker run $DOCKER_OPTS team/app:x', ['run team/app:x at team/app:x']],
  ['docker create --name web team/app:x', ['run team/app:x at team/app:x']],
  ['docker service update --image team/app:x web', ['deploy team/app:x at team/app:x']],
  ['docker service create --name web --replicas 2 team/app:x', ['deploy team/app:x at team/app:x']],
  ['docker build -t team/app:x -f deploy/Dockerfile .', ['build team/app:x at team/app:x']],
  ['docker build --tag=team/app:x --no-cache .', ['build team/app:x at team/app:x']],
  ['docker buildx build --push -t team/app:x .', ['build team/app:x at team/app:x', 'push team/app:x at team/app:x']],
  [
    'docker buildx build -o type=image,name=team/app:x,push=true .',
    ['build team/app:x at team/app:x', 'push team/app:x at team/app:x'],
  ],
  ['docker buildx build -o type=image,name=team/app,push-by-digest=true,push=true .', []],
  ['docker tag app team/app:x', ['tag team/app:x at team/app:x']],
  ['docker push team/app:x', ['push team/app:x at team/app:x']],
  [
    'docker build -t team/app:a -t team/app:b .\ndocker push --all-tags team/app',
    [
      'build team/app:a at team/app:a',
      'build team/app:b at team/app:b',
      'push team/app:a at team/app',
      'push team/app:b at team/app',
    ],
  ],
  ['docker buildx imagetools create -t team/app:y team/app:x', ['push team/app:y at team/app:y']],
  ['podman push app docker://quay.io/team/app:x', ['push docker://quay.io/team/app:x at docker://quay.io/team/app:x']],
  ['crane tag team/app:x stable', ['push team/app:stable at stable']],
  ['skopeo copy --all docker://team/app:x docker://team/app:y', ['push docker://team/app:y at docker://team/app:y']],
  [
    '/kaniko/executor --context . --destination team/app:x',
    ['build team/app:x at team/app:x', 'push team/app:x at team/app:x'],
  ],
  [
    'kubectl -n shop set image deployment/web web=team/app:x side=team/side:y',
    ['deploy team/app:x at team/app:x', 'deploy team/side:y at team/side:y'],
  ],
  [
    'kubectl set image deploy/web *="team/app:$(git rev-parse HEAD)"',
    ['deploy team/app:${github.sha} at team/app:$(git rev-parse HEAD)'],
  ],
  ['kubectl run job --image=team/app:x --restart=Never -- true', ['run team/app:x at team/app:x']],
  ['kubectl create job up --image team/app:x', ['deploy team/app:x at team/app:x']],
  [
    `kubectl patch deploy web -p '{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"team/app:x"}]}}}}'`,
    ['deploy team/app:x at team/app:x'],
  ],
  [
    'helm upgrade --install web ./chart --set image.repository=team/app,image.tag=latest',
    ['deploy team/app:latest at latest'],
  ],
  ['helm upgrade web ./chart --set "api.image.tag=${{ github.sha }}"', ['deploy ${github.sha} at ${{ github.sha }}']],
  ['helm upgrade web ./chart --version 1.2.3 --set replicas=2', []],
  ['kustomize edit set image app=team/app:x', ['deploy team/app:x at team/app:x']],
  ['sed -i "s|image: .*|image: team/app:latest|" k8s/web.yml', ['deploy team/app:latest at team/app:latest']],
  ["sed -i 's/IMAGE_TAG/latest/g' k8s/web.yml", ['deploy latest at latest']],
  ["sed -i 's/DEBUG=1/DEBUG=0/' .env", []],
  [`yq -i '.spec.image = "team/app:x"' web.yml`, ['deploy team/app:x at team/app:x']],
  [
    `aws ecs describe-task-definition --task-definition t | jq --arg IMAGE "team/app:x" '.taskDefinition.containerDefinitions[0].image = $IMAGE'`,
    ['deploy team/app:x at team/app:x'],
  ],
  ['aws lambda update-function-code --function-name f --image-uri team/app:x', ['deploy team/app:x at team/app:x']],
  [
    `aws ecs register-task-definition --container-definitions '[{"image":"team/app:x"}]'`,
    ['deploy team/app:x at team/app:x'],
  ],
  ['gcloud run deploy web --region r --image gcr.io/p/app:x', ['deploy gcr.io/p/app:x at gcr.io/p/app:x']],
  ['gcloud beta run jobs update web --image=gcr.io/p/app:x', ['deploy gcr.io/p/app:x at gcr.io/p/app:x']],
  [
    'gcloud builds submit --tag gcr.io/p/app',
    ['build gcr.io/p/app at gcr.io/p/app', 'push gcr.io/p/app at gcr.io/p/app'],
  ],
  [
    'az webapp config container set -n w -g g --docker-custom-image-name r.azurecr.io/app:x',
    ['deploy r.azurecr.io/app:x at r.azurecr.io/app:x'],
  ],
  ['az containerapp update -n w --image r.azurecr.io/app:x', ['deploy r.azurecr.io/app:x at r.azurecr.io/app:x']],
  [
    'flyctl deploy --image registry.fly.io/app:x --remote-only',
    ['deploy registry.fly.io/app:x at registry.fly.io/app:x'],
  ],
  ['IMAGE_TAG=latest docker compose up -d', ['deploy latest at latest']],
  ['export IMAGE_TAG=latest\ndocker compose -f web.yml up -d', ['deploy latest at latest']],
  ['export TAG=x\nenvsubst < a.yml | kubectl apply -f -', ['deploy x at x']],
  ['echo "BACKEND_IMAGE=team/app:latest" >> .env', ['deploy team/app:latest at team/app:latest']],
  ['echo "docker pull team/app:latest"', []],
  ['ssh host "docker pull team/app:latest && docker stop web"', ['pull team/app:latest at team/app:latest']],
  [
    'ssh host <<EOF\n  docker pull team/app:${{ github.sha }}\nEOF',
    ['pull team/app:${github.sha} at team/app:${{ github.sha }}'],
  ],
  ['IMAGE=team/app:latest\ndocker pull $IMAGE', ['pull team/app:latest at $IMAGE']],
  ['TAG=latest\ndocker pull team/app:$TAG', ['pull team/app:latest at team/app:$TAG']],
  ['docker pull team/app:${TAG:-latest}', ['pull team/app:${TAG:-latest} at team/app:${TAG:-latest}']],
  [
    'TAGS="-t team/app:a -t team/app:b"\ndocker build $TAGS .',
    ['build team/app:a at $TAGS', 'build team/app:b at $TAGS'],
  ],
];

describe('images in commands', () => {
  it.each(SHELL)('%s', (run, expected) => {
    expect(imagesOf({ run }).lines).toEqual(expected);
  });
});

const COMPOSE = `services:
  web:
    image: team/web:\${TAG:-latest}
  worker:
    build: .
    image: team/worker:dev
  db:
    image: postgres:16
`;

describe('images of compose files in the checkout', () => {
  const files = { 'docker-compose.yml': COMPOSE };

  it('are taken where the command takes them', () => {
    const { uses } = imagesOf({ run: 'docker compose pull', files });
    expect(uses.map(({ use, saidIn }) => [use, saidIn?.text, saidIn?.span.line])).toEqual([
      ['pull', 'image: team/web:${TAG:-latest}', 3],
      ['pull', 'image: team/worker:dev', 6],
      ['pull', 'image: postgres:16', 8],
    ]);
  });

  it.each([
    ['docker compose pull web', 'pull', ['team/web:$TAG', 'team/web:latest']],
    ['TAG=abc docker-compose -f ./docker-compose.yml up -d web', 'run', ['team/web:abc']],
    ['export TAG=abc\ndocker compose up -d web', 'run', ['team/web:abc']],
    ['docker compose build worker', 'build', ['team/worker:dev']],
  ])('%s', (run, use, expected) => {
    const { uses, holes } = imagesOf({ run, files });
    const shown = uses.flatMap(({ references }) => references.map(({ repository, tag }) => `${repository}:${tag}`));
    const named = shown.map((text) => [...text].map((one) => holes.get(one)?.name ?? one).join(''));
    expect(uses.every((one) => one.use === use)).toBe(true);
    expect(named).toEqual(expected);
  });
});

describe('images of actions', () => {
  it('lists tags on lines and between commas, pushed where it says so', () => {
    const tags = 'team/app:${{ github.sha }}\nteam/app:latest, team/app:x';
    expect(imagesOf({ action: 'docker/build-push-action', with: { tags } }).lines).toEqual([
      'build team/app:${github.sha} at team/app:${{ github.sha }}',
      'build team/app:latest at team/app:latest',
      'build team/app:x at team/app:x',
    ]);
    const uses = imagesOf({ action: 'docker/build-push-action', with: { tags, push: 'true' } }).lines;
    expect(uses.filter((line) => line.startsWith('push'))).toHaveLength(3);
    expect(imagesOf({ action: 'docker/build-push-action', with: { tags, push: 'false' } }).lines).toHaveLength(3);
  });

  it.each([
    ['aws-actions/amazon-ecs-render-task-definition', { image: 'r/app:x' }, ['deploy r/app:x at r/app:x']],
    [
      'azure/webapps-deploy',
      { images: 'r/app:${{ github.sha }}' },
      ['deploy r/app:${github.sha} at r/app:${{ github.sha }}'],
    ],
    ['azure/k8s-deploy', { images: 'r/a:x\nr/b:y' }, ['deploy r/a:x at r/a:x', 'deploy r/b:y at r/b:y']],
    ['elgohr/publish-docker-github-action', { name: 'team/app' }, ['push team/app:latest at team/app']],
    [
      'whoan/docker-build-with-cache-action',
      { registry: 'r.io', image_name: 'app', image_tag: 'a,b' },
      ['push r.io/app:a at a', 'push r.io/app:b at b'],
    ],
    [
      'superfly/flyctl-actions',
      { args: 'deploy --image registry.fly.io/a:x' },
      ['deploy registry.fly.io/a:x at registry.fly.io/a:x'],
    ],
    ['actions/checkout', { ref: 'main' }, []],
  ])('%s', (action, inputs, expected) => {
    expect(imagesOf({ action, with: inputs }).lines).toEqual(expected);
  });
});
