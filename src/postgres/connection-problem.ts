import { isDevsetupError } from '../core/errors.ts';
import { describeTarget, isSocket, type DatabaseTarget } from './database-target.ts';
import { problemOfServer, sqlStateOf } from './server-problem.ts';
import { certificateRejected, ownCertificateUnknown, tlsRefused, type TlsAdvice } from './tls-problem.ts';

/** What one try to connect came to, when it came to nothing. */
export interface ConnectionFailure {
  readonly error: unknown;
  /** The TCP connection (or the socket) was established. */
  readonly connected: boolean;
  /** The beginning of what the other side sent; null: nothing. */
  readonly firstBytes: Uint8Array | null;
  /** What was sent first: a TLS request is answered by one byte, a startup message by a message. */
  readonly transport: 'plain' | 'tls';
  readonly timedOut: boolean;
}

export interface ConnectionProblem {
  /** `wait`: may heal by itself · `stop`: somebody has to change something. */
  readonly kind: 'wait' | 'stop';
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** No server was asked: the host's name leads nowhere. */
  readonly isUnresolved?: boolean;
  /** Nothing listens there. */
  readonly isRefused?: boolean;
}

const WAIT_HINT = 'Start PostgreSQL, or correct host and port in DATABASE_URL or DATABASES.';
const SETTINGS = 'DATABASE_URL or DATABASES';

/** Says what a failed try means. Pure; the texts name host, port, database and user, never the password. */
export const connectionProblem = (
  failure: ConnectionFailure,
  target: DatabaseTarget,
  advice: TlsAdvice = {},
): ConnectionProblem => {
  if (isDevsetupError(failure.error)) {
    const { code: known, message: text, hint = '' } = failure.error;
    const own = known === 'DATABASE_CERTIFICATE_UNREADABLE' ? ownCertificateUnknown(target, known, advice) : null;
    return { kind: 'stop', ...(own ?? { code: known, message: text, hint }) };
  }
  const { code, message } = factsOf(failure.error);
  const place = describeTarget(target);
  if (sqlStateOf(failure.error) !== null) return problemOfServer(failure.error, target);
  const foreign = foreignProtocol(failure);
  if (foreign !== null) return notPostgres(`${place} is not PostgreSQL: it answered like ${foreign}.`);
  if (/client password must be a/.test(message)) {
    return stop(
      'DATABASE_PASSWORD_MISSING',
      `The server at ${place} asks for a password, and none is set.`,
      target.passwordFile === undefined ? `Add it to ${SETTINGS}.` : `Add it to ${SETTINGS}; ${target.passwordFile}.`,
    );
  }
  if (/does not support SSL/.test(message)) return { kind: 'stop', ...tlsRefused(target, advice) };
  const certificate = certificateProblem(code, message);
  if (certificate !== null) return { kind: 'stop', ...certificateRejected(target, certificate, advice) };
  if (failure.connected && failure.timedOut && failure.firstBytes === null) {
    return notPostgres(`${place} accepts connections and answers nothing: is it PostgreSQL?`);
  }
  return networkProblem(failure, code, message, target);
};

const networkProblem = (
  failure: ConnectionFailure,
  code: string,
  message: string,
  target: DatabaseTarget,
): ConnectionProblem => {
  const place = describeTarget(target);
  switch (code) {
    case 'ECONNREFUSED':
      return { ...wait(`nothing listens at ${place}`), isRefused: true };
    case 'ENOENT':
      return isSocket(target.host) ? { ...wait(`there is no socket for ${place}`), isRefused: true } : wait(message);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { ...wait(`the name ${target.host} cannot be resolved`), isUnresolved: true };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return wait(`there is no route to ${target.host}`);
    case 'EACCES':
    case 'EPERM':
      return stop(
        'DATABASE_ACCESS_DENIED',
        `The system does not let you connect to ${place}.`,
        `Correct the host in ${SETTINGS}.`,
      );
  }
  if (failure.timedOut || code === 'ETIMEDOUT') return wait(`no answer from ${place}`);
  if (failure.connected) {
    // Also what a published container port does until the server inside listens, so it is worth waiting for.
    return wait(
      `${place} accepts connections and closes them at once (a forwarded port with nothing behind it, or not PostgreSQL)`,
    );
  }
  return wait(`no connection to ${place} (${message})`);
};

const wait = (message: string): ConnectionProblem => ({
  kind: 'wait',
  code: 'DATABASE_UNREACHABLE',
  message,
  hint: WAIT_HINT,
});
const stop = (code: string, message: string, hint: string): ConnectionProblem => ({
  kind: 'stop',
  code,
  message,
  hint,
});
const notPostgres = (message: string): ConnectionProblem =>
  stop('DATABASE_NOT_POSTGRES', message, `Correct host and port in ${SETTINGS}, or free that port for PostgreSQL.`);

/** Node joins the errors of several addresses (::1 and 127.0.0.1) in one without a message of its own. */
const factsOf = (error: unknown): { readonly code: string; readonly message: string } => {
  const inner = error instanceof AggregateError ? (error.errors as readonly unknown[])[0] : undefined;
  const source = inner ?? error;
  if (!(source instanceof Error)) return { code: '', message: String(source) };
  const code = 'code' in source && typeof source.code === 'string' ? source.code : '';
  return { code, message: source.message };
};

const certificateProblem = (code: string, message: string): string | null => {
  if (/SELF_SIGNED/.test(code)) return 'it is self-signed';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'it is for another host name';
  if (code === 'CERT_HAS_EXPIRED') return 'it has expired';
  return /^(UNABLE_TO_|CERT_|INVALID_CA|ERR_TLS|ERR_SSL|ERR_OSSL|EPROTO)/.test(code) ? message : null;
};

/** Names who answers there, if the first bytes cannot come from PostgreSQL. */
const foreignProtocol = ({ firstBytes, transport }: ConnectionFailure): string | null => {
  if (firstBytes === null || firstBytes.length === 0) return null;
  const bytes = Buffer.from(firstBytes);
  const text = bytes.toString('latin1');
  if (text.startsWith('HTTP/')) return 'a web server (HTTP)';
  if (text.startsWith('SSH-')) return 'an SSH server';
  if (/^-(ERR|DENIED|NOAUTH)/.test(text)) return 'Redis';
  if (isMySqlGreeting(bytes)) return 'MySQL or MariaDB';
  if (/^220[ -]/.test(text)) return 'a mail or FTP server';
  if (bytes[0] === 0x15 && bytes[1] === 0x03) return 'a TLS server';
  const answersTls = transport === 'tls' && bytes.length === 1 && (text === 'S' || text === 'N');
  return answersTls || isMessage(bytes) ? null : 'something else';
};

/** A packet of less than 256 bytes, number 0, that holds protocol version 10 or an error. */
const isMySqlGreeting = (bytes: Buffer): boolean =>
  bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0 && (bytes[4] === 10 || bytes[4] === 0xff);

/** Authentication request, error, notice or version negotiation, with a length that can be. */
const isMessage = (bytes: Buffer): boolean =>
  'REvN'.includes(String.fromCharCode(bytes[0] ?? 0)) && (bytes.length < 5 || bytes.readUInt32BE(1) < 30_000);
