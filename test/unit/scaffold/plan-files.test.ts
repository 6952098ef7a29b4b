import { describe, expect, it } from 'vitest';

import { planConfig } from '../../../src/scaffold/plan/plan-config.ts';
import { planDatabaseEnv } from '../../../src/scaffold/plan/plan-database-env.ts';
import { planGitignore } from '../../../src/scaffold/plan/plan-gitignore.ts';
import { planPackageJson } from '../../../src/scaffold/plan/plan-package-json.ts';
import { nextCommands } from '../../../src/scaffold/next-commands.ts';

const spec = '^1.2.3';
const manifestOf = (before: string | null, isAsked = false): ReturnType<typeof planPackageJson> =>
  planPackageJson({ before, spec, isAsked });

describe('package.json', () => {
  it('is made, private, where there is none', () => {
    const planned = manifestOf(null);
    expect(planned.action).toBe('create');
    expect(JSON.parse(planned.after)).toEqual({ private: true, devDependencies: { 'django-devsetup': spec } });
  });

  it('keeps its indentation and everything else', () => {
    const planned = manifestOf('{\n    "name": "shop",\n    "scripts": {\n        "a": "b"\n    }\n}\n');
    expect(planned.after).toBe(
      '{\n    "name": "shop",\n    "scripts": {\n        "a": "b"\n    },\n    "devDependencies": {\n        "django-devsetup": "^1.2.3"\n    }\n}\n',
    );
  });

  it('takes it in where it belongs among sorted names', () => {
    const planned = manifestOf('{\n  "devDependencies": {\n    "axe": "1",\n    "vite": "5"\n  }\n}\n');
    expect(planned.after).toBe(
      '{\n  "devDependencies": {\n    "axe": "1",\n    "django-devsetup": "^1.2.3",\n    "vite": "5"\n  }\n}\n',
    );
  });

  it.each(['devDependencies', 'dependencies'])('is kept where %s has it, whatever the version', (kind) => {
    expect(manifestOf(JSON.stringify({ [kind]: { 'django-devsetup': '0.0.1' } })).action).toBe('keep');
  });

  it('follows the version that was asked for', () => {
    const planned = manifestOf('{ "dependencies": { "django-devsetup": "0.0.1" } }', true);
    expect(JSON.parse(planned.after)).toEqual({ dependencies: { 'django-devsetup': spec } });
    expect(manifestOf(planned.after, true).action).toBe('keep');
  });

  it('is kept where it is that of devsetup itself', () => {
    expect(manifestOf('{ "name": "django-devsetup" }').action).toBe('keep');
  });

  it.each(['{ broken', '[]', 'null'])('is a mistake of usage where it is %s', (text) => {
    expect(() => manifestOf(text)).toThrow(expect.objectContaining({ code: 'PACKAGE_JSON_INVALID', exitCode: 2 }));
  });
});

describe('database.env with other options', () => {
  const file = {
    path: '.devcontainer/database.env',
    text: 'DB_HOST=${templateOption:databaseService}\nDB_NAME=${templateOption:databaseName}\n',
  };
  const made = { databaseService: 'db', databaseName: 'shop' };

  it('changes the lines devsetup wrote, and none of the same value that are your own', () => {
    const before = '# Ours.\nDB_HOST=db\nDB_NAME=shop\nSHOP_HOST=db\nPROJECT=shop\nCACHE_PREFIX=shop\n';
    const { after, action } = planDatabaseEnv({
      file,
      before,
      made,
      values: { databaseService: 'pg', databaseName: 'store' },
      settings: {
        variables: [{ name: 'SHOP_HOST', role: 'host' }],
        engine: '',
        database: 'postgresql',
        host: null,
        mentionsTls: false,
      },
    });
    expect(action).toBe('update');
    expect(after).toBe('# Ours.\nDB_HOST=pg\nDB_NAME=store\nSHOP_HOST=pg\nPROJECT=shop\nCACHE_PREFIX=shop\n');
  });
});

describe('.gitignore', () => {
  it.each([
    [null, 'node_modules/\n'],
    ['*.pyc', '*.pyc\nnode_modules/\n'],
    ['*.pyc\n', '*.pyc\nnode_modules/\n'],
    ['frontend/node_modules/\n', 'frontend/node_modules/\nnode_modules/\n'],
    ['#node_modules\n', '#node_modules\nnode_modules/\n'],
  ])('%j gets node_modules', (before, after) => {
    expect(planGitignore(before).after).toBe(after);
  });

  it.each(['node_modules', '*.pyc\r\nnode_modules/\r\n', '/node_modules/\n', '**/node_modules\n', 'node_modules/*\n'])(
    '%j has it already',
    (before) => {
      expect(planGitignore(before).action).toBe('keep');
    },
  );
});

describe('the configuration', () => {
  const needs = [{ key: ['backend', 'managePy'], value: 'services/api/manage.py' }];

  it('is not made where nothing has to be told', () => {
    expect(planConfig({ path: null, before: null, needs: [] })).toBeUndefined();
  });

  it('is made where something has', () => {
    const planned = planConfig({ path: null, before: null, needs });
    expect(planned).toMatchObject({ path: 'devsetup.config.jsonc', action: 'create' });
    expect(JSON.parse(planned?.after ?? '')).toEqual({ backend: { managePy: 'services/api/manage.py' } });
  });

  it('keeps the comments of one that is there, and is kept the second time', () => {
    const path = 'devsetup.config.jsonc';
    const planned = planConfig({ path, before: '{\n  // ours\n  "development": true\n}\n', needs });
    expect(planned?.after).toContain('// ours');
    expect(planConfig({ path, before: planned?.after ?? '', needs })?.action).toBe('keep');
  });

  it('stands in package.json where devsetup is configured there', () => {
    const planned = planConfig({ path: 'package.json', before: '{ "devsetup": {} }', needs });
    expect(JSON.parse(planned?.after ?? '')).toEqual({ devsetup: { backend: { managePy: 'services/api/manage.py' } } });
  });
});

describe('what to type next', () => {
  const file = (path: string) => ({ path, action: 'create', before: null, after: '', reason: null }) as const;

  it('is at most three commands, and begins with what was left to the user', () => {
    const install = { command: 'pnpm install', outcome: 'left', output: [] } as const;
    const written = [file('.devcontainer/Dockerfile'), file('.devcontainer/x'), file('package.json')];
    const next = nextCommands('done', { written, install, command: 'npx devsetup init' });
    expect(next).toHaveLength(3);
    expect(next.slice(0, 2)).toEqual(['pnpm install', 'git add .devcontainer package.json pnpm-lock.yaml']);
  });

  it('is nothing where there was nothing to do', () => {
    expect(nextCommands('unchanged', { written: [], install: null, command: 'npx devsetup init' })).toEqual([]);
  });
});
