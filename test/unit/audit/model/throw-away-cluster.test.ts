import { describe, expect, it } from 'vitest';

import { auditOf } from '../../../support/audit.ts';

const roleOf = (...steps: readonly string[]): string | undefined => {
  const text = ['on: push', 'jobs:', '  deploy-chart:', '    runs-on: ubuntu-24.04', '    steps:', ...steps].join('\n');
  return auditOf({ 'a.yml': text }).pipelines[0]?.jobs[0]?.role;
};
const INSTALL = '      - run: helm upgrade --install shop ./chart --set image.tag=latest';

describe('a cluster that the job makes for itself', () => {
  it.each([
    ['kind', '      - uses: helm/kind-action@v1'],
    ['a set-up of minikube', '      - uses: medyagh/setup-minikube@latest'],
    ['minikube', '      - run: sudo minikube start --driver=docker'],
    ['kind by hand', '      - run: kind create cluster --name shop'],
    ['k3d by hand', '      - run: /usr/local/bin/k3d cluster create shop'],
  ])('is deployed to for a test: %s', (_, step) => {
    expect(roleOf(step, INSTALL)).toBe('test');
  });

  it.each([
    ['no cluster is made', '      - run: kubectl config use-context prod'],
    ['one that is only looked at', '      - run: minikube status'],
  ])('is none: %s', (_, step) => {
    expect(roleOf(step, INSTALL)).toBe('deploy');
  });
});
