import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const WORKFLOW = [
  'on: push',
  'jobs:',
  '  deploy:',
  '    runs-on: ubuntu-24.04',
  '    steps:',
  '      - uses: actions/checkout@v5',
  '      - run: ssh ops@shop.example "cd /srv/shop && git pull && docker compose up -d --build"',
  '',
].join('\n');

const found = (
  dockerfile: readonly string[],
  rule: 'migrate/on-container-start' | 'migrate/missing-job' = 'migrate/on-container-start',
): readonly string[] =>
  linesFound({ 'deploy.yml': WORKFLOW }, rule, {
    checkout: {
      'manage.py': '',
      'compose.yaml': 'services:\n  web:\n    build: .\n',
      'ops/boot': '#!/usr/bin/env bash\npython manage.py migrate\nexec "$@"\n',
      Dockerfile: ['FROM python:3.12 AS base', 'WORKDIR /srv/app', 'COPY . .', ...dockerfile, ''].join('\n'),
    },
  });

describe('a start script that the build of an image writes', () => {
  it.each([
    [
      'line by line with echo',
      [
        "RUN echo '#!/bin/sh' > /srv/app/boot.sh && \\",
        "    echo 'python manage.py migrate' >> /srv/app/boot.sh && \\",
        '    # the server',
        "    echo 'exec gunicorn shop.wsgi' >> /srv/app/boot.sh && chmod +x /srv/app/boot.sh",
        'CMD ["/srv/app/boot.sh"]',
      ],
      'Dockerfile:5',
    ],
    [
      'in several instructions, below the folder that the image works in',
      ["RUN echo 'python manage.py migrate' > boot.sh", "RUN echo 'gunicorn shop.wsgi' >> boot.sh", 'CMD sh ./boot.sh'],
      'Dockerfile:4',
    ],
    [
      'by printf',
      [
        "RUN printf '%s\\n' 'set -e' 'python manage.py migrate' 'exec gunicorn shop.wsgi' > /boot.sh",
        'ENTRYPOINT ["sh", "/boot.sh"]',
      ],
      'Dockerfile:4',
    ],
    [
      'by one echo, whose shell makes line ends of \\n',
      [
        'RUN echo "#!/bin/sh\\nset -e\\npython manage.py migrate\\nexec gunicorn shop.wsgi" > /boot.sh && chmod +x /boot.sh',
        'CMD ["/boot.sh"]',
      ],
      'Dockerfile:4',
    ],
    [
      'by a here-document of RUN',
      [
        "RUN cat <<'END' > /boot.sh",
        'set -e',
        'python manage.py migrate',
        'exec gunicorn shop.wsgi',
        'END',
        'CMD ["sh", "/boot.sh"]',
      ],
      'Dockerfile:6',
    ],
    [
      'by a here-document of COPY',
      [
        'COPY --chmod=755 <<"END" /usr/local/bin/boot',
        '#!/bin/sh',
        'python manage.py migrate',
        'exec "$@"',
        'END',
        'ENTRYPOINT ["/usr/local/bin/boot"]',
        'CMD ["gunicorn", "shop.wsgi"]',
      ],
      'Dockerfile:6',
    ],
    [
      'in a stage that the last one is based on',
      ['RUN echo "python manage.py migrate; gunicorn shop.wsgi" > /boot.sh', 'FROM base', 'CMD ["sh", "/boot.sh"]'],
      'Dockerfile:4',
    ],
  ])('is followed: written %s', (_, lines, place) => {
    expect(found(lines)).toEqual([place]);
    expect(found(lines, 'migrate/missing-job')).toEqual([]);
  });

  it.each([
    [
      'that migrates nowhere',
      ["RUN echo 'exec gunicorn shop.wsgi' > /boot.sh", 'CMD ["sh", "/boot.sh"]'],
      ['deploy.yml:3'],
    ],
    [
      'that another one takes the place of',
      [
        "RUN echo 'python manage.py migrate; gunicorn shop.wsgi' > /boot.sh",
        "RUN echo 'gunicorn shop.wsgi' > /boot.sh",
        'CMD ["sh", "/boot.sh"]',
      ],
      ['deploy.yml:3'],
    ],
    [
      'in a here-document with lines that look like instructions',
      [
        "RUN cat <<'END' > /help.txt",
        'CMD python manage.py migrate && gunicorn shop.wsgi',
        'END',
        'CMD gunicorn shop.wsgi',
      ],
      ['deploy.yml:3'],
    ],
  ])('has no finding, and nothing else is taken for it: a script %s', (_, lines, missing) => {
    expect(found(lines)).toEqual([]);
    expect(found(lines, 'migrate/missing-job')).toEqual(missing);
  });

  it('is followed where it is copied among the programs of the image, without an ending', () => {
    const lines = ['COPY ops/boot /usr/local/bin/', 'ENTRYPOINT ["/usr/local/bin/boot"]', 'CMD gunicorn shop.wsgi'];
    expect(found(lines)).toEqual(['ops/boot:2']);
  });
});
