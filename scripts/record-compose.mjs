/**
 * Writes test/fixtures/compose/recorded.json: what docker compose makes of the files in cases.json. No engine is needed. Takes the programs
 * to ask, one of each generation: node scripts/record-compose.mjs docker-compose /usr/libexec/docker/cli-plugins/docker-compose
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

const { status } = spawnSync(
  'npx',
  ['vitest', 'run', '--project', 'unit', 'test/unit/devcontainer/compose-contract.test.ts'],
  {
    cwd: path.resolve(import.meta.dirname, '..'),
    env: { ...process.env, DEVSETUP_RECORD_COMPOSE: process.argv.slice(2).join(path.delimiter) },
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
