import os from 'node:os';
import path from 'node:path';
import type { ConnectionOptions, SecureVersion } from 'node:tls';

import { DevsetupError } from '../core/errors.ts';
import { isSocket, type DatabaseTarget } from './database-target.ts';
import { readRegular } from './libpq-system.ts';

export type Transport = 'plain' | 'tls';

/** The ways to try, in libpq's order: `prefer` and `allow` have a second one. */
export const transportsFor = (target: DatabaseTarget): readonly Transport[] => {
  if (isSocket(target.host)) return ['plain'];
  if (target.requiresChannelBinding === true) return ['tls'];
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
 * What libpq's mode means for Node's TLS: up to `require` nothing is verified, except that a root certificate (given, or the one in the
 * home directory) makes every mode as strict as `verify-ca`; `verify-ca` does not compare the host's name.
 */
export const readTlsOptions = ({ tls, serverName }: DatabaseTarget): ConnectionOptions => {
  const verifies = tls.mode === 'verify-ca' || tls.mode === 'verify-full';
  const home = path.join(os.homedir(), '.postgresql');
  const ca =
    tls.rootCertificate === 'system'
      ? undefined
      : tls.rootCertificate !== ''
        ? readCertificate(tls.rootCertificate)
        : readDefault(path.join(home, 'root.crt'));
  if (verifies && ca === undefined && tls.rootCertificate !== 'system') throw noAuthority(tls.mode, home);
  const strict = verifies || ca !== undefined;
  const [certificate, key] = [
    tls.certificate === '' ? readDefault(path.join(home, 'postgresql.crt')) : readCertificate(tls.certificate),
    tls.key === '' ? readDefault(path.join(home, 'postgresql.key')) : readCertificate(tls.key),
  ];
  return {
    rejectUnauthorized: strict,
    ...(ca === undefined ? {} : { ca }),
    ...(strict && tls.mode !== 'verify-full' ? { checkServerIdentity: () => undefined } : {}),
    ...(certificate === undefined || key === undefined ? {} : { cert: certificate, key }),
    ...(tls.keyPassword === undefined ? {} : { passphrase: tls.keyPassword }),
    ...(tls.minimumVersion === undefined ? {} : { minVersion: tls.minimumVersion as SecureVersion }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
};

/** One of those that libpq takes where they exist. */
const readDefault = (file: string): string | undefined => readRegular(file)?.text;

const noAuthority = (mode: string, home: string): DevsetupError =>
  new DevsetupError({
    code: 'DATABASE_CERTIFICATE_UNREADABLE',
    message: `sslmode=${mode} needs the certificate of the authority, and neither sslrootcert nor ${home}/root.crt has it.`,
    hint: 'Name it by sslrootcert=<file>, or use sslrootcert=system for the authorities that the system trusts.',
  });

const readCertificate = (file: string): string => {
  const found = readRegular(file);
  if (found !== null) return found.text;
  throw new DevsetupError({
    code: 'DATABASE_CERTIFICATE_UNREADABLE',
    message: `The certificate file ${file} of the database connection cannot be read.`,
    hint: 'Correct sslrootcert, sslcert or sslkey in DATABASE_URL or in OPTIONS of DATABASES.',
  });
};
