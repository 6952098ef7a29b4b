import { defineCheck, notApplicable, problemsOr } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { isShim } from './is-shim.ts';
import { judgeNode, NODE_FINDINGS } from './judge-node.ts';
import { readNodeWishes } from './node-wishes.ts';
import { frontendsOf } from './frontends-of.ts';

/** The Node that runs is the one that the project's files ask for. What devsetup itself needs is asked for before it starts. */
export const nodeVersion = defineCheck<CheckContext, keyof typeof NODE_FINDINGS>({
  id: 'node-version',
  group: 'toolchain',
  title: 'Node version',
  findings: NODE_FINDINGS,
  run: async (context) => {
    const { root, backend, machine } = context;
    const node = await context.findProgram('node');
    // Of asdf or mise: in another folder it is another Node, the one asked for there.
    const isPerFolder = node !== null && (await isShim(node));
    const frontends = (await frontendsOf(context)).map(({ directory }) => directory);
    const others = isPerFolder ? [] : [...(backend === null ? [] : [backend.directory]), ...frontends];
    const wishes = await readNodeWishes(root, [...new Set([root, ...others])]);
    if (wishes.length === 0) return notApplicable('no file asks for a version of Node');
    const sources = wishes.map(({ source, text }) => `${source}: ${text}`).join(', ');
    return problemsOr(judgeNode(machine.nodeVersion, wishes, machine.env), `${machine.nodeVersion} (${sources})`);
  },
});
