import { describe, expect, it } from 'vitest';

import { offerDecouple, readExisting } from '../../../../src/scaffold/workflows/read-existing.ts';

const DEV = [
  'name: Deploy',
  'on:',
  '  push:',
  '    branches: [development]',
  'jobs:',
  '  build:',
  '    runs-on: ubuntu-latest',
  '    steps:',
  '      - uses: actions/setup-python@v5',
  '        with: { python-version: "3.11" }',
  '      - uses: actions/setup-node@v4',
  '        with: { node-version: 20.x }',
  '      - uses: docker/build-push-action@v6',
  '        with:',
  '          tags: registry.example.com/acme/api:${{ github.sha }}',
  '      - run: docker build -t registry.example.com/acme/frontend:latest frontend',
  '  deploy:',
  '    runs-on: ubuntu-latest',
  '    environment: dev',
  '    steps:',
  '      - run: ./deploy.sh',
  '',
].join('\n');

const PROD =
  'on:\n  push:\n    branches: [live]\njobs:\n  deploy:\n    runs-on: x\n    environment: production\n    steps:\n      - run: ./deploy.sh\n';

describe('what workflows of somebody else say', () => {
  const found = readExisting([
    { file: '.github/workflows/dev.yml', text: DEV },
    { file: '.github/workflows/prod.yml', text: PROD },
    {
      file: '.github/workflows/lint.yml',
      text: 'on: push\njobs:\n  lint:\n    runs-on: x\n    steps:\n      - run: ruff check\n',
    },
  ]);

  it('is taken for branches, registry, images and versions, with the file that says it', () => {
    expect(found.names).toEqual({
      devBranch: { value: 'development', source: '.github/workflows/dev.yml' },
      prodBranch: { value: 'live', source: '.github/workflows/prod.yml' },
      registry: { value: 'registry.example.com', source: '.github/workflows/dev.yml' },
      backendImage: { value: 'acme/api', source: '.github/workflows/dev.yml' },
      frontendImage: { value: 'acme/frontend', source: '.github/workflows/dev.yml' },
    });
    expect(found.versions).toEqual({
      pythonVersion: { value: '3.11', source: '.github/workflows/dev.yml' },
      nodeVersion: { value: '20', source: '.github/workflows/dev.yml' },
    });
  });

  it('offers to convert those that deploy', () => {
    expect(found.deploying).toEqual(['.github/workflows/dev.yml', '.github/workflows/prod.yml']);
    expect(offerDecouple(found)).toBe(
      '.github/workflows/dev.yml and 1 more deploy already: `npx devsetup decouple` gives the migrations there a job of their own, in place. What init writes is another pipeline next to it.',
    );
  });

  it('says nothing where versions or registries differ, and of what devsetup wrote', () => {
    const two = readExisting([
      { file: 'a.yml', text: DEV },
      { file: 'b.yml', text: DEV.replaceAll('3.11', '3.12').replaceAll('registry.example.com', 'ghcr.io') },
    ]);
    expect([two.versions['pythonVersion'], two.names['registry']]).toEqual([undefined, undefined]);
    expect(readExisting([])).toEqual({ deploying: [], names: {}, versions: {} });
    expect(offerDecouple(readExisting([]))).toBeNull();
  });
});
