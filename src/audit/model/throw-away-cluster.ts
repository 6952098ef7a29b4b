import type { ShellCall } from '../../shell/shell-run.ts';
import type { AuditedJob } from '../pipeline.ts';

/** Kubernetes inside the runner: minikube, kind, k3d and their set-up actions. */
const ACTION = /minikube|(?:^|[/-])(?:kind|k3d|k3s|microk8s|microshift)(?:-(?:action|cluster|with-registry))?$/;

/** What is deployed to a cluster that the job has made itself is gone with it: it is tried out, nothing runs it afterwards. */
export const hasClusterOfItsOwn = ({ steps }: Pick<AuditedJob, 'steps'>): boolean =>
  steps.some(({ action, calls }) => (action !== null && ACTION.test(action)) || calls.some(makesCluster));

const PROGRAM = /(?:^|\/)(?:minikube|kind|k3d|ctlptl)$/;

const makesCluster = ({ words }: ShellCall): boolean => {
  const [program = '', ...rest] = PROGRAM.test(words[0]?.value ?? '') ? words.map(({ value }) => value) : [];
  if (program.endsWith('minikube')) return rest.includes('start');
  return rest.includes('create') && rest.includes('cluster');
};
