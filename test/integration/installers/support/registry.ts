import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer as createPlain, type RequestListener, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/** Small registries of Python and Node packages on this machine, with every answer that a registry may give. */
export interface Registry {
  /** `demo` 1.0 and 2.0, `needs-demo` (demo<2), `alien` (a wheel for another system), `future` (for a later Python or Node), `big`, `script`. */
  readonly url: string;
  /** The same with a certificate that nobody trusts. */
  readonly untrusted: string;
  close(): Promise<void>;
}

export const openRegistry = async (folder: string): Promise<Registry> => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'make.py'), MAKE_PACKAGES);
  execFileSync('python3', ['make.py'], { cwd: folder });
  execFileSync(
    'openssl',
    'req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 30 -subj /CN=localhost'.split(' '),
    { cwd: folder, stdio: 'ignore' },
  );
  const listener = answer(folder);
  const plain = createPlain(listener);
  const pair = { key: readFileSync(path.join(folder, 'key.pem')), cert: readFileSync(path.join(folder, 'cert.pem')) };
  const tls = createTls(pair, listener);
  const [port, tlsPort] = await Promise.all([listen(plain), listen(tls)]);
  return {
    url: `http://127.0.0.1:${port}`,
    untrusted: `https://localhost:${tlsPort}`,
    close: async () => {
      await Promise.all([close(plain), close(tls)]);
    },
  };
};

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });

/** `/packages/simple/demo/`, `/packages/files/demo-1.0-py3-none-any.whl`, `/packages/npm/demo`, and the same below the other answers. */
const answer =
  (folder: string): RequestListener =>
  (request, response) => {
    const [, kind, area, name = ''] = decodeURIComponent((request.url ?? '').split('?')[0] ?? '').split('/');
    const files = readdirSync(folder);
    const send = (status: number, body: string | Buffer, type = 'text/html', headers = {}): void => {
      response.writeHead(status, { 'content-type': type, ...headers });
      response.end(body);
    };
    if (kind === 'password') {
      send(401, 'Authentication required', 'text/plain', { 'www-authenticate': 'Basic realm="private"' });
    } else if (kind === 'forbidden') send(403, 'Forbidden', 'text/plain');
    else if (area === 'simple') {
      const of = files.filter((file) => /\.(?:whl|tar\.gz)$/.test(file) && nameOf(file) === name.toLowerCase());
      const links = of.map((file) => {
        const digest = createHash('sha256')
          .update(readFileSync(path.join(folder, file)))
          .digest('hex');
        const python = nameOf(file) === 'future' ? ' data-requires-python="&gt;=3.99"' : '';
        return `<a href="/packages/files/${file}#sha256=${digest}"${python}>${file}</a>`;
      });
      if (of.length === 0) send(404, 'Not Found');
      else send(200, `<!DOCTYPE html><html><body>${links.join('<br>')}</body></html>`);
    } else if (area === 'files' && files.includes(name)) {
      send(200, readFileSync(path.join(folder, name)), 'application/octet-stream');
    } else if (area === 'npm') {
      const document = nodePackage(folder, name, `http://${request.headers.host ?? ''}`);
      if (document === undefined) send(404, '{"error":"Not found"}', 'application/json');
      else send(200, JSON.stringify(document), 'application/json');
    } else send(404, 'Not Found');
  };

const nameOf = (file: string): string => (/^(.+?)-\d/.exec(file)?.[1] ?? '').replaceAll('_', '-').toLowerCase();

const nodePackage = (folder: string, name: string, base: string): unknown => {
  const archives = readdirSync(folder).filter((file) => file.endsWith('.tgz') && nameOf(file) === name);
  if (archives.length === 0) return undefined;
  const versions = archives.map((file) => {
    const archive = readFileSync(path.join(folder, file));
    const manifest = JSON.parse(readFileSync(path.join(folder, `${file}.json`), 'utf8')) as Record<string, unknown>;
    const dist = {
      tarball: `${base}/packages/files/${file}`,
      integrity: `sha512-${createHash('sha512').update(archive).digest('base64')}`,
      shasum: createHash('sha1').update(archive).digest('hex'),
    };
    return [manifest['version'] as string, { ...manifest, dist }] as const;
  });
  const latest = versions
    .map(([version]) => version)
    .toSorted()
    .at(-1);
  // Yarn and pnpm may want packages of some age.
  const time = Object.fromEntries(versions.map(([version]) => [version, '2020-01-01T00:00:00.000Z']));
  return { name, 'dist-tags': { latest }, time, versions: Object.fromEntries(versions) };
};

/** Wheels and tarballs of a few lines each; `big` is 40 MB that do not compress. */
const MAKE_PACKAGES = String.raw`
import io, json, os, tarfile, zipfile

def wheel(name, version, requires=(), tag="py3-none-any", python=None, big=0):
    module, info = name.replace("-", "_"), "%s-%s.dist-info" % (name.replace("-", "_"), version)
    metadata = ["Metadata-Version: 2.1", "Name: " + name, "Version: " + version] + ["Requires-Dist: " + r for r in requires]
    if python:
        metadata.append("Requires-Python: " + python)
    with zipfile.ZipFile("%s-%s-%s.whl" % (module, version, tag), "w") as archive:
        archive.writestr(module + ".py", "")
        if big:
            archive.writestr(module + ".bin", os.urandom(big))
        archive.writestr(info + "/METADATA", "\n".join(metadata) + "\n")
        archive.writestr(info + "/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: %s\n" % tag)
        archive.writestr(info + "/RECORD", "")

def tarball(name, version, big=0, gyp=False, **more):
    manifest = dict(name=name, version=version, **more)
    archive_name = "%s-%s.tgz" % (name, version)
    with tarfile.open(archive_name, "w:gz") as archive:
        for path, data in [("package.json", json.dumps(manifest).encode()), ("index.js", b"")] + ([("big.bin", os.urandom(big))] if big else []) + (
            [("binding.gyp", b'{"targets": [{"target_name": "x", "sources": ["x.c"]}]}'), ("x.c", b"int x;")] if gyp else []
        ):
            entry = tarfile.TarInfo("package/" + path)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    with open(archive_name + ".json", "w") as file:
        json.dump(manifest, file)

# Only the records need it big.
BIG = 40_000_000 if os.environ.get("DEVSETUP_RECORD") else 1
wheel("demo", "1.0"); wheel("demo", "2.0"); wheel("needs-demo", "1.0", ["demo<2"])
wheel("alien", "1.0", tag="cp39-cp39-win_amd64"); wheel("future", "1.0", python=">=3.99"); wheel("big", "1.0", big=BIG)
tarball("demo", "1.0.0"); tarball("demo", "2.0.0"); tarball("needs-demo", "1.0.0", peerDependencies={"demo": "^1.0.0"})
tarball("future", "1.0.0", engines={"node": ">=99"}); tarball("big", "1.0.0", big=BIG)
tarball("script", "1.0.0", gyp=True, scripts={"install": "node-gyp rebuild"})
tarball("alien", "1.0.0", os=["win32"], cpu=["ia32"])
`;
