import path from 'node:path';

import { certificateFile } from '../postgres/embedded-certificate.ts';
import { embeddedDirectory, readKept } from '../postgres/embedded-kept.ts';
import type { DatabaseTarget } from '../postgres/target.ts';
import type { TlsAdvice } from '../postgres/tls-problem.ts';
import { findTlsSetting } from '../project/find-settings-line.ts';
import { isLocalHost } from '../postgres/target.ts';
import { embeddedTarget } from '../steps/embedded-database.ts';
import type { Workspace } from './open-workspace.ts';

type Checkout = Pick<Workspace, 'root' | 'config' | 'environment' | 'project' | 'state'>;

/** Where the settings demand TLS, and whether it is demanded of devsetup's own server; {} where they do not. */
export const tlsAdvice = async (
  target: DatabaseTarget,
  checkout: Checkout,
  settingsModule: string | null,
): Promise<TlsAdvice> => {
  const { mode, rootCertificate } = target.tls;
  if (!['require', 'verify-ca', 'verify-full'].includes(mode) && rootCertificate === '') return {};
  const variable = tlsVariable(target, checkout);
  // A mode that Django passes on comes from its settings, or from a variable that they read.
  const isDjangos = target.tls.source?.startsWith('OPTIONS') === true;
  const line = isDjangos ? await findTlsSetting(checkout.project, mode, settingsModule) : undefined;
  const place = isDjangos ? (variable.url ?? line ?? variable.mode) : undefined;
  return { place, ownCertificate: await ownCertificate(target, checkout) };
};

interface TlsVariables {
  /** A database URL that leads there with this mode. */
  readonly url: string | undefined;
  /** A variable such as DB_SSLMODE with this mode. */
  readonly mode: string | undefined;
}

const tlsVariable = ({ host, tls }: DatabaseTarget, { root, environment }: Checkout): TlsVariables => {
  const inUrl = new RegExp(`[?&]sslmode=${tls.mode}(?:&|#|$)`);
  const all = Object.entries(environment.asRecord());
  const named = (found: readonly [string, string] | undefined): string | undefined => {
    if (found === undefined) return undefined;
    const origin = environment.origin(found[0]);
    return typeof origin === 'object' ? `${found[0]} in ${path.relative(root, origin.file)}` : found[0];
  };
  return {
    url: named(all.find(([, value]) => inUrl.test(value) && value.includes(host))),
    mode: named(all.find(([name, value]) => /ssl|tls/i.test(name) && value === tls.mode)),
  };
};

const ownCertificate = async (target: DatabaseTarget, checkout: Checkout): Promise<string | undefined> => {
  const embedded = embeddedTarget(checkout);
  if (embedded?.port !== target.port || !isLocalHost(target.host)) return undefined;
  const kept = await readKept(embeddedDirectory(checkout.state.directory));
  return kept === null ? undefined : certificateFile(kept.data);
};
