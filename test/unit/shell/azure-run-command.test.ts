import { describe, expect, it } from 'vitest';

import { lines, read } from './support/read.ts';

const ON_SERVER = 'az vm run-command invoke -g shop -n web --command-id RunShellScript --scripts';

describe('what Azure runs', () => {
  it('is on a virtual machine, a line each', () => {
    expect(
      lines(read(`${ON_SERVER} "cd /srv && docker compose up -d" "systemctl restart shop" --output json`)).slice(1),
    ).toEqual([
      'cd /srv | remote | fails | cd /srv',
      'docker compose up -d | remote | fails | docker compose up -d',
      'systemctl restart shop | remote | fails | systemctl restart shop',
    ]);
  });

  it('is in a container', () => {
    expect(lines(read('az containerapp exec --name web --command "python manage.py check"'))[1]).toContain(
      'python manage.py check | container |',
    );
  });
});
