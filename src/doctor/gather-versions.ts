import { messageOf } from '../core/errors.ts';
import type { SupportFacts } from '../core/support-facts.ts';
import type { Machine } from '../checks/context.ts';
import type { OpenCheckContext } from './create-check-context.ts';

/** Versions of what a project stands on. Asks nothing that was not asked before, but for `docker --version`. Never throws. */
export const gatherVersions = async (
  open: OpenCheckContext,
  machine: Machine,
  signal: AbortSignal,
): Promise<SupportFacts['versions']> => {
  const context = open.contextFor(signal);
  const { backend } = context.project ?? {};
  const described = open.setup?.started()?.description;
  const tenancy = described?.tenancy;
  const ask = (work: () => Promise<string>): Promise<string> => work().catch((error: unknown) => messageOf(error));
  const [installed, postgres, docker] = await Promise.all([
    ask(async () => (await context.installed()).python),
    ask(async () => (await context.server()).serverVersion),
    ask(async () => {
      if ((await context.findProgram('docker')) === null) return 'not found';
      const { stdout } = await context.run('docker', ['--version'], { timeoutSeconds: 5 });
      return stdout.trim().split('\n')[0] || 'does not answer';
    }),
  ]);
  return [
    { name: 'devsetup', value: machine.version },
    { name: 'Node', value: machine.nodeVersion },
    { name: 'System', value: machine.platform },
    { name: 'Python', value: backend === undefined ? 'no project' : `${installed} (${backend.python.interpreter})` },
    { name: 'Django', value: described?.django ?? 'does not start' },
    {
      name: 'Tenants',
      value: tenancy === undefined ? 'unknown' : tenancy.mode === 'schemas' ? tenancy.library : 'none',
    },
    { name: 'PostgreSQL', value: postgres },
    { name: 'Docker', value: docker },
  ];
};
