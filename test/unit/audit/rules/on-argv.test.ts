import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';
import { deployRun, FIRST } from '../../../support/secret-jobs.ts';

const RULE = 'secret/on-argv';
const GIVEN = '        env:\n          TOKEN: ${{ secrets.TOKEN }}\n';
const inRun = (run: string): readonly string[] => linesFound({ 'a.yml': deployRun(run) + GIVEN }, RULE);

describe('a secret as a word of a command', () => {
  it.each([
    ['an option', 'docker login -u shop -p "${{ secrets.REGISTRY_PASSWORD }}" registry.example'],
    ['a variable', 'docker login -u shop -p $TOKEN registry.example'],
    ['a header', 'curl -H "Authorization: Bearer $TOKEN" https://api.example'],
    ['a URL', 'git clone https://x:${{ secrets.PAT }}@git.example/shop.git'],
    ['a hook', 'curl -X POST "${{ secrets.DEPLOY_HOOK_URL }}"'],
    ['a variable of a container', 'docker run -e TOKEN=$TOKEN shop/web:1.2.3'],
    ['a script for a server', 'ssh app@host "export TOKEN=$TOKEN; ./go"'],
    ['a command on a server', "ssh app@host 'docker login -p ${{ secrets.TOKEN }} registry.example'"],
    ['kubectl', 'kubectl create secret generic app --from-literal=token=$TOKEN'],
  ])('%s', (_, script) => {
    expect(inRun(script)).toEqual([`a.yml:${FIRST}`]);
  });

  it('at the line of the word', () => {
    expect(inRun('docker run \\\n  -e MODE=fast \\\n  -e TOKEN=$TOKEN \\\n  shop/web:1.2.3')).toEqual([
      `a.yml:${FIRST + 2}`,
    ]);
    expect(inRun('ssh app@host <<EOF\ncd /srv\ndocker login -p $TOKEN\nEOF')).toEqual([`a.yml:${FIRST + 2}`]);
  });

  it.each([
    ['standard input', 'echo "$TOKEN" | docker login -u shop --password-stdin'],
    ['a here-document', 'docker login --password-stdin <<< "$TOKEN"'],
    ['the environment', 'TOKEN=$TOKEN ./go\nexport API_TOKEN="$TOKEN"\ndocker run -e TOKEN shop/web:1.2.3'],
    ['the shell', '[ -z "$TOKEN" ] && exit 1\ntest -n "$TOKEN"\nprintf %s "$TOKEN" > token'],
    ['a host', 'ssh ${{ secrets.SSH_USER }}@${{ secrets.SSH_HOST }} -p ${{ secrets.SSH_PORT }} ./go'],
    ['a project', 'gcloud config set project ${{ secrets.GCP_PROJECT_ID }}'],
    ['an image', 'docker pull ${{ secrets.DOCKERHUB_USERNAME }}/web:1.2.3'],
    ['a build argument, which has a rule of its own', 'docker build --build-arg TOKEN=$TOKEN .'],
  ])('not %s', (_, script) => {
    expect(inRun(script)).toEqual([]);
  });

  it('is a warning', () => {
    expect(linesFound({ 'a.yml': deployRun('./go $TOKEN') + GIVEN }, RULE, { withSeverity: true })).toEqual([
      `a.yml:${FIRST} warning`,
    ]);
  });
});
