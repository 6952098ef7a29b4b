import { describe, expect, it } from 'vitest';

import { convert, onServer } from './support/convert-images.ts';
import type { Files } from './support/convert.ts';

const PUSHED = [
  '- uses: docker/build-push-action@v6',
  '  with:',
  '    push: true',
  '    tags: ghcr.io/acme/api:latest',
];
const TEXT = 'services:\n  web:\n    image: ghcr.io/acme/api:latest\n';
const AT_ROOT: Files = { 'compose.yml': TEXT };
const IN_FOLDER: Files = { 'deploy/compose.yml': TEXT };
const UP = onServer('docker compose up -d');
const BELOW = onServer('cd deploy', 'docker compose up -d');
const action = (uses: string, ...inputs: readonly string[]): readonly string[] => [
  `- uses: ${uses}`,
  '  with:',
  ...inputs.map((line) => `    ${line}`),
];

const RSYNC = '- run: rsync -az';
describe('a compose file in a folder that the deployment sends', () => {
  it.each<readonly [string, readonly string[], Files]>([
    ['rsync of the checkout', [`${RSYNC} --delete ./ app@prod:/srv/app/`, ...UP], AT_ROOT],
    ['rsync by another port and key', [`${RSYNC} -e "ssh -p 2222 -i key" . app@prod:/srv/app`, ...UP], AT_ROOT],
    [
      'rsync of $GITHUB_WORKSPACE to a secret host',
      [`${RSYNC} $GITHUB_WORKSPACE/ \${{ secrets.HOST }}:/srv/app`, ...UP],
      AT_ROOT,
    ],
    [
      'rsync without what is not needed',
      [`${RSYNC} --exclude .git --exclude='node_modules' ./ app@prod:/srv/app/`, ...UP],
      AT_ROOT,
    ],
    ['rsync of its folder to its folder', [`${RSYNC} deploy/ app@prod:/srv/app/deploy`, ...BELOW], IN_FOLDER],
    ["rsync of what is in its folder to the application's", [`${RSYNC} deploy/ app@prod:/srv/app/`, ...UP], IN_FOLDER],
    ['scp -r of its folder', ['- run: scp -r deploy app@prod:/srv/app/', ...BELOW], IN_FOLDER],
    [
      'scp-action',
      [...action('appleboy/scp-action@v1', 'host: prod', 'source: "."', 'target: /srv/app'), ...UP],
      AT_ROOT,
    ],
    [
      'scp-action for its folder',
      [...action('appleboy/scp-action@v1', 'host: prod', 'source: deploy', 'target: /srv/app'), ...BELOW],
      IN_FOLDER,
    ],
    [
      'rsync-deployments',
      [
        ...action(
          'burnett01/rsync-deployments@v8',
          'switches: -avz --delete --exclude=".git"',
          'path: ./',
          'remote_path: /srv/app/',
        ),
        ...UP,
      ],
      AT_ROOT,
    ],
    [
      'ssh-deploy',
      [...action('easingthemes/ssh-deploy@v5', 'TARGET: /srv/app', 'EXCLUDE: "/dist/, /node_modules/"'), ...UP],
      AT_ROOT,
    ],
  ])('takes the commit from a variable after %s', async (_, deploy, files) => {
    const { added, left } = await convert({ build: PUSHED, deploy }, files);
    expect(left).toEqual([]);
    expect(added.map((line) => line.replace(/^([\w.]+):\d+: */, '$1: '))).toEqual([
      'deploy.yml: tags: ghcr.io/acme/api:latest,ghcr.io/acme/api:${{ github.sha }}',
      'deploy.yml: IMAGE_TAG=${{ github.sha }} docker compose up -d',
      'compose.yml: image: ghcr.io/acme/api:${IMAGE_TAG:-latest}',
    ]);
  });

  it.each<readonly [string, readonly string[]]>([
    ['leaves it out by a pattern', [`${RSYNC} --exclude '*.yml' ./ app@prod:/srv/app/`, ...UP]],
    ['leaves out what a file lists', [`${RSYNC} --exclude-from=.rsyncignore ./ app@prod:/srv/app/`, ...UP]],
    ['goes to another folder', [`${RSYNC} ./ app@prod:/srv/other/`, ...UP]],
    ['comes after the start', [...UP, `${RSYNC} ./ app@prod:/srv/app/`]],
    ['is of another folder', [`${RSYNC} static/ app@prod:/srv/app/`, ...UP]],
    [
      'names it as an exception',
      [...action('appleboy/scp-action@v1', 'host: prod', 'source: "./,!compose.yml"', 'target: /srv/app'), ...UP],
    ],
  ])('stays as it is where the transfer %s', async (_, deploy) => {
    const { added, left } = await convert({ build: PUSHED, deploy }, AT_ROOT);
    expect(added).toEqual([]);
    expect(left).toEqual([
      'compose.yml:3: ghcr.io/acme/api:latest in deploy: nothing in the deployment brings compose.yml to the server',
    ]);
  });
});
