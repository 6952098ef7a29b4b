import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';

import { afterEach, expect, test, vi } from 'vitest';

import { createTerminal } from '../../../src/commands/terminal.ts';
import type { Workspace } from '../../../src/setup/open-workspace.ts';
import { exampleReport, exampleStep } from '../ui/support/example-report.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('a command that is printed longer than it is written is neither broken by the terminal nor left as it was', () => {
  vi.stubEnv('npm_command', 'exec');
  const columns = 60;
  const stdout: unknown = Object.assign(Object.create(process.stdout), { isTTY: true, columns });
  vi.spyOn(process, 'stdout', 'get').mockReturnValue(stdout as typeof process.stdout);
  // The handlers of signals are not for this process.
  vi.spyOn(process, 'on').mockReturnValue(process);
  const workspace = {
    project: { backend: { directory: '/app', python: { interpreter: '/app/.venv/bin/python' } } },
    environment: { asRecord: () => ({}), origin: () => undefined, fromFiles: new Map() },
    state: { read: () => undefined },
  } as unknown as Workspace;
  const summary = createTerminal().summaryFor({}, workspace);
  // The line can end at every place of the command.
  for (let length = 1; length < 45; length += 1) {
    const warnings = [`${'m'.repeat(length)} have changes. More: npx devsetup doctor.`];
    const text = summary(exampleReport({ steps: [exampleStep({ id: 'migrations', warnings })] }));
    const lines = stripVTControlCharacters(text).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain('npx django-devsetup doctor.');
  }
});
