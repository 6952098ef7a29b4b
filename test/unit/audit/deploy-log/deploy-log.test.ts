import { describe, expect, it } from 'vitest';

import { auditDeployLog } from '../../../../src/audit/deploy-log/audit-deploy-log.ts';
import { readDeployLog } from '../../../../src/audit/deploy-log/read-deploy-log.ts';

const SHA = '9f2c1ab0de9f2c1ab0de9f2c1ab0de9f2c1ab0de';
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

const shown = (log: string): readonly string[] =>
  readDeployLog(log).map(({ use, reference, line }) => `${line} ${use} ${reference}`);

describe('the images of a log', () => {
  it.each([
    [
      'docker pull',
      `latest: Pulling from team/app\nDigest: ${DIGEST}\nStatus: Downloaded newer image for team/app:latest`,
      ['1 pulled team/app:latest'],
    ],
    [
      'a registry said later',
      '9f2c1ab: Pulling from team/app\nStatus: Image is up to date for ghcr.io/team/app:9f2c1ab',
      ['1 pulled ghcr.io/team/app:9f2c1ab'],
    ],
    ['compose 1', 'Pulling web (team/app:dev)...', ['1 pulled team/app:dev']],
    ['compose 2', ' Image team/app:dev Pulling \n Image team/app:dev Pulled ', ['1 pulled team/app:dev']],
    ['docker run', "Unable to find image 'team/app:dev' locally", ['1 run team/app:dev']],
    [
      'set -x',
      '+ docker pull team/app:dev\n++ docker run -d --name web team/app:dev',
      ['1 pulled team/app:dev', '2 run team/app:dev'],
    ],
    ['a variable in a shown script', '+ docker pull $IMAGE', []],
    [
      'an SSH action',
      'out: latest: Pulling from team/app\nerr: + docker run -d team/app',
      ['1 pulled team/app:latest', '2 run team/app'],
    ],
    [
      'times of the runner',
      '2026-01-02T03:04:05.1234567Z ##[group]Run kubectl set image deploy/web web=team/app:dev',
      ['1 run team/app:dev'],
    ],
    [
      'a script in colours',
      '2026-01-02T03:04:05.1234567Z \u001B[36;1mdocker pull team/app:dev\u001B[0m',
      ['1 pulled team/app:dev'],
    ],
    [
      'gh run view --log',
      'deploy\tPull\t2026-01-02T03:04:05.1Z Status: Downloaded newer image for team/app:dev',
      ['1 pulled team/app:dev'],
    ],
    ['events of Kubernetes', '  Normal  Pulling  3s  kubelet  Pulling image "team/app:dev"', ['1 pulled team/app:dev']],
    ['docker ps', '0123456789ab   team/app:dev   "gunicorn"   2 minutes ago   Up 2 minutes', ['1 run team/app:dev']],
    ['what is only said', 'Deploying team/app:latest\necho "docker pull team/app:latest"', []],
    ['what is built', '+ docker build -t team/app:dev .\n+ docker push team/app:dev', []],
    ['Windows line ends', '+ docker pull team/app:dev\r\n', ['1 pulled team/app:dev']],
  ])('%s', (_, log, expected) => {
    expect(shown(log)).toEqual(expected);
  });

  it('has the place of the name and the digest behind it', () => {
    const [image] = readDeployLog(
      `2026-01-02T03:04:05.1Z + docker pull team/app:dev\n2026-01-02T03:04:06.1Z Digest: ${DIGEST}`,
    );
    expect(image).toMatchObject({ line: 1, column: 38, endColumn: 50, digest: DIGEST });
  });
});

describe('what was deployed', () => {
  const faults = (log: string, sha: string | null = null): readonly string[] =>
    auditDeployLog('deploy.log', log, sha).findings.map(({ rule, span }) => `${span.line} ${rule}`);

  it.each([
    ['+ docker pull team/app:latest', ['1 image/mutable-tag-in-deploy']],
    ['+ docker pull team/app', ['1 image/mutable-tag-in-deploy']],
    ['+ docker pull team/app:1.2.3', ['1 image/mutable-tag-in-deploy']],
    [`+ docker pull team/app:${SHA}`, []],
    ['+ docker pull team/app:prod-9f2c1ab', []],
    [`+ docker pull team/app@${DIGEST}`, []],
    ['+ docker pull postgres:16', []],
    ['+ docker pull team/app:latest\n+ docker run team/app:latest', ['1 image/mutable-tag-in-deploy']],
  ])('%s', (log, expected) => {
    expect(faults(log)).toEqual(expected);
  });

  it.each([
    ['+ docker pull team/app:prod-9f2c1ab', []],
    [`+ docker pull team/app:${SHA}`, []],
    ['+ docker pull team/app:prod-1234abc', ['1 image/deploy-not-built']],
    ['+ docker pull team/app:latest', ['1 image/mutable-tag-in-deploy']],
  ])('%s, where a commit is asked for', (log, expected) => {
    expect(faults(log, SHA)).toEqual(expected);
    expect(faults(log, SHA.slice(0, 12))).toEqual(expected);
  });

  it('refuses a --sha that is none', () => {
    expect(() => auditDeployLog('deploy.log', '', 'main')).toThrow('--sha main is no commit');
  });
});
