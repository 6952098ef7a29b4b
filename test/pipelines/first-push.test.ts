import { beforeAll, describe, expect, inject, it } from 'vitest';

import { needs } from '../support/needs.ts';
import { query } from '../support/postgres.ts';
import { answerOf } from '../containers/support/answer-of.ts';
import { createShop, type Shop } from './support/shop.ts';

const provided = inject('rig');
const parts = needs(provided.ok, provided.ok ? '' : provided.reason);

describe('the pipeline that init writes, on a runner, with a registry, a server and a database', parts, () => {
  let shop: Shop;

  beforeAll(async () => {
    if (!provided.ok) return;
    shop = await createShop('shop', provided.rig);
  });

  it('builds, tests, migrates and deploys the first push, and prints no secret', async () => {
    const run = await shop.push();
    expect(run.exitCode, run.log.slice(-4000)).toBe(0);
    expect([...run.jobs].map(([job, result]) => `${job} ${result}`)).toEqual([
      'build-and-push success',
      'test-backend success',
      'approve success',
      'preflight success',
      'migrate success',
      'deploy-backend success',
      'verify success',
    ]);

    const tags = await shop.tags();
    expect([...tags.keys()].toSorted()).toEqual([`dev-${shop.head}`, 'dev-latest']);
    expect(tags.get('dev-latest')).toBe(tags.get(`dev-${shop.head}`));
    const serving = await shop.onServer('ps', '--quiet');
    const format = '{{.Config.Image}} {{index .Config.Labels "deployment.revision"}}';
    expect(await shop.onServer('inspect', '--format', format, serving)).toMatch(
      new RegExp(`@${tags.get('dev-latest') ?? ''} ${shop.head}$`),
    );
    expect(await query(shop.database, 'SELECT schema_name FROM public.customers_library')).toEqual([
      { schema_name: 'public' },
    ]);
    // The domain of the public tenant.
    expect(await answerOf(shop.site, 'localhost')).toBe(200);
    for (const [name, secret] of Object.entries(shop.secrets)) {
      for (const line of secret.split('\n').filter((text) => text.length > 8)) {
        expect(run.log.includes(line), name).toBe(false);
      }
    }
  });
});
