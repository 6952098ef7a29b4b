import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { ensureCertificate } from '../../../src/postgres/embedded-certificate.ts';

const DAY = 86_400_000;

/** As a client sees it, with everything that it may insist on. */
const HANDSHAKE = `
import ssl, sys
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.load_cert_chain("server.crt", "server.key")
client = ssl.create_default_context(cafile="server.crt")
client.verify_flags |= ssl.VERIFY_X509_STRICT
for name in sys.argv[1:]:
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [client.wrap_bio(to_client, to_server, server_hostname=name), server.wrap_bio(to_server, to_client, server_side=True)]
    for end in ends * 3:
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            pass
    print(name, ends[0].version() is not None)
`;

test('the certificate is accepted by Python for both names of the host, kept, and made again before it ends', async () => {
  const data = await mkdtemp(path.join(tmpdir(), 'devsetup-certificate-'));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  const given: string[] = [];
  const ensure = async (now?: Date): Promise<string> => {
    await ensureCertificate(data, async (file) => void given.push(path.basename(file)), now);
    return readFile(path.join(data, 'server.crt'), 'utf8');
  };
  const first = await ensure();
  expect(given).toHaveLength(2);
  for (const name of ['server.crt', 'server.key'])
    expect((await stat(path.join(data, name))).mode & 0o777, name).toBe(0o600);
  const said = execFileSync('python3', ['-c', HANDSHAKE, '127.0.0.1', 'localhost'], { cwd: data, encoding: 'utf8' });
  expect(said).toBe('127.0.0.1 True\nlocalhost True\n');

  const ends = Date.parse(new X509Certificate(first).validTo);
  expect(await ensure(new Date(ends - 400 * DAY))).toBe(first);
  const second = await ensure(new Date(ends - 300 * DAY));
  expect(second).not.toBe(first);
  // Of a start that was killed between the two files.
  await writeFile(path.join(data, 'server.crt'), first);
  expect(new X509Certificate(await ensure()).fingerprint).not.toBe(new X509Certificate(second).fingerprint);
});
