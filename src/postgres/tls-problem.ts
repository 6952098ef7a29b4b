import { shellWord } from '../core/shell-word.ts';
import { describeTarget, type DatabaseTarget } from './database-target.ts';

/** What a caller knows of a connection with TLS beyond its target. */
export interface TlsAdvice {
  /** Where the mode is set, where that is known better than by the target: `config/settings.py:12`. */
  readonly place?: string | undefined;
  /** The file of the certificate, where devsetup itself runs the server. */
  readonly ownCertificate?: string | undefined;
}

interface TlsProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const placeOf = ({ tls }: DatabaseTarget, { place }: TlsAdvice): string => place ?? tls.source ?? '';

/** The server was asked for TLS and has none. */
export const tlsRefused = (target: DatabaseTarget, advice: TlsAdvice): TlsProblem => {
  const { mode } = target.tls;
  const place = placeOf(target, advice);
  const server = describeTarget(target);
  const demand = `sslmode=${mode}${place === '' ? '' : ` (${place})`} demands it`;
  const code = 'DATABASE_TLS_REFUSED';
  if (advice.ownCertificate !== undefined)
    return {
      code,
      message: `The embedded PostgreSQL at ${server} runs without TLS, since an older devsetup started it, and ${demand}.`,
      hint: 'Start it again, its data stays: npx devsetup db stop && npx devsetup db start',
    };
  return {
    code,
    message: `The server at ${server} does not offer TLS, and ${demand}.`,
    hint: `Use sslmode=prefer (or disable) for this server${place === '' ? '' : ` in ${place}`}, or turn TLS on there.`,
  };
};

/** `reason`: why its certificate was not accepted. */
export const certificateRejected = (target: DatabaseTarget, reason: string, advice: TlsAdvice): TlsProblem => {
  const place = placeOf(target, advice);
  return (
    ownCertificateUnknown(target, 'DATABASE_CERTIFICATE_REJECTED', advice) ?? {
      code: 'DATABASE_CERTIFICATE_REJECTED',
      message: `The TLS certificate of ${describeTarget(target)} is not accepted: ${reason}.`,
      hint: `Name its CA by sslrootcert=<file>, or use sslmode=require${place === '' ? '' : ` in ${place}`} to encrypt without verifying.`,
    }
  );
};

/** devsetup's own server, and settings that trust other certificates, or none; null: it is another server. */
export const ownCertificateUnknown = (target: DatabaseTarget, code: string, advice: TlsAdvice): TlsProblem | null => {
  const { ownCertificate } = advice;
  if (ownCertificate === undefined) return null;
  const { mode, rootCertificate } = target.tls;
  const place = placeOf(target, advice);
  const named = rootCertificate === '' ? '' : ` and sslrootcert=${rootCertificate}`;
  return {
    code,
    message: `The settings demand a certificate that is verified (sslmode=${mode}${named}${place === '' ? '' : `, ${place}`}), and the embedded PostgreSQL at ${describeTarget(target)} has one that devsetup made itself.`,
    hint:
      rootCertificate === ''
        ? `Trust it in development: export PGSSLROOTCERT=${shellWord(ownCertificate)}. Or use sslmode=require there.`
        : `In development, let sslrootcert name the server's certificate, ${ownCertificate}; or use sslmode=require without sslrootcert.`,
  };
};
