import { copyFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { loadEnvironment } from '../../../src/config/load-environment.ts';
import { envRemedy } from '../../../src/project/env-remedy.ts';
import type { Project } from '../../../src/project/types.ts';
import { makeTree, type Tree } from './make-tree.ts';

/** With `backend/` in any case. */
const remedyIn = async (
  tree: Tree,
  configured: readonly string[] | null = null,
  names: readonly string[] = ['DB_NAME', 'SECRET_KEY'],
): Promise<string> => {
  const root = await makeTree({ 'backend/manage.py': '', ...tree });
  const project = { root, backend: { directory: path.join(root, 'backend') } } as unknown as Project;
  return envRemedy(project, names, configured?.map((file) => path.join(root, file)) ?? null);
};

const SAMPLE = 'DB_NAME=\nSECRET_KEY=\n';
const VALUES = 'DB_NAME=shop\nSECRET_KEY=x\n';

describe('what to do about variables that are not set', () => {
  test.each([
    '.env.example',
    '.env.sample',
    'env.example',
    '.env.dist',
    '.env.template',
    'example.env',
    'sample.env',
    '.env-example',
    'env.sample',
    '.env.local.example',
    '.env_example',
    '.env.default',
    '.env.example.aws',
    '.env.sample.prod',
    '.env.template.docker',
    'docker.env.example',
  ])('%s is a sample', async (name) => {
    expect(await remedyIn({ [name]: SAMPLE })).toBe(
      `Copy ${name} (\`cp ${name} .env\`), then give DB_NAME, SECRET_KEY a value in .env.`,
    );
  });

  test('the sample beside manage.py belongs to an .env beside manage.py', async () => {
    expect(await remedyIn({ 'backend/.env.example': SAMPLE })).toBe(
      'Copy backend/.env.example (`cp backend/.env.example backend/.env`), then give DB_NAME, SECRET_KEY a value in backend/.env.',
    );
  });

  test('only what the sample has no value for is left to fill in', async () => {
    expect(await remedyIn({ '.env.example': 'DB_NAME=<name>\nSECRET_KEY=\n' })).toBe(
      'Copy .env.example (`cp .env.example .env`), then give DB_NAME, SECRET_KEY a value in .env.',
    );
    expect(await remedyIn({ '.env.example': 'DB_NAME=shop\nSECRET_KEY=change-me\n' })).toBe(
      'Copy .env.example, which has a value for each of them: `cp .env.example .env`',
    );
  });

  test.each([
    ['the sample without another part', ['.env.example', '.env.example.aws', '.env.docker.example'], '.env.example'],
    ['the one for development', ['.env.docker.example', '.env.local.example'], '.env.local.example'],
    ['one for another place as the last', ['.env.sample.prod', '.env.sample.docker'], '.env.sample.docker'],
  ])('%s is copied', async (_title, names, wanted) => {
    const tree = Object.fromEntries(names.map((name) => [name, VALUES]));
    expect(await remedyIn(tree)).toContain(`\`cp ${wanted} .env\``);
  });

  test('a sample for another place is copied only if no other sample lists the variables', async () => {
    const tree = { '.env.example': 'DB_NAME=shop\n', '.env.example.aws': VALUES };
    expect(await remedyIn(tree)).toContain('`cp .env.example .env`');
  });

  test('an .env that is there is not overwritten', async () => {
    expect(await remedyIn({ '.env.example': SAMPLE, '.env': 'OTHER=1\n' })).toBe(
      'Add them to .env; .env.example shows how.',
    );
  });

  test('a sample that lists none of them is of no use', async () => {
    expect(await remedyIn({ '.env.example': 'OTHER=\n' })).toBe('Set them, for example in backend/.env.');
    expect(await remedyIn({}, null, ['DB_NAME'])).toBe('Set it, for example in backend/.env.');
  });

  test('env files that devsetup does not read by itself are named, with what each of them holds', async () => {
    expect(
      await remedyIn({
        '.envs/.local/.django': 'SECRET_KEY=x\n',
        '.envs/.local/.postgres': 'DB_NAME=shop\n',
        '.envs/.production/.django': VALUES,
      }),
    ).toBe(
      'SECRET_KEY is in .envs/.local/.django; DB_NAME is in .envs/.local/.postgres. devsetup does not read these files by itself: add "envFiles": [".envs/.local/.django", ".envs/.local/.postgres"] to the configuration.',
    );
  });

  test('where they hold some of the variables, the others are named', async () => {
    expect(await remedyIn({ '.env.docker': 'DB_NAME=shop\nSECRET_KEY=\n', '.env': 'OTHER=1\n' })).toBe(
      'DB_NAME is in .env.docker. devsetup does not read this file by itself: add "envFiles": [".env.docker", ".env"] to the configuration. Set SECRET_KEY as well, for example in .env.',
    );
  });

  test('one env file that holds all of them is enough', async () => {
    const tree = {
      '.envs/.template/.data': 'DB_NAME=shop\n',
      '.envs/.template/.django': 'SECRET_KEY=x\n',
      '.envs/.template/no_docker': VALUES,
    };
    const alone =
      'They are in .envs/.template/no_docker. devsetup does not read this file by itself: add "envFiles": [".envs/.template/no_docker"] to the configuration.';
    expect(await remedyIn(tree)).toBe(alone);
    const compose = (files: string): string =>
      `services:\n  web:\n    build: .\n    command: python manage.py runserver\n    env_file: ${files}\n`;
    expect(await remedyIn({ ...tree, 'compose.yml': compose('[.envs/.template/.data]') })).toBe(alone);
    expect(
      await remedyIn({ ...tree, 'compose.yml': compose('[.envs/.template/.data, .envs/.template/.django]') }),
    ).toContain('"envFiles": [".envs/.template/.data", ".envs/.template/.django"]');
  });

  test('the file that the others go into is read with the same setting', async () => {
    expect(await remedyIn({ '.envs/.local/.django': 'SECRET_KEY=x\n' })).toBe(
      'SECRET_KEY is in .envs/.local/.django. devsetup does not read this file by itself: add "envFiles": [".envs/.local/.django", "backend/.env"] to the configuration. Set DB_NAME as well, for example in backend/.env.',
    );
  });

  test('with `envFiles`, a file that it does not name is not advised, and one that holds them is named', async () => {
    const tree = { '.envs/.django': 'SECRET_KEY=x\n', 'backend/.env': VALUES };
    expect(await remedyIn(tree, ['.envs/.django'])).toBe(
      'They are in backend/.env. devsetup does not read this file because `envFiles` names others: write "envFiles": ["backend/.env", ".envs/.django"] into the configuration.',
    );
    expect(await remedyIn({ '.envs/.django': '' }, ['.envs/.django'])).toBe('Set them, for example in .envs/.django.');
    expect(await remedyIn({ '.envs/.django': '', '.env.example': VALUES }, ['.envs/.django'])).toBe(
      'Add them to .envs/.django; .env.example shows how.',
    );
  });

  test('the `env_file` of a compose service is such a file, wherever it is', async () => {
    expect(
      await remedyIn({
        'compose.yaml': 'services:\n  web:\n    build: .\n    env_file:\n      - path: config/web.vars\n',
        'config/web.vars': VALUES,
      }),
    ).toBe(
      'They are in config/web.vars. devsetup does not read this file by itself: add "envFiles": ["config/web.vars"] to the configuration.',
    );
  });

  test('the other `env_file` of that service is listed with it, in the order of compose', async () => {
    expect(
      await remedyIn({
        'compose.yaml':
          'services:\n  web:\n    build: .\n    env_file: [.envs/.local/.django, .envs/.local/.postgres]\n',
        '.envs/.local/.django': VALUES,
        '.envs/.local/.postgres': 'DATABASE_URL=postgres://shop:shop@db:5432/shop\n',
      }),
    ).toBe(
      'They are in .envs/.local/.django. devsetup does not read this file by itself: add "envFiles": [".envs/.local/.django", ".envs/.local/.postgres"] to the configuration.',
    );
  });

  test('a sample in a folder between manage.py and the root is copied there, where it is read', async () => {
    const root = await makeTree({ 'server/.env.sample': VALUES, 'server/app/manage.py': '' });
    const project = { root, backend: { directory: path.join(root, 'server/app') } };
    const names = ['DB_NAME', 'SECRET_KEY'];
    expect(await envRemedy(project, names, null)).toBe(
      'Copy server/.env.sample, which has a value for each of them: `cp server/.env.sample server/.env`',
    );
    await copyFile(path.join(root, 'server/.env.sample'), path.join(root, 'server/.env'));
    const environment = loadEnvironment({ processEnv: {}, root, backendDirectory: project.backend.directory });
    expect(names.map((name) => environment.get(name))).not.toContain(undefined);
  });

  test('files of other machines and samples are not named', async () => {
    const tree = { '.env.production': VALUES, '.env.staging': VALUES, '.envs/.local/.env.example': VALUES };
    expect(await remedyIn(tree)).toBe('Set them, for example in backend/.env.');
  });

  test('only the compose service that runs Django is asked for its `env_file`', async () => {
    const service = (name: string, more: string): string =>
      `  ${name}:\n    build: .\n    env_file: ${name}.vars\n${more}`;
    const tree = {
      'dev.yml': `services:\n${service('docs', '    volumes: [./docs:/docs]\n')}${service('worker', '    command: celery -A shop worker\n')}${service('web', '    volumes: [.:/app]\n')}`,
      'docs.vars': VALUES,
      'worker.vars': VALUES,
      'web.vars': 'SECRET_KEY=x\n',
    };
    expect(await remedyIn(tree)).toContain('SECRET_KEY is in web.vars. devsetup does not read this file by itself');
    expect(await remedyIn(tree)).not.toMatch(/docs\.vars|worker\.vars/);
  });

  const ENTRY = {
    'docker/web/Dockerfile':
      'FROM python:3.12\nCOPY ./docker/web/entry /entry\nCOPY docker/web/start /\nENTRYPOINT ["/entry"]\n',
    'web.vars': 'QUEUE=amqp://queue:5672/main\n',
  };
  const composeWith = (variables: string): string =>
    `services:\n  worker:\n    command: celery\n    environment: { SECRET_KEY: other }\n  web:\n    build: { context: ., dockerfile: docker/web/Dockerfile }\n    volumes: [.:/app]\n    env_file: web.vars\n    environment:\n${variables}  queue:\n    image: rabbitmq\n  db:\n    image: postgres\n    ports: ["7777:5432"]\n`;

  test('what compose sets for Django, or the script that its container starts with, is printed ready to paste', async () => {
    const hint = await remedyIn({
      ...ENTRY,
      'local.yml': composeWith('      DB_NAME: db\n      DEBUG: 1\n'),
      'docker/web/entry': '#!/bin/bash\nexport SECRET="x"\nexport SECRET_KEY="${UNKNOWN}"\nexec "$@"\n',
    });
    expect(hint).toBe(
      'Set them, for example in backend/.env. Paste into backend/.env what the compose service web has:\n  DB_NAME=db\n  DEBUG=1\nCopy the value of SECRET_KEY from docker/web/entry:3.',
    );
  });

  test('hosts that only containers know are replaced, with the published port', async () => {
    const root = await makeTree({
      ...ENTRY,
      'local.yml': composeWith('      CACHE: db:5432,db\n      DB_HOST: db\n      PAGE: http://db/db?a=db\n'),
      'docker/web/entry': '#!/bin/bash\nexport BROKER="${QUEUE}"\nexport WORDS=`date`\n',
    });
    const names = ['CACHE', 'DB_HOST', 'PAGE', 'BROKER', 'WORDS'];
    expect(await envRemedy({ root, backend: { directory: root } }, names, null)).toBe(
      [
        'Set them, for example in .env. Paste into .env what the compose service web has:',
        '  CACHE=localhost:7777,db',
        '  DB_HOST=localhost:7777',
        '  PAGE=http://localhost:7777/db?a=db',
        '  BROKER=amqp://localhost:5672/main',
        'docker/web/entry:3 shows how the container of the service web sets WORDS.',
      ].join('\n'),
    );
  });

  test('secrets that compose sets for Django are not printed: file and line of each are named', async () => {
    const hint = await remedyIn({
      ...ENTRY,
      'local.yml': composeWith('      SECRET_KEY: hushhush\n      DB_NAME: postgres://shop:hushhush@db:5432/shop\n'),
    });
    expect(hint).toBe(
      'Set them, for example in backend/.env. Copy the value of DB_NAME from local.yml:11 and the value of SECRET_KEY from local.yml:10, and replace the host `db:5432` with `localhost:7777`.',
    );
  });
});
