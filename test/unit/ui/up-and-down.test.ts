import { describe, expect, test } from 'vitest';

import type { DownReport } from '../../../src/core/down-report.ts';
import type { Site, UpReport } from '../../../src/core/up-report.ts';
import { renderDown } from '../../../src/ui/render-down.ts';
import { renderUp } from '../../../src/ui/render-up.ts';
import { createStageView } from '../../../src/ui/stage-view.ts';

const START = 'cd backend && npx devsetup exec --container -- python manage.py runserver 0.0.0.0:8000';
const up = (site: Site): string =>
  renderUp(
    {
      outcome: 'success',
      milliseconds: 12_300,
      devcontainer: { outcome: 'success', remoteUser: 'vscode', remoteWorkspaceFolder: '/workspaces/app' },
      enter: 'docker exec --interactive 5458 bash',
      site,
    } as UpReport,
    { color: false, columns: 40 },
  );

test('up ends with the address of the site, its server, and how to enter, stop and remove the container', () => {
  expect(up({ url: 'http://localhost:8000/', answers: false, start: START, publish: null }))
    .toBe(`The container runs: user vscode, folder
/workspaces/app (12s)

The site is http://localhost:8000/ once
its server runs
  ${START}

Enter the container
  docker exec --interactive 5458 bash

Stop it, or remove it; its volumes, and
so the database, stay
  npx devsetup down
  npx devsetup down --remove
`);
});

test.each([
  [
    { url: 'http://localhost:8000/', answers: true, start: START, publish: null },
    'The site answers\n  http://localhost:8000/\n',
  ],
  [{ url: 'http://localhost:8000/', answers: false, start: null, publish: null }, 'its server runs\n'],
  [
    { url: null, answers: false, start: START, publish: 'Port 8000 is not published.' },
    `${START}\n  Port 8000 is not published.\n`,
  ],
])('a site of %j is described', (site, text) => expect(up(site)).toContain(text));

describe('devsetup down', () => {
  const down = (report: Partial<DownReport>): string =>
    renderDown({ error: null, stopped: [], removed: [], volumes: { kept: [], deleted: [] }, ...report } as DownReport);
  const kept = { kept: ['app_data'], deleted: [] };

  test('says after a no or Ctrl-C that nothing was changed, and not that nothing runs', () => {
    expect(down({ outcome: 'declined', volumes: kept })).toBe(
      'Nothing was changed: the dev container and its volumes stay.\n',
    );
    expect(down({ outcome: 'interrupted', volumes: kept })).toBe(
      'Interrupted.\nKept, with the data in them: app_data\n',
    );
  });

  test('says what is stopped and what stays', () => {
    expect(down({ stopped: ['app', 'db'], volumes: kept })).toBe(
      'Stopped: app, db\nKept, with the data in them: app_data\n`npx devsetup up` starts it again.\n',
    );
  });

  test('says what is removed, what stays and what is deleted', () => {
    expect(down({ stopped: ['app'], removed: ['app', 'db'], volumes: kept })).toBe(
      'Removed: app, db\nKept, with the data in them: app_data\n`npx devsetup up` creates it again.\n',
    );
    expect(down({ removed: ['app'], volumes: { kept: [], deleted: ['app_data'] } })).toContain(
      'Deleted, with the data in them: app_data',
    );
  });

  test('says that there is nothing to stop', () => expect(down({})).toMatch(/^Nothing to stop/));
});

describe('stages', () => {
  const view = (ui: 'live' | 'plain', verbose = false) => {
    let written = '';
    let now = 0;
    const stream = { columns: 40, write: (text: string) => (written += text) };
    const stages = createStageView({ ui, verbose, color: false, stream, now: () => now });
    stages.begin({ id: 'build', title: 'Build' });
    now = 2_500;
    stages.line('\u001B[32m#8 RUN something that is longer than the terminal is wide\u001B[0m');
    stages.begin({ id: 'start', title: 'Start' });
    now = 4_000;
    stages.end(false);
    return written;
  };

  test('are lines with times where no terminal is, with what they print if that is wanted', () => {
    expect(view('plain')).toBe('[build] Build …\n[build] done in 2.5s\n[start] Start …\n[start] failed after 1.5s\n');
    expect(view('plain', true)).toContain('[build] | #8 RUN something that is longer than the terminal is wide\n');
  });

  test('leave one line each on a terminal, none wider than it', () => {
    const rows = view('live').split('\n');
    expect(rows.map((row) => row.slice(row.lastIndexOf('\u001B[2K') + 4)).slice(0, 2)).toEqual([
      '✔ Build           2.5s',
      '✖ Start           1.5s',
    ]);
    for (const drawn of rows.flatMap((row) => row.split('\r\u001B[2K'))) expect(drawn.length).toBeLessThan(40);
  });
});
