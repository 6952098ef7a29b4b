import { describe, expect, it } from 'vitest';

import { convert, DEPLOY, FILE, onServer } from './support/convert-images.ts';
import { decouple, findingsOf, type Files } from './support/convert.ts';

const metadata = (keys: readonly string[], step: readonly string[] = []): readonly string[] => [
  '- id: meta',
  '  uses: docker/metadata-action@v5',
  ...step.map((line) => `  ${line}`),
  '  with:',
  ...keys.map((line) => `    ${line}`),
  '- uses: docker/build-push-action@v6',
  '  with:',
  '    push: true',
  '    tags: ${{ steps.meta.outputs.tags }}',
];

const taken = (line: number, tag = '${{ github.sha }}'): string =>
  `deploy.yml:${line}:      - run: kubectl set image deployment/api api=ghcr.io/acme/api:${tag}`;

describe('a build whose tags docker/metadata-action gives', () => {
  it('gets a rule for the commit at the end of its rules', async () => {
    const { added, left, after } = await convert({
      build: metadata(['images: ghcr.io/acme/api', 'tags: |', '  type=ref,event=branch', '  type=raw,value=latest']),
      deploy: DEPLOY,
    });
    expect(left).toEqual([]);
    expect(added).toEqual(['deploy.yml:16:            type=sha,format=long,prefix=', taken(35)]);
    expect(findingsOf(after)).toEqual([]);
  });

  it('gets the rules that hold without any, and one for the commit, if it has none', async () => {
    const { added, left, after } = await convert({ build: metadata(['images: ghcr.io/acme/api']), deploy: DEPLOY });
    expect(left).toEqual([]);
    expect(added).toEqual([
      'deploy.yml:13:          tags: |',
      'deploy.yml:14:            type=schedule',
      'deploy.yml:15:            type=ref,event=branch',
      'deploy.yml:16:            type=ref,event=tag',
      'deploy.yml:17:            type=ref,event=pr',
      'deploy.yml:18:            type=sha,format=long,prefix=',
      taken(37),
    ]);
    expect(findingsOf(after)).toEqual([]);
  });

  it('gets a second rule where the only one stands on the line of its key, and keeps the suffix of others from it', async () => {
    const { added } = await convert({
      build: metadata(['images: ghcr.io/acme/api', 'flavor: suffix=-slim', 'tags: type=ref,event=branch']),
      deploy: DEPLOY,
    });
    expect(added).toEqual([
      'deploy.yml:14:          tags: |',
      'deploy.yml:15:            type=ref,event=branch',
      'deploy.yml:16:            type=sha,format=long,prefix=,suffix=',
      taken(35),
    ]);
  });

  it('stays as it is where it gives the whole commit already, and the deployment takes that', async () => {
    const { added } = await convert({
      build: metadata(['images: ghcr.io/acme/api', 'tags: |', '  type=ref,event=branch', '  type=sha,format=long']),
      deploy: DEPLOY,
    });
    expect(added).toEqual([taken(34, 'sha-${{ github.sha }}')]);
  });

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['it takes the commit from Git', ['images: ghcr.io/acme/api', 'context: git'], []],
    [
      'it takes the commit of a pull request',
      ['images: ghcr.io/acme/api'],
      ['env:', '  DOCKER_METADATA_PR_HEAD_SHA: true'],
    ],
    ['it orders its tags by hand', ['images: ghcr.io/acme/api', 'tags: |', '  type=ref,event=branch,priority=50'], []],
    ['a comment follows its only rule', ['images: ghcr.io/acme/api', 'tags: type=ref,event=branch # the branch'], []],
    ['its inputs stand on one line', ['{ images: ghcr.io/acme/api }'], []],
  ])('is left where %s', async (_, keys, step) => {
    const { added, left } = await convert({ build: metadata(keys, step), deploy: DEPLOY });
    expect(added).toEqual([]);
    expect(left.map((line) => line.replace(/^.*?: /, ''))).toEqual([
      'ghcr.io/acme/api:main in deploy: the way it is built cannot be given a second tag mechanically',
    ]);
  });
});

describe('a build that pushes a short tag of the commit, by docker/metadata-action', () => {
  const SHORT = metadata(['images: ghcr.io/acme/api', 'tags: |', '  type=raw,value=main', '  type=sha']);

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['a command of the runner', DEPLOY, [taken(34, 'sha-${GITHUB_SHA::7}')]],
    [
      'a script in double quotes for a server',
      ['- run: ssh app@prod "docker run -d ghcr.io/acme/api:main"'],
      ['deploy.yml:34:      - run: ssh app@prod "docker run -d ghcr.io/acme/api:sha-${GITHUB_SHA::7}"'],
    ],
  ])('is deployed by it in %s', async (_, deploy, expected) => {
    const { added, left, after } = await convert({ build: SHORT, deploy });
    expect(left).toEqual([]);
    expect(added).toEqual(expected);
    expect(findingsOf(after)).toEqual([]);
  });

  it('has another prefix where its rule says so', async () => {
    const build = SHORT.map((line) => line.replace('type=sha', 'type=sha,prefix=git-'));
    expect((await convert({ build, deploy: DEPLOY })).added).toEqual([taken(34, 'git-${GITHUB_SHA::7}')]);
  });

  it.each<readonly [string, readonly string[], readonly string[], string]>([
    [
      'the server would have to shorten',
      SHORT,
      onServer('docker run -d ghcr.io/acme/api:main'),
      '  docker run -d ghcr.io/acme/api:${{ github.sha }}',
    ],
    [
      'single quotes keep the shell from it',
      SHORT,
      ["- run: kubectl set image deployment/api 'api=ghcr.io/acme/api:main'"],
      "kubectl set image deployment/api 'api=ghcr.io/acme/api:${{ github.sha }}'",
    ],
    [
      'another shell is asked for',
      SHORT,
      ['- shell: sh', '  run: kubectl set image deployment/api api=ghcr.io/acme/api:main'],
      'kubectl set image deployment/api api=ghcr.io/acme/api:${{ github.sha }}',
    ],
    [
      'the short form has another length',
      metadata(
        ['images: ghcr.io/acme/api', 'tags: |', '  type=raw,value=main', '  type=sha'],
        ['env:', '  DOCKER_METADATA_SHORT_SHA_LENGTH: 9'],
      ),
      DEPLOY,
      'kubectl set image deployment/api api=ghcr.io/acme/api:${{ github.sha }}',
    ],
  ])('gets a rule for the whole commit where %s', async (_, build, deploy, expected) => {
    const { added } = await convert({ build, deploy });
    expect(added[0]).toMatch(/: +type=sha,format=long,prefix=$/);
    expect(added[1]?.endsWith(expected), added[1]).toBe(true);
  });
});

describe('a digest that the build hands on', () => {
  const build = [
    '- id: push',
    '  uses: docker/build-push-action@v6',
    '  with:',
    '    push: true',
    '    tags: ghcr.io/acme/api:main',
  ];
  const outputs = ['outputs:', '  digest: ${{ steps.push.outputs.digest }}'];
  const canary = (needs: string): readonly string[] => [
    '  canary:',
    `    needs: ${needs}`,
    '    runs-on: ubuntu-latest',
    '    environment: dev',
    '    steps:',
    '      - run: kubectl set image deployment/canary api=ghcr.io/acme/api@${{ needs.build.outputs.digest }}',
  ];

  it('is taken by all deployments where one of them takes it', async () => {
    const { added, left } = await convert({ build, outputs, deploy: DEPLOY, others: canary('[build, migrate]') });
    expect(left).toEqual([]);
    expect(added).toEqual([
      'deploy.yml:30:      - run: kubectl set image deployment/api api=ghcr.io/acme/api@${{ needs.build.outputs.digest }}',
    ]);
  });

  it('is not taken by a deployment that does not need the job that hands it on', async () => {
    const { added } = await convert({
      build,
      outputs,
      deploy: DEPLOY,
      others: canary('[build, migrate]'),
      needs: 'migrate',
    });
    expect(added).toEqual([
      'deploy.yml:15:          tags: ghcr.io/acme/api:main,ghcr.io/acme/api:${{ github.sha }}',
      taken(30),
    ]);
  });

  it('is not known where no deployment takes it: the commit is', async () => {
    const { added } = await convert({ build, outputs, deploy: DEPLOY });
    expect(added).toEqual([
      'deploy.yml:15:          tags: ghcr.io/acme/api:main,ghcr.io/acme/api:${{ github.sha }}',
      taken(30),
    ]);
  });
});

describe('an image that the deployment only pulls', () => {
  it('is left: what starts it, compose with a file of the server, would start the old one', async () => {
    const { added, left } = await convert({
      build: metadata(['images: ghcr.io/acme/api']),
      deploy: [
        "- run: ssh app@prod.example.com 'docker pull ghcr.io/acme/api:main && cd /srv/app && docker compose up -d'",
      ],
    });
    expect(added).toEqual([]);
    expect(left).toEqual([
      '.github/workflows/deploy.yml:31: ghcr.io/acme/api:main in deploy: deploy only pulls it, and what starts it takes the tag from somewhere else',
    ]);
  });
});

const COMPOSE = 'services:\n  web:\n    image: ghcr.io/acme/api:main # moves\n  db:\n    image: postgres:16\n';

describe('a tag in a compose file of the checkout', () => {
  const pushed = [
    '- uses: docker/build-push-action@v6',
    '  with:',
    '    push: true',
    '    tags: ghcr.io/acme/api:main',
  ];
  const START = ['docker compose pull', 'docker compose up -d --remove-orphans'];
  const ofCompose = (text = COMPOSE): Files => ({ 'compose.yml': text });

  it('is taken from a variable that the deployment sets, where the server pulls the file', async () => {
    const { added, left, after } = await convert(
      { build: pushed, deploy: onServer('git pull', ...START) },
      ofCompose(),
    );
    expect(left).toEqual([]);
    expect(added).toEqual([
      'deploy.yml:12:          tags: ghcr.io/acme/api:main,ghcr.io/acme/api:${{ github.sha }}',
      'deploy.yml:32:            IMAGE_TAG=${{ github.sha }} docker compose pull',
      'deploy.yml:33:            IMAGE_TAG=${{ github.sha }} docker compose up -d --remove-orphans',
      'compose.yml:3:    image: ghcr.io/acme/api:${IMAGE_TAG:-main} # moves',
    ]);
    expect(findingsOf(after)).toEqual([]);
  });

  it('is taken from a variable where the job sends the file', async () => {
    const { added } = await convert(
      { build: pushed, deploy: ['- run: scp compose.yml app@prod.example.com:/srv/app/', ...onServer(...START)] },
      ofCompose("services:\n  web:\n    image: 'ghcr.io/acme/api'\n"),
    );
    expect(added).toEqual([
      'deploy.yml:12:          tags: ghcr.io/acme/api:main,ghcr.io/acme/api:${{ github.sha }}',
      'deploy.yml:32:            IMAGE_TAG=${{ github.sha }} docker compose pull',
      'deploy.yml:33:            IMAGE_TAG=${{ github.sha }} docker compose up -d --remove-orphans',
      "compose.yml:3:    image: 'ghcr.io/acme/api:${IMAGE_TAG:-latest}'",
    ]);
  });

  it('is built and pushed a second time for the commit where compose builds', async () => {
    const built = 'services:\n  web:\n    build: .\n    image: ghcr.io/acme/api:main\n';
    const { added, left, after } = await convert(
      {
        build: ['- run: docker compose build --pull', '- run: |', '    docker compose push --quiet', '    echo pushed'],
        deploy: onServer('git pull', 'docker compose pull', 'docker compose up -d --no-build'),
      },
      ofCompose(built),
    );
    expect(left).toEqual([]);
    expect(added).toEqual([
      'deploy.yml:9:      - run: IMAGE_TAG=${{ github.sha }} docker compose build --pull && docker compose build --pull',
      'deploy.yml:11:          IMAGE_TAG=${{ github.sha }} docker compose push --quiet',
      'deploy.yml:33:            IMAGE_TAG=${{ github.sha }} docker compose pull',
      'deploy.yml:34:            IMAGE_TAG=${{ github.sha }} docker compose up -d --no-build',
      'compose.yml:4:    image: ghcr.io/acme/api:${IMAGE_TAG:-main}',
    ]);
    expect(findingsOf(after)).toEqual([]);
  });

  it.each<readonly [string, readonly string[], Files, string]>([
    [
      'nothing brings the file to the server',
      onServer(...START),
      ofCompose(),
      'nothing in the deployment brings compose.yml to the server',
    ],
    [
      '`sudo` may drop the variable',
      onServer('git pull', 'sudo docker compose up -d'),
      ofCompose(),
      'its tag, or the command that starts it, is not written in a form that can be changed mechanically',
    ],
    [
      'the variable is there for something else',
      onServer('git pull', ...START),
      ofCompose(`${COMPOSE}    environment: [IMAGE_TAG]\n`),
      'IMAGE_TAG is used for something else already',
    ],
  ])('is left where %s', async (_, deploy, more, why) => {
    const { added, left } = await convert({ build: pushed, deploy }, more);
    expect(added).toEqual([]);
    expect([...new Set(left)]).toEqual([`compose.yml:3: ghcr.io/acme/api:main in deploy: ${why}`]);
  });

  it('is left where a manifest of Kubernetes holds it: two files would have to agree', async () => {
    const { added, left } = await convert(
      { build: pushed, deploy: ['- run: kubectl apply -f k8s/'] },
      {
        'k8s/api.yaml':
          'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: ghcr.io/acme/api:main\n',
      },
    );
    expect(added).toEqual([]);
    expect(left).toEqual([
      'k8s/api.yaml:10: ghcr.io/acme/api:main in deploy: its tag stands in another file than the workflow',
    ]);
  });
});

describe('a compose file that two workflows use', () => {
  it('takes the commit where one of them builds, and keeps its tag for the other, which is named', async () => {
    const UP = onServer('git pull', 'docker compose up -d');
    const nightly = [
      'on: workflow_dispatch',
      'jobs:',
      '  again:',
      '    runs-on: ubuntu-latest',
      '    environment: prod',
      '    steps:',
    ];
    const { added, left } = await convert(
      {
        build: ['- uses: docker/build-push-action@v6', '  with:', '    push: true', '    tags: ghcr.io/acme/api:main'],
        deploy: UP,
      },
      {
        'compose.yml': COMPOSE,
        '.github/workflows/again.yml': [
          ...nightly,
          '      - uses: actions/checkout@v4',
          ...UP.map((line) => `      ${line}`),
          '',
        ].join('\n'),
      },
    );
    expect(added).toEqual([
      'deploy.yml:12:          tags: ghcr.io/acme/api:main,ghcr.io/acme/api:${{ github.sha }}',
      'deploy.yml:32:            IMAGE_TAG=${{ github.sha }} docker compose up -d',
      'compose.yml:3:    image: ghcr.io/acme/api:${IMAGE_TAG:-main} # moves',
    ]);
    expect(left).toEqual(['compose.yml:3: ghcr.io/acme/api:main in again: no job of this workflow pushes it']);
  });
});

describe('a compose file whose images several workflows build', () => {
  const TWO = 'services:\n  web:\n    image: ghcr.io/acme/api:main\n  site:\n    image: ghcr.io/acme/site:main\n';
  const push = (name: string): readonly string[] => [
    '- uses: docker/build-push-action@v6',
    '  with:',
    '    push: true',
    `    tags: ghcr.io/acme/${name}:main`,
  ];
  const site = (service: string): string =>
    [
      'on: push',
      'jobs:',
      '  site:',
      '    runs-on: ubuntu-latest',
      '    environment: prod',
      '    steps:',
      ...[...push('site'), ...onServer('git pull', `docker compose up -d${service}`)].map((line) => `      ${line}`),
      '',
    ].join('\n');

  it('keeps its tags: one variable would ask for images of commits that nobody has built', async () => {
    const { added, left } = await convert(
      { build: push('api'), deploy: onServer('git pull', 'docker compose up -d web') },
      { 'compose.yml': TWO, '.github/workflows/site.yml': site(' site') },
    );
    expect(added).toEqual([]);
    const why = 'one workflow pushes one image of compose.yml, and another one pushes another: their commits differ';
    expect(left).toEqual([
      `compose.yml:3: ghcr.io/acme/api:main in deploy: ${why}`,
      `compose.yml:5: ghcr.io/acme/site:main in site: ${why}`,
    ]);
  });

  it('takes the commits where each image has a variable of its own', async () => {
    const own = TWO.replace('api:main', 'api:${API_TAG:-main}').replace('site:main', 'site:${SITE_TAG:-main}');
    const { added, left } = await convert(
      { build: push('api'), deploy: onServer('git pull', 'docker compose up -d web') },
      { 'compose.yml': own, '.github/workflows/site.yml': site(' site') },
    );
    expect(left).toEqual([]);
    expect(added.filter((line) => line.includes('compose')).map((line) => line.replace(/^.*?\d+: */, ''))).toEqual([
      'API_TAG=${{ github.sha }} docker compose up -d web',
      'SITE_TAG=${{ github.sha }} docker compose up -d site',
    ]);
  });
});

describe('a build that may find nothing to do', () => {
  const WHY =
    'ghcr.io/acme/api:main in deploy: a condition decides whether it is pushed, and the deployment runs without that, too';
  const PUSH = ['- uses: docker/build-push-action@v6', '  with:', '    push: true', '    tags: ghcr.io/acme/api:main'];
  const convertWith = (condition: string, onBuild: readonly string[], build = PUSH): ReturnType<typeof convert> =>
    convert({
      build,
      outputs: onBuild,
      deploy: DEPLOY,
      needs: `[build, migrate]${condition === '' ? '' : `\n    if: ${condition}`}`,
    });

  it.each([
    ['a deployment that runs where builds are skipped', '!failure() && !cancelled()'],
    [
      'a deployment that always runs',
      "always() && needs.build.result != 'failure' && needs.migrate.result == 'success'",
    ],
  ])('keeps the tag of %s', async (_, condition) => {
    const { added, left } = await convertWith(`\${{ ${condition} }}`, ['if: vars.API']);
    expect(added).toEqual([]);
    expect(left).toEqual([expect.stringContaining(WHY)]);
  });

  it('keeps the tag where its step asks another step whether to push', async () => {
    const changes = ['- id: changes', '  run: ./changes.sh >> "$GITHUB_OUTPUT"'];
    const { left } = await convertWith('', [], [...changes, ...PUSH, "  if: steps.changes.outputs.api == 'true'"]);
    expect(left).toEqual([expect.stringContaining(WHY)]);
  });

  it.each([
    ['where the deployment is skipped with it', ''],
    [
      'where the deployment asks for its success',
      "!cancelled() && needs.build.result == 'success' && needs.migrate.result == 'success'",
    ],
  ])('takes the commit %s', async (_, condition) => {
    const { left } = await convertWith(condition === '' ? '' : `\${{ ${condition} }}`, ['if: vars.API']);
    expect(left).toEqual([]);
  });
});

describe('a job that builds and deploys in one', () => {
  const ship = (...steps: readonly string[]): Files => ({
    [FILE]: [
      'on: push',
      'jobs:',
      '  ship:',
      '    runs-on: ubuntu-latest',
      '    environment: prod',
      '    steps:',
      '      - uses: actions/checkout@v4',
      ...steps.map((line) => `      ${line}`),
      '',
    ].join('\n'),
    'manage.py': 'django',
  });

  it('is split, pushes the commit and deploys it', () => {
    const { files, left, notes } = decouple(
      ship(
        '- uses: docker/build-push-action@v6',
        '  with:',
        '    push: true',
        '    tags: ghcr.io/acme/api:latest',
        "- run: ssh host 'docker run --rm ghcr.io/acme/api:latest python manage.py migrate && docker run -d ghcr.io/acme/api:latest'",
      ),
      { secret: 'DATABASE_URL' },
    );
    expect(left).toEqual([]);
    expect(files[0]?.after).toContain("run: ssh host 'docker run -d ghcr.io/acme/api:${{ github.sha }}'\n");
    expect(files[0]?.after).toContain('tags: ghcr.io/acme/api:latest,ghcr.io/acme/api:${{ github.sha }}\n');
    expect(files[0]?.after).toContain('  ship:\n    needs: [build, migrate]\n');
    expect(notes).toEqual([
      'Until now the migration ran on the server or in a container: the runner of migrate has to reach the database, too.',
    ]);
  });

  it.each([
    ['takes the commit where both steps ask the same', "if: steps.changes.outputs.api == 'true'", []],
    [
      'keeps its tag where only the push asks',
      'name: Deploy',
      [
        'deploy.yml:16: ghcr.io/acme/api:main in ship: a condition decides whether it is pushed, and the deployment runs without that, too',
      ],
    ],
  ])('%s', (_, onDeploy, expected) => {
    const { files, left } = decouple(
      ship(
        '- id: changes',
        '  run: ./changes.sh >> "$GITHUB_OUTPUT"',
        '- uses: docker/build-push-action@v6',
        "  if: steps.changes.outputs.api == 'true'",
        '  with:',
        '    push: true',
        '    tags: ghcr.io/acme/api:main',
        `- ${onDeploy}`,
        '  run: aws lambda update-function-code --function-name api --image-uri ghcr.io/acme/api:main',
      ),
      {},
    );
    expect(
      left.map(({ span, what, why }) => `${span.file.replace(/^.*\//, '')}:${span.line}: ${what}: ${why}`),
    ).toEqual(expected);
    expect(files[0]?.after.includes('--image-uri ghcr.io/acme/api:${{ github.sha }}') ?? false).toBe(
      expected.length === 0,
    );
  });

  it('and tests, too: both are named', () => {
    const { notes } = decouple(
      ship(
        '- run: npm ci && npm run build',
        '- run: pip install -r requirements.txt && pytest',
        "- run: ssh host 'git pull && python manage.py migrate && systemctl restart app'",
      ),
      { secret: 'DATABASE_URL' },
    );
    expect(notes[0]).toBe(
      'ship builds and tests in the job that deploys, so migrate runs before the build and the tests. Move the build and the tests into a job of its own, and let migrate and ship need it.',
    );
  });
});

describe('an image whose name is only partly known', () => {
  const NAME = '${{ secrets.HUB }}/api';
  const byAction = (name: string): readonly string[] => [
    '- uses: docker/build-push-action@v6',
    '  with:',
    '    push: true',
    `    tags: ${name}:latest`,
  ];

  it.each<readonly [string, readonly string[], readonly string[]]>([
    [
      'an action',
      byAction(NAME),
      [
        `deploy.yml:12:          tags: ${NAME}:latest,${NAME}:\${{ github.sha }}`,
        `deploy.yml:27:      - run: ssh app@prod 'docker run -d ${NAME}:\${{ github.sha }}'`,
      ],
    ],
    [
      'commands, one in each step',
      [`- run: docker build -t ${NAME}:latest .`, `- run: docker push ${NAME}:latest`],
      [
        `deploy.yml:9:      - run: docker build -t ${NAME}:latest -t ${NAME}:\${{ github.sha }} .`,
        `deploy.yml:10:      - run: docker push ${NAME}:\${{ github.sha }} && docker push ${NAME}:latest`,
        `deploy.yml:25:      - run: ssh app@prod 'docker run -d ${NAME}:\${{ github.sha }}'`,
      ],
    ],
    [
      'commands, one behind the other',
      [`- run: docker build -t ${NAME}:latest . && docker push ${NAME}:latest`],
      [
        `deploy.yml:9:      - run: docker build -t ${NAME}:latest -t ${NAME}:\${{ github.sha }} . && docker push ${NAME}:\${{ github.sha }} && docker push ${NAME}:latest`,
        `deploy.yml:24:      - run: ssh app@prod 'docker run -d ${NAME}:\${{ github.sha }}'`,
      ],
    ],
  ])('is deployed by the commit where %s push the same expression', async (_, build, expected) => {
    const { added, left } = await convert({ build, deploy: [`- run: ssh app@prod 'docker run -d ${NAME}:latest'`] });
    expect(left).toEqual([]);
    expect(added).toEqual(expected);
  });

  it.each([
    ['${{ secrets.OTHER }}/api', '${secrets.OTHER}/api'],
    ['ghcr.io/acme/api', 'ghcr.io/acme/api'],
  ])('is left where the deployment writes %s, which may be the same', async (name, shown) => {
    const { added, left } = await convert({
      build: byAction(NAME),
      deploy: [`- run: ssh app@prod 'docker run -d ${name}:latest'`],
    });
    expect(added).toEqual([]);
    expect(left).toEqual([
      `.github/workflows/deploy.yml:27: ${shown}:latest in deploy: whether it is \${secrets.HUB}/api, which build pushes, is not known: their names are written in different ways`,
    ]);
  });

  it('is left where the deployment takes another image', async () => {
    const { left } = await convert({
      build: byAction(NAME),
      deploy: ["- run: ssh app@prod 'docker run -d ${{ secrets.HUB }}/worker:latest'"],
    });
    expect(left).toEqual([
      '.github/workflows/deploy.yml:27: ${secrets.HUB}/worker:latest in deploy: no job of this workflow pushes it',
    ]);
  });
});
