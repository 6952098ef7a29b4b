import { describe, expect, it } from 'vitest';

import { onArgv } from '../../../../src/audit/rules/on-argv.ts';
import { auditOf } from '../../../support/audit.ts';
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
    ['all secrets as JSON', "jq -n --argjson all '${{ toJSON(secrets) }}' '$all.NAME'"],
    ['one secret as JSON', "jq -n --argjson all '${{ toJson(secrets.SERVICE_KEY) }}' '$all'"],
    ['a variable that sudo is given', 'sudo API_TOKEN=$TOKEN ./go'],
    ['a variable behind options of sudo', 'sudo -E -u app MODE=fast API_TOKEN=${{ secrets.API_TOKEN }} ./go'],
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
    ['the environment of sudo', 'TOKEN=$TOKEN sudo -E ./go\nsudo REGION=${{ secrets.AWS_REGION }} ./go'],
    ['a host', 'ssh ${{ secrets.SSH_USER }}@${{ secrets.SSH_HOST }} -p ${{ secrets.SSH_PORT }} ./go'],
    ['a project', 'gcloud config set project ${{ secrets.GCP_PROJECT_ID }}'],
    ['an image', 'docker pull ${{ secrets.DOCKERHUB_USERNAME }}/web:1.2.3'],
    ['a build argument, which has a rule of its own', 'docker build --build-arg TOKEN=$TOKEN .'],
  ])('not %s', (_, script) => {
    expect(inRun(script)).toEqual([]);
  });

  const secret = (name: string): string => '${{ secrets.' + name + ' }}';
  const ofSecret = (name: string, run: string): readonly string[] => inRun(run.replaceAll('@@', secret(name)));

  it.each([
    ['DEPLOY', 'docker login -u shop -p @@ registry.example'],
    ['DEPLOY', 'helm registry login registry.example -u shop -p @@'],
    ['DEPLOY', 'curl -u "shop:@@" https://api.example'],
    ['DEPLOY', 'psql "postgresql://shop:@@@db.example/shop" -c "select 1"'],
    ['DEPLOY', 'mysql -h db.example -ushop -p@@ shop'],
    ['DEPLOY', 'sshpass -p @@ ssh app@host uptime'],
    ['DEPLOY', 'helm upgrade web ./chart --set db.password=@@'],
    ['DEPLOY', 'az login --service-principal -u app -p @@ --tenant acme'],
    ['DEPLOY', 'redis-cli -h cache.example -a @@ ping'],
    ['DEPLOY', 'kubectl create secret generic app --from-literal=password=@@'],
    ['DEPLOY', 'kubectl create secret docker-registry regcred --docker-username=shop --docker-password=@@'],
    ['DEPLOY', 'curl -H "X-Api-Key: @@" https://api.example'],
    ['DEPLOY', 'ssh app@host "DB_PASSWORD=@@ docker compose up -d"'],
    ['GHCR_PAT', 'gh secret set TOKEN --body @@'],
    ['STRIPE_KEY', './go @@'],
    ['DATABASE_URL', 'psql @@ -c "select 1"'],
    ['API_TOKEN', 'git clone https://@@@git.example/shop.git'],
  ])('secrets.%s is a credential in `%s`', (name, script) => {
    expect(ofSecret(name, script)).toEqual([`a.yml:${FIRST}`]);
  });

  it.each([
    ['K8S_NAMESPACE', 'kubectl apply -n @@ -f web.yml'],
    ['APP_PATH_PROD', 'ssh app@host "cd @@ && docker compose up -d"'],
    ['DOCKER_USER', 'docker login -u @@ --password-stdin registry.example'],
    ['AWS_REGION', 'aws ecs wait services-stable --region @@'],
    ['AWS_ACCOUNT_ID', 'docker pull @@.dkr.ecr.eu.example/web:1.2.3'],
    ['GCP_PROJECT', 'gcloud config set project @@'],
    ['PROD', 'kubectl -n @@ get pods'],
    ['PROD', 'curl -u @@ https://api.example'],
    ['PROD', 'ssh @@@host uptime'],
    ['PROD', 'ssh app@@@ uptime'],
    ['PROD', 'ssh -p @@ host uptime'],
    ['PROD', 'rsync -a dist/ app@host:@@'],
    ['PROD', 'docker run -d -e DB_HOST=@@ -p @@:80 shop/web:1.2.3'],
    ['PROD', 'helm upgrade web ./chart --namespace @@ --set ingress.host=@@'],
    ['PROD', 'az webapp restart -g @@ --name web'],
    ['PROD', './go @@'],
    ['SENTRY_DSN', 'helm upgrade web ./chart --set sentry=@@'],
    ['NEXT_PUBLIC_MAPS_KEY', 'vercel deploy --build-env NEXT_PUBLIC_MAPS_KEY=@@'],
  ])('secrets.%s is no credential in `%s`', (name, script) => {
    expect(ofSecret(name, script)).toEqual([]);
  });

  it('is one finding for a secret of a file, with its other places as evidence', () => {
    const text =
      deployRun('docker login -u shop -p $TOKEN one.example\ncurl -u shop:$TOKEN https://api.example\n./go $TOKEN') +
      GIVEN;
    const found = onArgv.check(auditOf({ 'a.yml': text, 'b.yml': text }));
    expect(
      found.map(({ span, evidence = [] }) => [span.file, span.line, evidence.map((one) => one.span?.line)]),
    ).toEqual(['a.yml', 'b.yml'].map((file) => [`.github/workflows/${file}`, FIRST, [FIRST + 1, FIRST + 2]]));
  });

  it('is a finding for each secret of a command', () => {
    const both = 'docker run -e TOKEN=$TOKEN -e "KEY=${{ secrets.SIGNING_KEY }}" shop/web:1.2.3';
    expect(
      onArgv.check(auditOf({ 'a.yml': deployRun(both) + GIVEN })).map(({ message }) => message.split(' ')[0]),
    ).toEqual(['secrets.TOKEN', 'secrets.SIGNING_KEY']);
  });

  it('is a warning', () => {
    expect(linesFound({ 'a.yml': deployRun('./go $TOKEN') + GIVEN }, RULE, { withSeverity: true })).toEqual([
      `a.yml:${FIRST} warning`,
    ]);
  });

  it.each([
    ['docker compose run -e TOKEN=$TOKEN e2e\n--browser chrome --key $TOKEN', 'docker'],
    ['docker run shop/e2e:1.2.3 --key $TOKEN', 'docker'],
    ['docker compose run e2e cypress run --key $TOKEN', 'cypress'],
    ['sudo -E ./go --key $TOKEN', 'go'],
  ])('names the program that gets the secret: %s', (command, program) => {
    const folded = deployRun(command).replace('run: |', 'run: >');
    expect(onArgv.check(auditOf({ 'a.yml': folded + GIVEN })).map(({ message }) => message.split(':')[0])).toEqual([
      `secrets.TOKEN is a word of ${program}`,
    ]);
  });
});
