import { writeProjectFile } from '../../../support/sample-project.ts';
import { githubCli, githubNames, HEALTHY_GITHUB } from '../support/github-cli.ts';
import type { Row } from '../support/row.ts';

export const PIPELINES_ROWS: readonly Row[] = [
  {
    name: 'a workflow that is no YAML',
    breaks: async ({ project }) => {
      await writeProjectFile(project, '.github/workflows/nightly.yaml', 'on: push\njobs:\n  a:\n    name: one: two\n');
    },
    code: 'workflow-invalid',
    severity: 'error',
    mends: /^Correct \.github\/workflows\/nightly\.yaml/,
  },
  {
    name: 'a workflow that migrates in the middle of a deployment',
    breaks: async ({ project }) => {
      await writeProjectFile(
        project,
        '.github/workflows/release.yml',
        [
          'on: push',
          'jobs:',
          '  deploy:',
          '    runs-on: ubuntu-24.04',
          '    steps:',
          '      - run: |',
          "          ssh deploy@shop.example.org <<'EOF'",
          '          set -e',
          '          docker compose up -d',
          '          docker compose exec -T web python manage.py migrate_schemas --noinput',
          '          EOF',
          '',
        ].join('\n'),
      );
    },
    code: 'pipeline-rules-broken',
    severity: 'warning',
    mends: 'npx devsetup audit',
  },
  {
    name: 'a secret that an environment of GitHub lacks',
    breaks: () => githubCli({ ...HEALTHY_GITHUB, 'secret list --env production --json name': githubNames('DEPLOY') }),
    code: 'workflow-secret-missing',
    severity: 'warning',
    mends: 'gh secret set DEPLOY_KEY --env production',
  },
  {
    name: 'a variable that neither the repository nor its organization has, for an environment that is not there yet',
    breaks: () =>
      githubCli({
        ...HEALTHY_GITHUB,
        'secret list --json name': githubNames('DEPLOY_KEY'),
        'repo view --json isFork,isInOrganization': { stdout: '{"isFork":false,"isInOrganization":false}' },
        'secret list --env production --json name': { code: 1, stderr: 'failed to get secrets: HTTP 404: Not Found\n' },
        'variable list --env production --json name': { code: 1, stderr: 'failed to get: HTTP 404: Not Found\n' },
      }),
    code: 'workflow-variable-missing',
    severity: 'warning',
    mends: 'gh variable set DEPLOY_HOST --env production',
  },
];
