import { rm } from 'node:fs/promises';
import path from 'node:path';

import { editProjectFile, writeProjectFile } from '../../../support/sample-project.ts';
import type { Row } from '../support/row.ts';

const JSON_FILE = '.devcontainer/devcontainer.json';
const COMPOSE_FILE = '.devcontainer/compose.yaml';

/** Replaces a piece of a file of the healthy dev container. */
const edit =
  (file: string, find: string | RegExp, replacement: string): Row['breaks'] =>
  ({ project }) =>
    editProjectFile(project, file, find, replacement);

const remove =
  (file: string): Row['breaks'] =>
  ({ project }) =>
    rm(path.join(project.root, file));

const PROPERTIES: readonly Row[] = [
  {
    name: 'a comma is missing',
    breaks: edit(JSON_FILE, '"service": "app",', '"service": "app"'),
    code: 'devcontainer-syntax',
    severity: 'error',
    mends: /Correct it there/,
  },
  {
    name: 'a property is misspelt',
    breaks: edit(JSON_FILE, '"remoteEnv"', '"remoteEnvs"'),
    code: 'devcontainer-unknown-property',
    severity: 'warning',
    mends: /Write remoteEnv for remoteEnvs\./,
  },
  {
    name: 'extensions stand at the top level, with a comment among them',
    breaks: edit(
      JSON_FILE,
      /"customizations"[^]*$/,
      '"extensions": [\n    // for the backend\n    "ms-python.python"\n  ]\n}\n',
    ),
    code: 'devcontainer-misplaced-property',
    severity: 'warning',
    mends: /Move extensions to customizations\.vscode\./,
    fixable: true,
  },
  {
    name: 'a property has another type',
    breaks: edit(JSON_FILE, '[8000, "db:5432"]', '8000'),
    code: 'devcontainer-property-type',
    severity: 'error',
    mends: /Correct forwardPorts\./,
  },
  {
    name: 'a property is given twice',
    breaks: edit(JSON_FILE, '"remoteUser": "vscode",', '"remoteUser": "vscode",\n  "remoteUser": "vscode",'),
    code: 'devcontainer-repeated-property',
    severity: 'warning',
    mends: /Put both into one remoteUser\./,
  },
  {
    name: 'arguments of docker run beside compose files',
    breaks: edit(JSON_FILE, '"remoteUser": "vscode",', '"remoteUser": "vscode",\n  "runArgs": ["--network=host"],'),
    code: 'devcontainer-ignored-property',
    severity: 'warning',
    mends: /Remove runArgs/,
  },
];

const FILES: readonly Row[] = [
  {
    name: 'the compose file has another name',
    breaks: edit(JSON_FILE, '"compose.yaml"', '"docker-compose.yml"'),
    code: 'devcontainer-compose-file-missing',
    severity: 'error',
    mends: /Name the compose file that is meant/,
  },
  {
    name: 'the service has another name',
    breaks: edit(JSON_FILE, '"service": "app"', '"service": "apps"'),
    code: 'devcontainer-service-missing',
    severity: 'error',
    mends: /Write app for apps\./,
  },
  {
    name: 'the Dockerfile is missing',
    breaks: remove('.devcontainer/Dockerfile'),
    code: 'devcontainer-dockerfile-missing',
    severity: 'error',
    mends: /Name the Dockerfile that is meant in \.devcontainer\/compose\.yaml/,
  },
  {
    name: 'the compose file is no YAML',
    breaks: edit(COMPOSE_FILE, 'image: postgres:18', 'image: [postgres:18'),
    code: 'compose-syntax',
    severity: 'error',
    mends: /Correct line \d+ of \.devcontainer\/compose\.yaml\./,
  },
  {
    name: 'a service reads an env file that is not there',
    breaks: async ({ project }) => {
      await editProjectFile(project, COMPOSE_FILE, 'command: sleep', 'env_file: .env.app\n    command: sleep');
      await writeProjectFile(project, '.devcontainer/.env.example', 'EDITOR=vi\n');
    },
    code: 'compose-env-file-missing',
    severity: 'error',
    mends: 'cp .devcontainer/.env.example .devcontainer/.env.app',
  },
  {
    name: 'another folder is opened than the checkout is mounted at',
    breaks: edit(JSON_FILE, '"workspaceFolder": "/workspace"', '"workspaceFolder": "/workspaces/app"'),
    code: 'devcontainer-workspace-folder',
    severity: 'error',
    mends: /Set workspaceFolder to \/workspace\./,
    fixable: true,
  },
];

const DATABASE: readonly Row[] = [
  {
    name: 'the database service has no healthcheck',
    breaks: async ({ project }) => {
      await editProjectFile(project, COMPOSE_FILE, /    healthcheck:\n(?: {6}.*\n)+/, '');
      await editProjectFile(project, COMPOSE_FILE, /depends_on:\n.*\n.*\n/, 'depends_on: [db]\n');
    },
    code: 'database-healthcheck-missing',
    severity: 'warning',
    mends: /Give db a healthcheck that runs pg_isready/,
    fixable: true,
  },
  {
    name: 'a slow first start counts as failed',
    breaks: edit(COMPOSE_FILE, /\n +start_period: 30s/, ''),
    code: 'database-start-period-missing',
    severity: 'info',
    mends: /Add start_period: 30s/,
    fixable: true,
  },
  {
    name: 'the app waits for the start of the database only',
    breaks: edit(COMPOSE_FILE, 'service_healthy', 'service_started'),
    code: 'database-not-awaited',
    severity: 'warning',
    mends: /Let app depend on db with condition: service_healthy\./,
    fixable: true,
  },
  {
    name: 'the host is the container itself',
    breaks: edit(COMPOSE_FILE, '@db:5432', '@localhost:5432'),
    code: 'devcontainer-database-host',
    severity: 'error',
    mends: /Let DATABASE_URL name the host db\./,
  },
  {
    name: 'the host is no service',
    breaks: edit(COMPOSE_FILE, '@db:5432', '@postgres:5432'),
    code: 'devcontainer-database-host',
    severity: 'error',
    mends: /Let DATABASE_URL name the host db\./,
  },
  {
    name: 'the port is the one outside',
    breaks: async ({ project }) => {
      await editProjectFile(project, COMPOSE_FILE, '@db:5432', '@db:5433');
      await editProjectFile(
        project,
        COMPOSE_FILE,
        'image: postgres:18',
        'image: postgres:18\n    ports: ["5433:5432"]',
      );
    },
    code: 'devcontainer-database-port',
    severity: 'error',
    mends: /Use port 5432 in DATABASE_URL\./,
  },
  {
    name: 'the passwords of both sides differ',
    breaks: edit(COMPOSE_FILE, 'POSTGRES_PASSWORD: lending-dev', 'POSTGRES_PASSWORD: another-one'),
    code: 'devcontainer-database-credentials',
    severity: 'error',
    mends: /Use the same password on both sides/,
  },
];

const CONTAINER: readonly Row[] = [
  {
    name: 'the image of the database is whatever is the latest',
    breaks: edit(COMPOSE_FILE, 'postgres:18', 'postgres'),
    code: 'image-tag-latest',
    severity: 'warning',
    mends: /Give it a tag with a version/,
  },
  {
    name: 'everything runs as root',
    breaks: edit(JSON_FILE, '"remoteUser": "vscode"', '"remoteUser": "root"'),
    code: 'devcontainer-root-user',
    severity: 'warning',
    mends: /Set remoteUser to a user of the image/,
  },
  {
    name: 'no command runs devsetup',
    breaks: async ({ project }) => {
      await editProjectFile(project, JSON_FILE, '"npx --no-install devsetup"', '"pip install -r requirements.txt"');
      await editProjectFile(project, JSON_FILE, /\n.*postStartCommand.*/, '');
    },
    code: 'devcontainer-without-devsetup',
    severity: 'warning',
    mends: /Let postCreateCommand end with `npx --no-install devsetup`/,
  },
  {
    name: 'npx may fetch a package of that name',
    breaks: edit(JSON_FILE, '"npx --no-install devsetup"', '"npx -y devsetup"'),
    code: 'devsetup-may-be-fetched',
    severity: 'warning',
    mends: /Write npx --no-install devsetup in \.devcontainer\/devcontainer\.json\./,
    fixable: true,
  },
  {
    name: 'npx may fetch a package of that name, from a script',
    breaks: async ({ project }) => {
      await editProjectFile(project, JSON_FILE, '"npx --no-install devsetup"', '"bash .devcontainer/create.sh"');
      await writeProjectFile(project, '.devcontainer/create.sh', '# npx devsetup\nset -e\nnpx devsetup\n');
    },
    code: 'devsetup-may-be-fetched',
    severity: 'warning',
    mends: /Write npx --no-install devsetup in \.devcontainer\/create\.sh\./,
    fixable: true,
  },
  {
    name: 'nothing mends a failed creation at the next start',
    breaks: edit(JSON_FILE, /\n.*postStartCommand.*/, ''),
    code: 'devcontainer-start-does-not-heal',
    severity: 'warning',
    mends: /Let postStartCommand run npx --no-install devsetup --if-needed\./,
    fixable: true,
  },
  {
    name: 'data is deleted at each start',
    breaks: edit(
      JSON_FILE,
      '"remoteUser": "vscode",',
      '"remoteUser": "vscode",\n  "initializeCommand": "docker compose down -v",',
    ),
    code: 'devcontainer-hook-deletes-data',
    severity: 'error',
    mends: /Remove `docker compose down -v` from what initializeCommand runs/,
  },
  {
    name: 'a script is not executable and has CRLF line ends',
    breaks: async ({ project }) => {
      await editProjectFile(
        project,
        JSON_FILE,
        '"remoteUser": "vscode",',
        '"remoteUser": "vscode",\n  "onCreateCommand": "./.devcontainer/tools.sh",',
      );
      await writeProjectFile(project, '.devcontainer/tools.sh', '#!/bin/bash\r\necho ready\r\n');
    },
    code: 'devcontainer-hook-cannot-start',
    severity: 'error',
    mends: /Make \.devcontainer\/tools\.sh executable, also in git\./,
    fixable: true,
  },
  {
    name: 'a port of a service that does not exist',
    breaks: edit(JSON_FILE, '"db:5432"', '"database:5432"'),
    code: 'forwarded-port-unknown',
    severity: 'warning',
    mends: /Name one of the services that exist/,
  },
  {
    name: 'no port is forwarded at all',
    breaks: async ({ project }) => {
      await editProjectFile(
        project,
        JSON_FILE,
        /"forwardPorts".*\n.*/,
        '"otherPortsAttributes": { "onAutoForward": "ignore" },',
      );
    },
    code: 'port-not-forwarded',
    severity: 'info',
    mends: /Add "forwardPorts": \[8000\]/,
  },
  {
    name: 'a token is written down',
    breaks: edit(JSON_FILE, '"remoteEnv": { ', `"remoteEnv": { "GITHUB_TOKEN": "ghp_${'a1B2c3D4e5F6'.repeat(3)}", `),
    code: 'devcontainer-literal-secret',
    severity: 'warning',
    mends: /Declare GITHUB_TOKEN under "secrets"/,
  },
];

export const DEV_CONTAINER_ROWS: readonly Row[] = [...PROPERTIES, ...FILES, ...DATABASE, ...CONTAINER];
