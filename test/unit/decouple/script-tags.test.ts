import { describe, expect, it } from 'vitest';

import { convert } from './support/convert-images.ts';
import { findingsOf, type Files } from './support/convert.ts';

const BUILD = ['- uses: docker/build-push-action@v6', '  with:', '    push: true', '    tags: ghcr.io/acme/api:main'];
const PUSHES = 'deploy.yml:12:          tags: ghcr.io/acme/api:main,ghcr.io/acme/api:${{ github.sha }}';
const DEPLOY = ['- run: ./scripts/deploy.sh'];
const scripts = (...lines: readonly string[]): Files => ({ 'scripts/deploy.sh': `${lines.join('\n')}\n` });

describe('an image that a script of the checkout deploys', () => {
  it.each([
    [
      'on the runner',
      'kubectl set image deployment/api api=ghcr.io/acme/api:main',
      'kubectl set image deployment/api api=ghcr.io/acme/api:${GITHUB_SHA:-main}',
    ],
    [
      'in a text for the server that the runner fills in',
      'ssh app@prod "docker run -d ghcr.io/acme/api:main"',
      'ssh app@prod "docker run -d ghcr.io/acme/api:${GITHUB_SHA:-main}"',
    ],
  ])('is that of the commit where its tag is written %s', async (_, command, expected) => {
    const { added, left, after } = await convert({ build: BUILD, deploy: DEPLOY }, scripts('set -e', command));
    expect(left).toEqual([]);
    expect(added).toEqual([PUSHES, `deploy.sh:2:${expected}`]);
    expect(findingsOf(after)).toEqual([]);
  });

  it.each<readonly [string, Files]>([
    [
      'in a text that only the server fills in',
      scripts('set -e', "ssh app@prod 'docker run -d ghcr.io/acme/api:main'"),
    ],
    [
      'in a script that another workflow runs, too',
      {
        ...scripts('set -e', 'kubectl set image deployment/api api=ghcr.io/acme/api:main'),
        '.github/workflows/again.yml':
          'on: workflow_dispatch\njobs:\n  again:\n    runs-on: ubuntu-latest\n    environment: prod\n    steps:\n      - uses: actions/checkout@v4\n      - run: ./scripts/deploy.sh\n',
      },
    ],
  ])('keeps its tag %s, and says what to do', async (_, files) => {
    const { added, left } = await convert({ build: BUILD, deploy: DEPLOY }, files);
    // The other workflow gets a migrate job.
    expect(added.filter((line) => !line.startsWith('again.yml'))).toEqual([]);
    expect(left).toContain(
      'scripts/deploy.sh:2: ghcr.io/acme/api:main in deploy: scripts/deploy.sh takes it, and does not know there which commit is deployed',
    );
  });
});
