import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

import type { AuditReport } from '../../../../src/core/audit-report.ts';
import { CLI } from '../../../support/run-devsetup.ts';

/** A pipeline as it should be: nothing in it is a finding of any rule. */
export const GOOD = `name: Release
on:
  push:
    branches: [main]
permissions:
  contents: read
  packages: write
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v5
      - run: |
          docker build -t "ghcr.io/acme/shop:\${{ github.sha }}" .
          docker push "ghcr.io/acme/shop:\${{ github.sha }}"
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v5
      - run: pytest
  migrate:
    needs: [build, test]
    runs-on: ubuntu-24.04
    environment: production
    env:
      DATABASE_URL: \${{ secrets.DATABASE_URL }}
    steps:
      - uses: actions/checkout@v5
      - run: python manage.py migrate --noinput
  deploy:
    needs: migrate
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: |
          ssh deploy@shop.example.org <<'EOF'
          set -e
          docker pull ghcr.io/acme/shop:\${{ github.sha }}
          docker compose up -d
          EOF
`;

/** Lines from 1: 12 hides a failed migration, 19 pulls a tag that moves. */
export const BAD = `name: Ship
on: push
jobs:
  migrate:
    runs-on: ubuntu-24.04
    environment: production
    env:
      DATABASE_URL: \${{ secrets.DATABASE_URL }}
    steps:
      - uses: actions/checkout@v5
      - run: |
          python manage.py migrate --noinput || true
  deploy:
    needs: migrate
    runs-on: ubuntu-24.04
    steps:
      - run: |
          ssh deploy@shop.example.org <<'EOF'
          docker pull ghcr.io/acme/shop:latest
          EOF
`;

export interface AuditRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AuditCheckout {
  readonly root: string;
  write(file: string, text: string | Uint8Array): void;
  /** Runs `devsetup audit`, at the root unless told otherwise. */
  audit(args: readonly string[], options?: { readonly cwd?: string; readonly input?: string }): Promise<AuditRun>;
  /** The same with --json. */
  report(args?: readonly string[]): Promise<AuditReport>;
  remove(): void;
}

/** A folder with these files. */
export const makeCheckout = (files: Readonly<Record<string, string | Uint8Array>>): AuditCheckout => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'devsetup-audit-'));
  const write: AuditCheckout['write'] = (file, text) => {
    const place = path.join(root, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
  };
  for (const [file, text] of Object.entries(files)) write(file, text);
  const audit: AuditCheckout['audit'] = (args, { cwd = root, input = '' } = {}) =>
    new Promise((resolve, reject) => {
      const env = { PATH: process.env['PATH'], HOME: root, DEVSETUP_STATE_DIR: path.join(root, '.state') };
      const child = spawn(process.execPath, [CLI, 'audit', ...args], { cwd, env, stdio: 'pipe' });
      const output = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].setEncoding('utf8').on('data', (chunk: string) => {
          output[name] += chunk;
        });
      }
      child.once('error', reject);
      child.once('close', (exitCode) => resolve({ exitCode, ...output }));
      child.stdin.on('error', () => undefined).end(input);
    });
  const report: AuditCheckout['report'] = async (args = []) => {
    const { stdout, stderr } = await audit(['--json', ...args]);
    if (!stdout.startsWith('{')) throw new Error(`no document: ${stdout}${stderr}`);
    return JSON.parse(stdout) as AuditReport;
  };
  return { root, write, audit, report, remove: () => rmSync(root, { recursive: true, force: true }) };
};

/** `file:line rule` of what is not silenced. */
export const told = ({ findings }: AuditReport): readonly string[] =>
  findings.filter(({ suppressed }) => suppressed === null).map(({ file, line, rule }) => `${file}:${line} ${rule}`);
