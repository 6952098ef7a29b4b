import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';

import { runToSuccess } from '../../../e2e/support/run-program.ts';

export interface TemplateRegistry {
  /** What `devcontainer templates apply --template-id` takes. */
  readonly id: string;
  readonly close: () => Promise<void>;
}

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A registry that holds one template, as it is after publishing: the reference program applies published templates only. */
export const serveTemplate = async (directory: string): Promise<TemplateRegistry> => {
  const work = await mkdtemp(path.join(os.tmpdir(), 'devsetup-registry-'));
  const archive = path.join(work, 'template.tgz');
  await runToSuccess('tar', ['-C', directory, '-cf', archive, '.'], { cwd: work });
  const layer = await readFile(archive);
  await rm(work, { recursive: true, force: true });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.devcontainers', digest: digestOf(Buffer.from('{}')), size: 2 },
      layers: [
        { mediaType: 'application/vnd.devcontainers.layer.v1+tar', digest: digestOf(layer), size: layer.length },
      ],
    }),
  );
  const server = createServer((request, response) => {
    const { url = '' } = request;
    const body = url.includes('/manifests/') ? manifest : url.includes('/blobs/') ? layer : undefined;
    if (body === undefined) {
      response.writeHead(404).end();
      return;
    }
    const type = body === manifest ? 'application/vnd.oci.image.manifest.v1+json' : 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'docker-content-digest': digestOf(body) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    id: `localhost:${port}/templates/${path.basename(directory)}:latest`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
