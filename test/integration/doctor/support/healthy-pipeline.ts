/** A pipeline that tests and deploys, by path. What it names is set on GitHub: see `githubCli`. */
export const HEALTHY_PIPELINE: Readonly<Record<string, string>> = {
  '.github/workflows/ci.yml': `name: CI
on:
  push:
    branches: [main]
jobs:
  test:
    runs-on: ubuntu-24.04
    services:
      db:
        image: postgres:18
        env:
          POSTGRES_PASSWORD: \${{ github.run_id }}
        options: --health-cmd pg_isready
    steps:
      - uses: actions/checkout@v5
      - run: npx --no-install devsetup --only database,shared-migrations
  deploy:
    needs: test
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: ./deploy
        env:
          DEPLOY_KEY: \${{ secrets.DEPLOY_KEY }}
          DEPLOY_HOST: \${{ vars.DEPLOY_HOST }}
`,
};
