import { describe, expect, it } from 'vitest';

import { convert, onServer } from './support/convert-images.ts';
import { findingsOf, type Files } from './support/convert.ts';

const PUSHED = [
  '- uses: docker/build-push-action@v6',
  '  with:',
  '    push: true',
  '    tags: ghcr.io/acme/api:latest',
];
const PUSHES = 'deploy.yml:12:          tags: ghcr.io/acme/api:latest,ghcr.io/acme/api:${{ github.sha }}';
const composeOf = (image = 'ghcr.io/acme/api:${TAG}'): Files => ({
  'compose.yml': `services:\n  web:\n    image: ${image}\n  db:\n    image: postgres:16\n`,
});

describe('a tag that a compose file takes from a variable of its own', () => {
  it.each<readonly [string, readonly string[], string, readonly string[]]>([
    [
      'in front of compose',
      onServer('TAG=latest docker compose pull', 'TAG=latest docker compose up -d'),
      'ghcr.io/acme/api:${TAG}',
      [
        '31:            TAG=${{ github.sha }} docker compose pull',
        '32:            TAG=${{ github.sha }} docker compose up -d',
      ],
    ],
    [
      'in front of one command of several',
      onServer('TAG=latest docker compose pull', 'docker compose up -d'),
      'ghcr.io/acme/api:${TAG:-latest}',
      [
        '31:            TAG=${{ github.sha }} docker compose pull',
        '32:            TAG=${{ github.sha }} docker compose up -d',
      ],
    ],
    [
      'by export',
      onServer('export TAG="latest" LEVEL=info', 'docker compose pull', 'docker compose up -d'),
      '"ghcr.io/acme/api:$TAG"',
      ['31:            export TAG="${{ github.sha }}" LEVEL=info'],
    ],
    [
      'by a line of .env, also for sudo',
      onServer("echo 'TAG=latest' >> .env", 'sudo docker compose up -d'),
      'ghcr.io/acme/api:${TAG}',
      ["31:            echo 'TAG=${{ github.sha }}' >> .env"],
    ],
    [
      'by an edit of .env',
      onServer('sed -i "s/^TAG=.*/TAG=latest/" .env', 'docker compose up -d'),
      'ghcr.io/acme/api:${TAG:?}',
      ['31:            sed -i "s/^TAG=.*/TAG=${{ github.sha }}/" .env'],
    ],
    [
      'with the name of the image',
      onServer('export WEB=ghcr.io/acme/api:latest', 'docker compose up -d'),
      '${WEB}',
      ['31:            export WEB=ghcr.io/acme/api:${{ github.sha }}'],
    ],
    [
      'by the script of an SSH action',
      [
        '- uses: appleboy/ssh-action@v1',
        '  with:',
        '    host: prod.example.com',
        '    script: |',
        '      cd /srv/app',
        '      export TAG=latest',
        '      docker compose up -d',
      ],
      'ghcr.io/acme/api:${TAG}',
      ['32:            export TAG=${{ github.sha }}'],
    ],
    [
      'by `env`, which an SSH action hands on',
      [
        '- uses: appleboy/ssh-action@v1',
        '  env:',
        '    TAG: latest',
        '  with:',
        '    host: prod.example.com',
        '    envs: TAG',
        '    script: cd /srv/app && docker compose up -d',
      ],
      'ghcr.io/acme/api:${TAG}',
      ['29:          TAG: ${{ github.sha }}'],
    ],
  ])('is the commit where the deployment sets it %s', async (_, deploy, image, lines) => {
    const { added, left, after } = await convert({ build: PUSHED, deploy }, composeOf(image));
    expect(left).toEqual([]);
    expect(added).toEqual([PUSHES, ...lines.map((line) => `deploy.yml:${line}`)]);
    expect(findingsOf(after)).toEqual([]);
  });

  it.each<readonly [string, string, string]>([
    [
      'in front of compose',
      'ssh app@prod "cd /srv/app && TAG=latest docker compose up -d"',
      'ssh app@prod "cd /srv/app && TAG=${GITHUB_SHA:-latest} docker compose up -d"',
    ],
    [
      'by export in a here-document',
      'ssh app@prod <<EOF\ncd /srv/app\nexport TAG=main\ndocker compose up -d\nEOF',
      'export TAG=${GITHUB_SHA:-main}',
    ],
  ])('is the commit of the runner where a script of the checkout sets it %s', async (_, script, line) => {
    const deploy = ['- run: bash scripts/deploy.sh'];
    const files = { ...composeOf(), 'scripts/deploy.sh': `${script}\n` };
    const { added, left, after } = await convert({ build: PUSHED, deploy }, files);
    expect(left).toEqual([]);
    expect(added.map((one) => one.replace(/^deploy\.sh:\d+:/, ''))).toEqual([PUSHES, line]);
    expect(findingsOf(after)).toEqual([]);
  });

  it('is the commit where nothing but its default, or .env of the checkout, says it', async () => {
    const wanted = { build: PUSHED, deploy: onServer('git pull', 'docker compose up -d') };
    const added = [PUSHES, 'deploy.yml:32:            TAG=${{ github.sha }} docker compose up -d'];
    expect(await convert(wanted, composeOf('ghcr.io/acme/api:${TAG:-latest}'))).toMatchObject({ added, left: [] });
    expect(await convert(wanted, { ...composeOf(), '.env': 'TAG=latest\n' })).toMatchObject({ added, left: [] });
  });

  it('is the whole image by the commit where the variable holds that, and its default names it', async () => {
    const { added, left, after } = await convert(
      { build: PUSHED, deploy: onServer('git pull', 'docker compose pull', 'docker compose up -d') },
      composeOf('${WEB_IMAGE:-ghcr.io/acme/api:latest}'),
    );
    expect(left).toEqual([]);
    expect(added).toEqual([
      PUSHES,
      'deploy.yml:32:            WEB_IMAGE=ghcr.io/acme/api:${{ github.sha }} docker compose pull',
      'deploy.yml:33:            WEB_IMAGE=ghcr.io/acme/api:${{ github.sha }} docker compose up -d',
    ]);
    expect(findingsOf(after)).toEqual([]);
  });

  it('is left where the variable holds the image without a tag', async () => {
    const images = ['- run: docker build -t app .', '- run: docker push app'];
    const { added } = await convert(
      { build: images, deploy: onServer('export WEB=app', 'docker compose up -d') },
      composeOf('${WEB}'),
    );
    expect(added).toEqual([]);
  });

  it('is left where one command of several has the whole image in front, and the file does not name it', async () => {
    const { added, left } = await convert(
      { build: PUSHED, deploy: onServer('WEB=ghcr.io/acme/api:latest docker compose pull', 'docker compose up -d') },
      composeOf('${WEB}'),
    );
    expect(added).toEqual([]);
    expect(left[0]).toContain('is not written in a form that can be changed mechanically');
  });

  it.each<readonly [string, readonly string[], Files, readonly string[]]>([
    [
      'another image takes the same variable',
      onServer('TAG=latest docker compose up -d'),
      composeOf('ghcr.io/acme/api:${TAG}\n  worker:\n    image: acme/worker:${TAG}'),
      [
        'compose.yml:3: ghcr.io/acme/api:latest in deploy: TAG is used for something else, too',
        'compose.yml:5: acme/worker:latest in deploy: no job of this workflow pushes it',
      ],
    ],
    [
      'another command reads the variable',
      onServer('export TAG=latest', 'docker compose up -d', 'echo "$TAG" > released'),
      composeOf(),
      [
        'compose.yml:3: ghcr.io/acme/api:latest in deploy: its tag, or the command that starts it, is not written in a form that can be changed mechanically',
      ],
    ],
    [
      'a script of the checkout sets it where the runner does not fill it in',
      ['- run: bash deploy.sh'],
      { ...composeOf(), 'deploy.sh': "ssh app@prod 'cd /srv/app && TAG=latest docker compose up -d'\n" },
      ['compose.yml:3: ghcr.io/acme/api:latest in deploy: deploy.sh starts it, and a script does not know the commit'],
    ],
    [
      'a script of the checkout starts compose, and the file has no variable',
      ['- run: bash deploy.sh'],
      { ...composeOf('ghcr.io/acme/api:latest'), 'deploy.sh': 'docker compose up -d\nssh app@prod true\n' },
      ['compose.yml:3: ghcr.io/acme/api:latest in deploy: deploy.sh starts it, and a script does not know the commit'],
    ],
    [
      'another workflow runs the script, too',
      ['- run: bash deploy.sh'],
      {
        ...composeOf(),
        'deploy.sh': 'ssh app@prod "cd /srv/app && TAG=latest docker compose up -d"\n',
        '.github/workflows/again.yml':
          'on: workflow_dispatch\njobs:\n  again:\n    runs-on: ubuntu-latest\n    environment: prod\n    steps:\n      - uses: actions/checkout@v4\n      - run: bash deploy.sh\n',
      },
      [
        'compose.yml:3: ghcr.io/acme/api:latest in again: no job of this workflow pushes it',
        'compose.yml:3: ghcr.io/acme/api:latest in deploy: deploy.sh starts it, and a script does not know the commit',
      ],
    ],
    [
      'only a default says it, and nothing brings the file to the server',
      onServer('docker compose up -d'),
      composeOf('ghcr.io/acme/api:${TAG:-latest}'),
      ['compose.yml:3: ghcr.io/acme/api:$TAG in deploy: nothing in the deployment brings compose.yml to the server'],
    ],
    [
      'the compose file is not in the checkout',
      onServer('TAG=latest docker compose up -d'),
      {},
      [
        '.github/workflows/deploy.yml:31: the tag latest in deploy: which image takes it stands in a file that is not in the checkout',
      ],
    ],
  ])('is left where %s', async (_, deploy, files, expected) => {
    const { added, left } = await convert({ build: PUSHED, deploy }, files);
    expect(added).toEqual([]);
    expect(left).toEqual(expected);
  });
});
