import { describe, expect, it } from 'vitest';

import { buildAudit } from '../../../../src/audit/build-audit.ts';
import { DEFAULT_AUDIT_CONFIG } from '../../../../src/config/audit-config.ts';
import { disputeNotes } from '../../../../src/scaffold/workflows/existing/look-at-existing.ts';
import { offerDecouple } from '../../../../src/scaffold/workflows/existing/offer-decouple.ts';
import { readExisting } from '../../../../src/scaffold/workflows/existing/read-existing.ts';
import { describeSaid } from '../../../../src/scaffold/workflows/existing/said-inputs.ts';
import { renderMadeWith } from '../../../../src/scaffold/workflows/made-with.ts';
import { stampFile } from '../../../../src/scaffold/workflows/stamp-file.ts';

const read = (files: Readonly<Record<string, string>>) =>
  readExisting(
    buildAudit({
      files: Object.entries(files).map(([name, text]) => ({ path: `.github/workflows/${name}`, text })),
      readFile: () => undefined,
      project: { isDjango: true, hasTenants: null, djangoFolders: [''], isAtRoot: true },
      config: DEFAULT_AUDIT_CONFIG,
    }),
    ['web'],
  );

const said = (found: ReturnType<typeof read>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ ...found.versions, ...found.names }).map(([option, { value, source }]) => [
      option,
      `${value} ${source.replaceAll('.github/workflows/', '')}`,
    ]),
  );

const noted = (found: ReturnType<typeof read>, by: 'default' | 'found' | 'flag' = 'default'): readonly string[] =>
  disputeNotes(
    found,
    found.disputes.map(({ option }) => ({ option, value: 'x', by, source: null })),
  ).map((note) => note.replaceAll('.github/workflows/', ''));

const DEV = `name: Deploy
on:
  push:
    branches: [development]
env:
  REGISTRY: registry.example.com
jobs:
  test:
    runs-on: ubuntu-latest
    services:
      db:
        image: postgres:15-alpine
    steps:
      - uses: actions/setup-python@v5
        with: { python-version: "3.11.4" }
      - uses: actions/setup-node@v4
        with:
          node-version: 20.x
      - run: pytest
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6
        with:
          push: true
          tags: |
            \${{ env.REGISTRY }}/acme/api:\${{ github.sha }}
      - run: |
          docker build -t $REGISTRY/acme/site:latest web
          docker push $REGISTRY/acme/site:latest
  deploy:
    needs: build
    runs-on: ubuntu-latest
    environment: dev
    steps:
      - run: ssh app@dev.example.com 'docker compose pull && docker compose up -d'
`;

const deployFrom = (branches: string, environment: string, more = ''): string =>
  `on:\n  push:\n    branches: ${branches}\njobs:\n  deploy:\n    runs-on: x\n    environment: ${environment}\n${more}    steps:\n      - run: ssh app@host 'docker compose up -d'\n`;

describe('what workflows of the checkout say', () => {
  it('is taken for branch, registry, images and versions, each with its line', () => {
    expect(said(read({ 'dev.yml': DEV }))).toEqual({
      devBranch: 'development dev.yml:4',
      registry: 'registry.example.com dev.yml:27',
      backendImage: 'acme/api dev.yml:27',
      frontendImage: 'acme/site dev.yml:30',
      pythonVersion: '3.11 dev.yml:15',
      nodeVersion: '20 dev.yml:18',
      postgresVersion: '15 dev.yml:12',
    });
  });

  it('is read by the environment that a workflow deploys to, whatever its branch is called', () => {
    expect(
      said(
        read({
          'a.yml': deployFrom('[trunk]', 'staging'),
          'b.yml': deployFrom('[live]', 'production'),
        }),
      ),
    ).toEqual({ uatBranch: 'trunk a.yml:3', prodBranch: 'live b.yml:3' });
  });

  it('is read from the condition of a deployment, or by the names of several branches', () => {
    expect(
      said(
        read({
          'a.yml': deployFrom('[main, dev]', 'production', "    if: github.ref == 'refs/heads/stable'\n"),
          'b.yml': deployFrom("['release/**', develop, staging]", '"${{ github.ref_name }}"'),
        }),
      ),
    ).toEqual({ prodBranch: 'stable a.yml:8', devBranch: 'develop b.yml:3', uatBranch: 'staging b.yml:3' });
  });

  it('says nothing of the branches of frontends, of pages, of previews, and of what no option takes', () => {
    expect(
      said(
        read({
          'pages.yml':
            'on:\n  push:\n    branches: [gh]\njobs:\n  deploy:\n    runs-on: x\n    environment: prod\n    steps:\n      - uses: actions/deploy-pages@v4\n',
          'web.yml': deployFrom('[live]', 'production').replace('  deploy:', '  deploy-frontend:'),
          'preview.yml': deployFrom('[try]', 'preview'),
          'odd.yml':
            'on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n      - uses: actions/setup-python@v5\n        with: { python-version: "2.7" }\n',
        }),
      ),
    ).toEqual({});
  });

  it('is said to be contradictory where it is, with the flag that decides; a flag or a version file has decided', () => {
    const two = read({
      'a.yml': DEV,
      'b.yml': DEV.replaceAll('3.11.4', '3.12')
        .replaceAll('registry.example.com', 'ghcr.io')
        .replace('development', 'dev'),
    });
    expect(said(two)).toEqual({
      backendImage: 'acme/api a.yml:27',
      frontendImage: 'acme/site a.yml:30',
      nodeVersion: '20 a.yml:18',
      postgresVersion: '15 a.yml:12',
    });
    expect(noted(two)).toEqual([
      'The workflows say development (a.yml:4) and dev (b.yml:4), and devsetup does not choose between them: it writes x unless --dev-branch says another value.',
      'The workflows say registry.example.com (a.yml:27) and ghcr.io (b.yml:27), and devsetup does not choose between them: it writes x unless --registry says another value.',
      'The workflows say 3.11 (a.yml:15) and 3.12 (b.yml:15), and devsetup does not choose between them: it writes x unless --python says another value.',
    ]);
    expect(noted(two, 'found')).toHaveLength(2);
    expect(noted(two, 'flag')).toEqual([]);
  });

  it('names where a deployment has host, user, port, key and variables from, for its environment, and shows no secret', () => {
    const { inputs } = read({
      'dev.yml': DEV.replace('ssh app@', 'ssh -p 2222 app@'),
      'prod.yml': `on: push
jobs:
  deploy:
    runs-on: x
    environment: production
    env:
      DATABASE_URL: \${{ secrets.PROD_DATABASE }}
      API_KEY: written-here
    steps:
      - uses: appleboy/ssh-action@v1
        with:
          host: \${{ vars.PROD_HOST }}
          username: deployer
          key: \${{ secrets.PROD_KEY }}
          script: docker compose up -d
`,
    });
    expect(
      inputs.map(
        ({ name, environment, from, place }) =>
          `${environment} ${name}: ${from} (${place.replace('.github/workflows/', '')})`,
      ),
    ).toEqual([
      'dev DEPLOY_HOST: dev.example.com (dev.yml:36)',
      'dev DEPLOY_USER: app (dev.yml:36)',
      'dev DEPLOY_PORT: 2222 (dev.yml:36)',
      'prod DEPLOY_HOST: the variable PROD_HOST (prod.yml:12)',
      'prod DEPLOY_USER: deployer (prod.yml:13)',
      'prod DEPLOY_SSH_KEY: the secret PROD_KEY (prod.yml:14)',
      'prod DATABASE_URL: the secret PROD_DATABASE (prod.yml:7)',
    ]);
    expect(describeSaid(inputs, 'DEPLOY_PORT', 'dev')).toBe('; today: 2222 (.github/workflows/dev.yml:36)');
    expect(describeSaid(inputs, 'DEPLOY_PORT', 'prod')).toBe('');
    const twice = [...inputs, ...inputs.map((one) => ({ ...one, place: 'again.yml:1' }))];
    expect(describeSaid(twice, 'DEPLOY_USER', 'prod')).toBe('; today: deployer (.github/workflows/prod.yml:13)');
  });

  it('offers to convert what deploys or migrates, and names what only builds', () => {
    const found = read({
      'dev.yml': DEV,
      'lint.yml': 'on: push\njobs:\n  lint:\n    runs-on: x\n    steps:\n      - run: ruff check\n',
      'web.yml': 'on: push\njobs:\n  build:\n    runs-on: x\n    steps:\n      - run: npm ci && npm run build\n',
      'image.yml':
        'on: push\njobs:\n  image:\n    runs-on: x\n    steps:\n      - run: docker build -t acme/api . && docker push acme/api\n',
    });
    expect(offerDecouple(found.pipelines, { isRefused: false })).toEqual([
      '.github/workflows/dev.yml:31 deploys (job deploy) already: `npx devsetup decouple` gives the migrations there a job of their own, in place.',
      '.github/workflows/image.yml:3 builds (job image) already: the new pipeline builds, too.',
    ]);
    expect(offerDecouple(found.pipelines, { isRefused: true })[0]).toContain(
      'in place. init writes a second pipeline only with --second-pipeline.',
    );
  });

  it('is nothing for files that devsetup wrote, and without any', () => {
    const nothing = { pipelines: [], names: {}, versions: {}, disputes: [], inputs: [] };
    const own = stampFile(`# devsetup:header\n${DEV}`, renderMadeWith({}));
    expect(read({ 'deployment.yml': own })).toEqual(nothing);
    expect(read({})).toEqual(nothing);
    expect(offerDecouple([], { isRefused: true })).toEqual([]);
  });
});
