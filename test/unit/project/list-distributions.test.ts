import { expect, it } from 'vitest';
import { listDistributions, mentionedNames } from '../../../src/project/list-distributions.ts';
import { makeTree } from './make-tree.ts';

it('lists what is installed by normalised name', async () => {
  const root = await makeTree({
    'lib/python3.12/site-packages/Django-5.2.dist-info': null,
    'lib/python3.12/site-packages/django_environ-0.14.0.dist-info': null,
    'lib/python3.12/site-packages/zope.interface-7.0.dist-info': null,
    'lib/python3.12/site-packages/django': null,
  });
  const found = await listDistributions(root);
  expect(found.map(({ name, version }) => `${name} ${version}`)).toEqual([
    'django 5.2',
    'django-environ 0.14.0',
    'zope-interface 7.0',
  ]);
  expect(await listDistributions(`${root}/none`)).toEqual([]);
});

it('keeps the names that a text mentions, however they are spelled, and no part of another', () => {
  const text = 'Django_Environ==0.14\nzope.interface>=7\npsycopg[binary]\ndjango-tenants\nname = "asgiref"\n';
  const names = ['django', 'django-environ', 'zope-interface', 'psycopg', 'tenants', 'asgiref', 'ipdb'];
  expect(mentionedNames(names, text)).toEqual(['django-environ', 'zope-interface', 'psycopg', 'asgiref']);
});
