import type { AuditedJob } from '../pipeline.ts';

/** Kubernetes inside the runner: minikube, kind, k3d and their set-up actions. */
const ACTION = /minikube|(?:^|[/-])(?:kind|k3d|k3s|microk8s|microshift)(?:-(?:action|cluster|with-registry))?$/;

/** What is deployed to a cluster that the job has made itself is gone with it: it is tried out, nothing runs it afterwards. */
export const hasClusterOfItsOwn = ({ steps }: Pick<AuditedJob, 'steps'>): boolean =>
  steps.some(
    ({ action, calls }) =>
      (action !== null && ACTION.test(action)) ||
      calls.some(({ words }) => makesCluster(words.map(({ value }) => value))),
  );

const makesCluster = ([program = '', ...rest]: readonly string[]): boolean => {
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name === 'minikube') return rest.includes('start');
  return (
    (name === 'kind' || name === 'k3d' || name === 'ctlptl') && rest.includes('create') && rest.includes('cluster')
  );
};
