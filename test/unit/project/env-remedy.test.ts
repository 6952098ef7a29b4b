import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { envRemedy } from '../../../src/project/env-remedy.ts';
import type { Project } from '../../../src/project/types.ts';
import { makeTree, type Tree } from './make-tree.ts';

/** With `backend/` in any case. */
const remedyIn = async (tree: Tree, configured: readonly string[] | null = null): Promise<string> => {
  const root = await makeTree({ 'backend/manage.py': '', ...tree });
  const project = { root, backend: { directory: path.join(root, 'backend') } } as unknown as Project;
  return envRemedy(project, ['DB_NAME', 'SECRET_KEY'], configured?.map((file) => path.join(root, file)) ?? null);
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
    expect(await remedyIn({ '.env.example': 'DB_NAME=shop\nSECRET_KEY=change-me\n' })).toBe(
      'Copy .env.example (`cp .env.example .env`), then give SECRET_KEY a value in .env.',
    );
    expect(await remedyIn({ '.env.example': VALUES })).toBe(
      'Copy .env.example, which has a value for each of them: `cp .env.example .env`',
    );
  });

  test('an .env that is there is not overwritten', async () => {
    expect(await remedyIn({ '.env.example': SAMPLE, '.env': 'OTHER=1\n' })).toBe(
      'Add them to .env; .env.example shows how.',
    );
  });

  test('a sample that lists none of them is of no use', async () => {
    expect(await remedyIn({ '.env.example': 'OTHER=\n' })).toBe('Set them, for example in backend/.env.');
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

  test('what compose sets in `environment`, or the script that its container starts with, is named without its value', async () => {
    const hint = await remedyIn({
      'local.yml':
        'services:\n  web:\n    build: { context: ., dockerfile: docker/web/Dockerfile }\n    command: /start\n    volumes: [.:/app]\n    environment:\n      SECRET_KEY: hushhush\n      DB_NAME: ${DB_NAME}\n',
      'docker/web/Dockerfile':
        'FROM python:3.12\nCOPY ./docker/web/entry /entry\nCOPY docker/web/start /\nENTRYPOINT ["/entry"]\n',
      'docker/web/entry': '#!/bin/bash\nexport DB_NAME="${POSTGRES_DB}"\nexec "$@"\n',
    });
    expect(hint).toBe(
      'Set them, for example in backend/.env. local.yml sets SECRET_KEY in `environment` of the service web; outside of compose, the name of another service in a value becomes `localhost`. In the service web, docker/web/entry exports DB_NAME.',
    );
  });
});
