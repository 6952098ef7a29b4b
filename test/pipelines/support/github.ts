import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';

/** A run as the list of a workflow's runs shows it. */
export interface WorkflowRun {
  readonly id: number;
  readonly run_number: number;
  readonly status: 'queued' | 'in_progress' | 'waiting' | 'completed';
}

/** GitHub's API, as far as pipelines ask it, for the real `gh`. */
export interface GitHub {
  /** The folder of gh's configuration (GH_CONFIG_DIR): it connects to a socket instead of github.com. */
  readonly config: string;
  /** What was asked: `GET /repos/acme/shop/actions/…`. */
  readonly asked: readonly string[];
  runs: readonly WorkflowRun[];
  stop(): Promise<void>;
}

export const startGitHub = async (folder: string): Promise<GitHub> => {
  const config = path.join(folder, 'gh');
  const socket = path.join(folder, 'gh.sock');
  await mkdir(config, { recursive: true });
  await rm(socket, { force: true });
  await writeFile(path.join(config, 'config.yml'), `http_unix_socket: ${socket}\n`);
  const asked: string[] = [];
  const github = { config, asked, runs: [] as readonly WorkflowRun[] };
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ workflow_runs: github.runs }));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return Object.assign(github, {
    stop: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  });
};
