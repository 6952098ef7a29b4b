import { describe, expect, it } from 'vitest';
import { openCheckout } from '../../../src/project/open-checkout.ts';
import { makeTree } from './make-tree.ts';

describe('the files of a checkout', () => {
  it.each([
    ['templates of a chart', { 'ops/shop/Chart.yaml': '', 'ops/shop/templates/hook.yaml': '' }, 2],
    [
      'hidden folders of deployments',
      { '.ebextensions/01.config': '', '.platform/hooks/a.sh': '', '.docker/a': '' },
      3,
    ],
  ])('have %s', async (_, tree, count) => {
    const files = openCheckout(await makeTree(tree)).listFiles();
    expect(files).toEqual(Object.keys(tree).sort());
    expect(files).toHaveLength(count);
  });

  it('have no templates of pages and no other hidden folders', async () => {
    const tree = { 'shop/templates/home.html': '', '.cache/a.yaml': '', '.venv/b.py': '', 'manage.py': '' };
    expect(openCheckout(await makeTree(tree)).listFiles()).toEqual(['manage.py']);
  });
});
