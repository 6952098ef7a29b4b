import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ConnectionOptions } from 'node:tls';

import { DevsetupError } from '../core/errors.ts';
import { isSocket, type DatabaseTarget, type TlsSettings } from './database-target.ts';

export type Transport = 'plain' | 'tls';

/** The ways to try, in libpq's order: `prefer` and `allow` have a second one. */
export const transportsFor = (target: DatabaseTarget): readonly Transport[] => {
  if (isSocket(target.host)) return ['plain'];
  switch (target.tls.mode) {
    case 'disable':
      return ['plain'];
    case 'allow':
      return ['plain', 'tls'];
    case 'prefer':
      return ['tls', 'plain'];
    default:
      return ['tls'];
  }
};

/**
 * What libpq's mode means for Node's TLS: up to `require` nothing is verified, except that a given root certificate makes `require`
 * as strict as `verify-ca`; `verify-ca` does not look at the host's name.
 */
export const readTlsOptions = async (tls: TlsSettings): Promise<ConnectionOptions> => {
  const verifies = tls.mode === 'verify-ca' || tls.mode === 'verify-full';
  const home = path.join(os.homedir(), '.postgresql', 'root.crt');
  const ca =
    tls.rootCertificate === 'system'
      ? undefined
      : tls.rootCertificate !== ''
        ? await readCertificate(tls.rootCertificate)
        : verifies
          ? await readFile(home, 'utf8').catch(() => undefined)
          : undefined;
  const strict = verifies || (tls.mode === 'require' && ca !== undefined);
  return {
    rejectUnauthorized: strict,
    ...(ca === undefined ? {} : { ca }),
    ...(strict && tls.mode !== 'verify-full' ? { checkServerIdentity: () => undefined } : {}),
    ...(tls.certificate === '' ? {} : { cert: await readCertificate(tls.certificate) }),
    ...(tls.key === '' ? {} : { key: await readCertificate(tls.key) }),
  };
};

const readCertificate = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new DevsetupError({
      code: 'DATABASE_CERTIFICATE_UNREADABLE',
      message: `The certificate file ${file} of the database connection cannot be read.`,
      hint: 'Correct sslrootcert, sslcert or sslkey in DATABASE_URL or in OPTIONS of DATABASES.',
      cause,
    });
  }
};
