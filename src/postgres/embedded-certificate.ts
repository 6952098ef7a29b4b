import { createPrivateKey, generateKeyPair, randomBytes, X509Certificate } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const DAY = 86_400_000;
const VALID_DAYS = 3_650;
/** A server that is started at all within this time never shows a certificate that has ended. */
const RENEWED_DAYS = 365;

/** PostgreSQL looks for both by these names. */
export const certificateFile = (data: string): string => path.join(data, 'server.crt');
const keyFile = (data: string): string => path.join(data, 'server.key');

export interface Certificate {
  /** PEM, also of the key. */
  readonly certificate: string;
  readonly key: string;
}

/**
 * The certificate with which the embedded server offers TLS to settings that demand it. It is made where there is none, where it is not for
 * the key beside it (a start that was killed), and before it ends. `give` makes a file the server's own.
 */
export const ensureCertificate = async (
  data: string,
  give: (file: string) => Promise<void>,
  now = new Date(),
): Promise<void> => {
  if (await isUsable(data, now)) return;
  const { certificate, key } = await makeCertificate(now);
  for (const [file, text] of [
    [keyFile(data), key],
    [certificateFile(data), certificate],
  ] as const) {
    const fresh = `${file}.tmp`;
    await rm(fresh, { force: true });
    await writeFile(fresh, text, { mode: 0o600, flag: 'wx' });
    await give(fresh);
    await rename(fresh, file);
  }
};

const isUsable = async (data: string, now: Date): Promise<boolean> => {
  try {
    const certificate = new X509Certificate(await readFile(certificateFile(data)));
    const key = createPrivateKey(await readFile(keyFile(data)));
    const ends = Date.parse(certificate.validTo);
    return certificate.checkPrivateKey(key) && ends - now.getTime() > RENEWED_DAYS * DAY;
  } catch {
    // One of them is not there, or is damaged.
    return false;
  }
};

export const makeCertificate = async (now: Date): Promise<Certificate> => {
  // Large, and needed once in years.
  const { default: forge } = await import('node-forge');
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2_048 });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  // A clock in a container or virtual machine may be a little late.
  certificate.validity.notBefore = new Date(now.getTime() - DAY);
  certificate.validity.notAfter = new Date(now.getTime() + VALID_DAYS * DAY);
  const subject = [
    { name: 'commonName', value: 'localhost' },
    { name: 'organizationName', value: 'devsetup embedded PostgreSQL' },
  ];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    // Whoever trusts it trusts this server, and nothing that its key could sign.
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectKeyIdentifier' },
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
      ],
    },
  ]);
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  certificate.sign(forge.pki.privateKeyFromPem(key), forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), key };
};
