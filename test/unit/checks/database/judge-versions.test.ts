import { describe, expect, it } from 'vitest';

import { postgresMajor } from '../../../../src/checks/database/postgres-image.ts';
import { composeImages, judgeVersions } from '../../../../src/checks/database/server-version-differs.ts';

describe('postgresMajor', () => {
  it.each([
    ['postgres:16', 16],
    ['postgres:16.4', 16],
    ['postgres:16-alpine', 16],
    ['postgres:16.4-bookworm@sha256:0123', 16],
    ['docker.io/library/postgres:15', 15],
    ['localhost:5000/postgres:14', 14],
    ['postgres:9.6', 9],
    ['postgis/postgis:16-3.4', 16],
    ['kartoza/postgis:16-3.4--v2024.03.17', 16],
    ['bitnami/postgresql:16.3.0-debian-12-r4', 16],
    ['supabase/postgres:15.1.0.147', 15],
    ['pgvector/pgvector:pg17', 17],
    ['pgvector/pgvector:0.8.0-pg17', 17],
    ['timescale/timescaledb:latest-pg16', 16],
    ['timescale/timescaledb-ha:pg16.2-ts2.14', 16],
    ['registry.redhat.io/rhel9/postgresql-15:latest', 15],
    ['postgres', null],
    ['postgres:latest', null],
    ['postgres:alpine', null],
    ['postgres:alpine3.19', null],
    ['postgres@sha256:0123', null],
    ['postgres:${VERSION}', null],
    ['postgres:${{ matrix.postgres }}', null],
    ['ankane/pgvector:v0.5.1', null],
    ['citusdata/citus:12.1', null],
    ['prometheuscommunity/postgres-exporter:v0.15.0', null],
    ['prodrigestivill/postgres-backup-local:16', null],
    ['edoburu/pgbouncer:1.22', null],
    ['mysql:8', null],
    ['redis:7', null],
    ['postgres:20240101', null],
  ])('%s: %s', (image, major) => expect(postgresMajor(image)).toBe(major));
});

const place = (file: string, line = 3) => ({ file, line, column: null });

describe('judgeVersions', () => {
  const facts = { version: '18.1', major: 18, compose: [], pipelines: [] };
  const compose = (...images: readonly string[]) => images.map((image) => ({ image, place: place('compose.yaml') }));
  const pipelines = (...images: readonly string[]) =>
    images.map((image) => ({ image, place: place('.github/workflows/ci.yml', 12) }));

  it('names both places', () => {
    expect(
      judgeVersions({ ...facts, compose: compose('postgres:16'), pipelines: pipelines('postgis/postgis:15-3.4') }),
    ).toEqual([
      expect.objectContaining({
        code: 'server-version-differs',
        message: 'The database is PostgreSQL 18.1, and compose.yaml and .github/workflows/ci.yml run 15 and 16.',
        evidence: ['compose.yaml:3: postgres:16', '.github/workflows/ci.yml:12: postgis/postgis:15-3.4'],
        place: place('compose.yaml'),
      }),
    ]);
  });

  it.each([
    ['nothing is said anywhere', [], []],
    ['the same', ['postgres:18'], ['postgres:18-alpine']],
    ['unknown tags', ['postgres:latest'], ['postgres@sha256:01']],
    ['pipelines that test with several versions', [], ['postgres:16', 'postgres:18']],
    ['several databases', ['postgres:18', 'postgres:13'], []],
    ['no PostgreSQL', ['redis:7'], ['mysql:8']],
  ])('%s: nothing', (_, inCompose, inPipelines) =>
    expect(judgeVersions({ ...facts, compose: compose(...inCompose), pipelines: pipelines(...inPipelines) })).toEqual(
      [],
    ),
  );
});

describe('composeImages', () => {
  const service = (name: string, image: string, over = {}) => ({
    name,
    otherNames: [],
    image,
    build: null,
    ports: [],
    place: place('compose.yaml'),
    ...over,
  });
  const db = service('db', 'postgres:16', { ports: [{ host: 5433, container: 5432 }] });
  const other = service('keycloak-db', 'postgres:13');
  const images = (host: string, port: number) => composeImages([db, other], { host, port }).map(({ image }) => image);

  it('takes the service that Django names', () => expect(images('keycloak-db', 5432)).toEqual(['postgres:13']));
  it('takes the one that publishes the port', () => expect(images('localhost', 5433)).toEqual(['postgres:16']));
  it('takes all where neither tells', () => expect(images('localhost', 5432)).toEqual(['postgres:16', 'postgres:13']));
  it('leaves out what is built here', () =>
    expect(
      composeImages([service('db', 'postgres:16', { build: { dockerfile: null, target: null } })], {
        host: 'db',
        port: 5432,
      }),
    ).toEqual([]));
});
