import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const STAGES = ['dev', 'uat', 'prod'];

/** One pipeline, as long as usual ones: two builds, two test jobs, a migration, two deployments by SSH. Every tenth has a fault. */
const pipeline = (number) => {
  const stage = STAGES[number % STAGES.length];
  const app = `ghcr.io/acme/service-${Math.floor(number / STAGES.length)}`;
  const tag = number % 10 === 0 ? 'latest' : '${{ github.sha }}';
  const build = (part) => `  build-${part}:
    runs-on: ubuntu-24.04
    outputs:
      image: \${{ steps.name.outputs.image }}
    steps:
      - uses: actions/checkout@v5
      - id: name
        run: echo "image=${app}-${part}:${stage}-\${GITHUB_SHA}" >> "$GITHUB_OUTPUT"
      - uses: docker/build-push-action@v6
        with:
          context: ${part}
          push: true
          tags: |
            \${{ steps.name.outputs.image }}
            ${app}-${part}:${stage}-latest
`;
  const test = (part) => `  test-${part}:
    runs-on: ubuntu-24.04
    services:
      db:
        image: postgres:18
        env:
          POSTGRES_PASSWORD: postgres
    steps:
      - uses: actions/checkout@v5
      - run: |
          set -euo pipefail
          cd ${part}
          if [ -f requirements.txt ]; then pip install -r requirements.txt; fi
          for suite in unit integration; do pytest "tests/$suite"; done
`;
  const deploy = (part) => `  deploy-${part}:
    needs: [migrate, build-${part}]
    runs-on: ubuntu-24.04
    environment: ${stage}
    timeout-minutes: 20
    steps:
      - env:
          KEY: \${{ secrets.DEPLOY_KEY }}
          IMAGE: ${app}-${part}:${stage}-${tag}
        run: |
          install -m 600 /dev/null key && printf '%s\\n' "$KEY" > key
          ssh -i key "deploy@\${{ vars.HOST }}" bash -s <<EOF
          set -e
          docker pull "$IMAGE"
          docker stop ${part} || true
          docker run -d --name ${part} --env-file /etc/${part}.env "$IMAGE"
          until docker exec ${part} curl -fsS http://localhost:8000/health; do sleep 2; done
          EOF
`;
  return `name: Service ${number}
on:
  push:
    branches: [${stage}]
permissions:
  contents: read
  packages: write
env:
  STAGE: ${stage}
jobs:
${build('backend')}${build('frontend')}${test('backend')}${test('frontend')}  migrate:
    needs: [build-backend, build-frontend, test-backend, test-frontend]
    runs-on: ubuntu-24.04
    environment: ${stage}
    env:
      DATABASE_URL: \${{ secrets.DATABASE_URL }}
    steps:
      - uses: actions/checkout@v5
      - run: |
          python manage.py migrate_schemas --shared --noinput
          python manage.py create_super_tenant
          python manage.py migrate_schemas --tenant --noinput
${deploy('backend')}${deploy('frontend')}`;
};

/** A checkout with so many workflows. */
export const writeWorkflows = (root, count) => {
  const folder = path.join(root, '.github', 'workflows');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(root, 'manage.py'), '');
  writeFileSync(path.join(root, 'requirements.txt'), 'django\ndjango-tenants\n');
  for (let number = 0; number < count; number += 1) {
    const service = Math.floor(number / STAGES.length);
    const name = `service-${String(service).replaceAll(/\d/g, (digit) => 'abcdefghij'[digit])}-${STAGES[number % STAGES.length]}.yml`;
    writeFileSync(path.join(folder, name), pipeline(number));
  }
};
