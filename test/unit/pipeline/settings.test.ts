import { describe, expect, it } from 'vitest';

import { DEFAULTS } from '../../../src/config/defaults.ts';
import type { Config } from '../../../src/config/config.ts';
import { backoffMilliseconds } from '../../../src/pipeline/backoff.ts';
import { pipelineConfig } from '../../../src/pipeline/pipeline-config.ts';
import { planPipelineRun } from '../../../src/pipeline/pipeline-run.ts';
import { describeSettings, resolvePipelineSettings } from '../../../src/pipeline/pipeline-settings.ts';
import { parseShard, shardOf } from '../../../src/pipeline/shard.ts';

const withEnvironments = (environments: Config['environments']): Config => ({ ...DEFAULTS, environments });

describe('the settings of an environment', () => {
  it('dev fakes initial migrations, nobody else does', () => {
    const fakes = (name?: string): boolean => resolvePipelineSettings(name, DEFAULTS).fakeInitial;
    expect([fakes('dev'), fakes('uat'), fakes('prod'), fakes()]).toEqual([true, false, false, false]);
    const off: Config = { ...DEFAULTS, migrations: { ...DEFAULTS.migrations, fakeInitial: false } };
    expect(resolvePipelineSettings('dev', off).fakeInitial).toBe(false);
    const on: Config = { ...DEFAULTS, migrations: { ...DEFAULTS.migrations, fakeInitial: true } };
    expect(resolvePipelineSettings('prod', on).fakeInitial).toBe(false);
  });

  it('without a name are those built in for prod, not those configured for it', () => {
    const config = withEnvironments({ prod: { fakeInitial: true, lockRetries: 99 } });
    expect(resolvePipelineSettings(undefined, config)).toMatchObject({
      environment: null,
      fakeInitial: false,
      lockTimeoutSeconds: 2,
      lockRetries: 10,
    });
    expect(resolvePipelineSettings('prod', config)).toMatchObject({ fakeInitial: true, lockRetries: 99 });
    expect(describeSettings(resolvePipelineSettings(undefined, config))).toBe(
      'No --environment: as strict as for prod: lock_timeout 2 s, 10 retries, without --fake-initial',
    );
  });

  it('are those of the configuration for any other name', () => {
    const config = withEnvironments({ staging: { databaseUrlVariable: 'STAGING_URL', concurrency: 4 } });
    expect(resolvePipelineSettings('staging', config)).toMatchObject({
      databaseUrlVariable: 'STAGING_URL',
      databaseUrlSecret: 'STAGING_URL',
      concurrency: 4,
    });
    expect(() => resolvePipelineSettings('stage', config)).toThrow(/"stage"; known are dev, uat, prod, staging/);
  });

  it('never make a database, nor count as development', () => {
    const config: Config = { ...DEFAULTS, development: true, database: { ...DEFAULTS.database, create: true } };
    expect(pipelineConfig(config, resolvePipelineSettings('dev', config))).toMatchObject({
      development: false,
      database: { create: false },
      migrations: { fakeInitial: true },
    });
  });
});

describe('shards', () => {
  it('have every tenant in exactly one, the same at any time', () => {
    const names = Array.from({ length: 3_000 }, (_, at) => `tenant_${at}`);
    const sizes = [1, 2, 3, 4].map((index) => names.filter((name) => shardOf(name, 4) === index).length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(names.length);
    for (const size of sizes) expect(size).toBeGreaterThan(600);
    // Of another machine and another release.
    expect(['acme', 'Ünïcode', 'two words'].map((name) => shardOf(name, 7))).toEqual([2, 6, 1]);
  });

  it('are read as i/n', () => {
    expect(parseShard(' 2 / 4 ')).toEqual({ index: 2, count: 4 });
    for (const text of ['', '0/1', '5/4', '1/1001', '-1/2', '1.5/2', 'a/b'])
      expect(() => parseShard(text)).toThrow(`"${text}" is no shard`);
  });

  it('leave what is for all to the first, but for a step that was asked for', () => {
    const settings = resolvePipelineSettings('prod', DEFAULTS);
    const second = planPipelineRun(settings, {
      shard: { index: 2, count: 3 },
      only: ['super-tenant'],
      skip: [],
      project: 'my shop',
    });
    expect(second.doesShared('shared-migrations')).toBe(false);
    expect(second.doesShared('super-tenant')).toBe(true);
    expect(second.repeatCommand).toBe(
      "npx devsetup migrate --environment prod --shard 2/3 --only super-tenant --project 'my shop'",
    );
    expect(planPipelineRun(settings, { shard: null, only: [], skip: [] }).doesShared('shared-migrations')).toBe(true);
  });
});

it('pauses grow, end, and differ', () => {
  expect([1, 2, 3, 10].map((attempt) => backoffMilliseconds(attempt, () => 1))).toEqual([1_000, 2_000, 4_000, 30_000]);
  expect(backoffMilliseconds(3, () => 0)).toBe(2_000);
});
