import { describe, expect, it } from 'vitest';

import { applied, decouple, findingsOf, lint, type Files } from './support/convert.ts';

const FILE = '.github/workflows/deploy.yml';

const convert = async (
  lines: readonly string[],
  more: Files = {},
): Promise<{ readonly after: string; readonly left: readonly string[]; readonly notes: readonly string[] }> => {
  const text = ['on: push', 'jobs:', ...lines.map((line) => `  ${line}`), ''].join('\n');
  const before: Files = { [FILE]: text, 'manage.py': 'django', 'requirements.txt': 'django', ...more };
  const facts = { with: 'manage', secret: 'DATABASE_URL' } as const;
  const plan = decouple(before, facts);
  const after = applied(before, plan);
  expect(await lint(after)).toEqual([]);
  expect(decouple(after, facts).files).toEqual([]);
  if (plan.left.length === 0) expect(findingsOf(after, /^migrate\//)).toEqual([]);
  const left = plan.left.map(({ span, what, why, remedy }) => `${span.line}: ${what}: ${why}. ${remedy}`);
  return { after: after[FILE] ?? '', left, notes: plan.notes };
};

const CHECKOUT = '    - uses: actions/checkout@v4';
const MIGRATION = [
  '    - run: python manage.py migrate --noinput',
  '      env:',
  '        DATABASE_URL: ${{ secrets.PROD_DATABASE }}',
];
const BUILD = [
  '    - uses: docker/build-push-action@v6',
  '      with:',
  '        push: true',
  '        tags: ghcr.io/acme/shop:${{ github.sha }}',
];
const DEPLOY = ['    - run: kubectl set image deployment/shop shop=ghcr.io/acme/shop:${{ github.sha }}'];
const job = (id: string, keys: readonly string[], ...steps: readonly string[]): readonly string[] => [
  `${id}:`,
  ...keys.map((key) => `  ${key}`),
  '  runs-on: ubuntu-latest',
  '  steps:',
  CHECKOUT,
  ...steps,
];

describe('a job that migrates before it builds what another job deploys', () => {
  it('only builds, and the migrate job stands between it and the deployment', async () => {
    const { after, left } = await convert([
      ...job('image', [], ...MIGRATION, ...BUILD),
      ...job('deploy', ['needs: image', 'environment: prod'], ...DEPLOY),
    ]);
    expect(left).toEqual([]);
    const [image = '', rest = ''] = after.split('  migrate:\n');
    const [migrate = '', deploy] = rest.split('  deploy:\n');
    expect(image).not.toContain('manage.py');
    expect(image).toContain('docker/build-push-action@v6');
    expect(migrate).toContain('    needs: image\n    runs-on: ubuntu-latest\n    environment: prod\n');
    expect(migrate).toContain(
      '          DATABASE_URL: ${{ secrets.PROD_DATABASE }}\n        run: python manage.py migrate --noinput\n',
    );
    expect(deploy).toContain('    needs: [image, migrate]\n');
  });

  it('keeps its environment for the migrate job', async () => {
    const { after, left } = await convert([
      ...job('image', ['environment: live'], ...MIGRATION, ...BUILD),
      ...job('deploy', ['needs: image', 'environment: prod'], ...DEPLOY),
    ]);
    expect(left).toEqual([]);
    expect(after).toContain('  migrate:\n    needs: image\n    runs-on: ubuntu-latest\n    environment: live\n');
  });

  it('stays where two environments take what it builds', async () => {
    const { left } = await convert([
      ...job('image', [], ...MIGRATION, ...BUILD),
      ...job('deploy-uat', ['needs: image', 'environment: uat'], ...DEPLOY),
      ...job('deploy-prod', ['needs: image', 'environment: prod'], ...DEPLOY),
    ]);
    expect(left).toEqual([
      '7: image: image runs migrate before it builds the image: if the build fails, the database is changed for a commit that is never deployed. Build the image first, in a job that the migration needs.',
    ]);
  });
});

describe('a migrate job that is there', () => {
  const BUILDS = job('build', [], ...BUILD);
  const deploy = (needs: string): readonly string[] =>
    job('deploy', [`needs: ${needs}`, 'environment: prod'], ...DEPLOY);
  const migrate = (keys: readonly string[], steps: readonly string[] = MIGRATION): readonly string[] =>
    job('migrate', [...keys, 'environment: prod'], ...steps);

  it('waits for the build, and the deployment beside it waits for the job', async () => {
    const { after, left } = await convert([...BUILDS, ...deploy('build'), ...migrate([])]);
    expect(left).toEqual([]);
    expect(after).toContain('  deploy:\n    needs: [build, migrate]\n');
    expect(after).toContain('  migrate:\n    needs: build\n');
  });

  it.each<readonly [string, readonly string[]]>([
    ['of a name', ['needs: deploy']],
    ['of a list', ['needs: [build, deploy]']],
    ['in lines', ['needs:', '  - build', '  - deploy']],
  ])('comes before the deployment that it waited for, with needs %s', async (_, needs) => {
    const { after, left } = await convert([...BUILDS, ...deploy('build'), ...migrate(needs)]);
    expect(left).toEqual([]);
    expect(after).toContain('  deploy:\n    needs: [build, migrate]\n');
    expect(after).toContain('  migrate:\n    needs: build\n    environment: prod\n');
  });

  it('has no needs where the deployment had none', async () => {
    const { after, left } = await convert([
      ...job('deploy', ['environment: prod'], ...DEPLOY),
      ...migrate(['needs: deploy']),
    ]);
    expect(left).toEqual([]);
    expect(after).toContain('  deploy:\n    needs: migrate\n');
    expect(after).toContain('  migrate:\n    environment: prod\n');
  });

  it.each<readonly [string, readonly string[], readonly string[]]>([
    [
      'that migrates in the container that was just deployed',
      ['needs: deploy'],
      ['    - run: kubectl exec deploy/shop -- python manage.py migrate'],
    ],
    [
      'that asks for the deployment by a condition',
      ['needs: deploy', "if: needs.deploy.result == 'success'"],
      MIGRATION,
    ],
  ])('stays behind the deployment %s, and says what to do', async (_, keys, steps) => {
    const { left } = await convert([...BUILDS, ...deploy('build'), ...migrate(keys, steps)]);
    expect(left).toEqual([
      '12: deploy: deploy deploys without waiting for migrate: new code may run on the old schema, also where the migration fails. Let migrate need what deploy needs instead of deploy, and let deploy need migrate.',
    ]);
  });
});

describe('a job that builds and deploys', () => {
  const one = (...steps: readonly string[]): readonly string[] => job('ship', ['environment: prod'], ...steps);
  const jobsOf = (text: string): Readonly<Record<string, string>> =>
    Object.fromEntries(text.split(/^(?= {2}[\w-]+:$)/m).map((part) => [/^ {2}([\w-]+):/.exec(part)?.[1] ?? '', part]));

  it.each([
    ['before it migrates', [...BUILD, ...MIGRATION, ...DEPLOY]],
    ['after it has migrated', [...MIGRATION, ...BUILD, ...DEPLOY]],
  ])('is two, with the migrate job between them, where it builds %s', async (_, steps) => {
    const { after, left, notes } = await convert(one(...steps));
    expect({ left, notes }).toEqual({ left: [], notes: [] });
    const { build, migrate, ship } = jobsOf(after);
    expect(build).toBe(
      [
        '  build:',
        '    runs-on: ubuntu-latest',
        '    steps:',
        `  ${CHECKOUT}`,
        ...BUILD.map((line) => `  ${line}`),
        '',
        '',
      ].join('\n'),
    );
    expect(migrate).toContain('    needs: build\n');
    expect(ship).toBe(
      [
        '  ship:',
        '    needs: [build, migrate]',
        '    environment: prod',
        '    runs-on: ubuntu-latest',
        '    steps:',
        `  ${CHECKOUT}`,
        ...DEPLOY.map((line) => `  ${line}`),
        '',
      ].join('\n'),
    );
  });

  it('gives both jobs what they log in with, the condition and the permissions, and the build its environment where it takes secrets', async () => {
    const login = [
      '',
      '    # The registry of the company.',
      '    - uses: docker/login-action@v3',
      '      with: { registry: r.example, username: ci, password: "${{ secrets.REGISTRY }}" }',
    ];
    const { after, left } = await convert(
      job(
        'ship',
        [
          "if: github.ref == 'refs/heads/main'",
          'environment: prod',
          'permissions:',
          '  contents: read',
          '  packages: write',
        ],
        ...login,
        '    - run: pip install -r requirements.txt && pytest',
        '',
        '    # Pushes.',
        ...BUILD,
        '',
        '    # Restarts.',
        '    - uses: appleboy/ssh-action@v1',
        '      with:',
        '        host: shop.example',
        '        script: |',
        '          set -e',
        '          docker compose run --rm web python manage.py migrate',
        '          docker compose up -d',
      ),
    );
    expect(left).toEqual([]);
    const { build, ship } = jobsOf(after);
    for (const text of [
      "    if: github.ref == 'refs/heads/main'\n",
      '    environment: prod\n',
      '    permissions: { contents: read, packages: write }\n',
      'secrets.REGISTRY',
      'pytest',
      'docker/build-push-action@v6',
    ])
      expect(build).toContain(text);
    expect(build).toContain('      # The registry of the company.\n      - uses: docker/login-action@v3\n');
    expect(build).toContain('      # Pushes.\n      - uses: docker/build-push-action@v6\n');
    expect(ship).not.toContain('# Pushes.');
    expect(ship).toContain('secrets.REGISTRY');
    expect(ship).toContain('      # Restarts.\n      - uses: appleboy/ssh-action@v1\n');
    expect(ship).toContain('            set -e\n            docker compose up -d\n');
    expect(ship).not.toMatch(/pytest|build-push-action/);
  });

  it.each<readonly [string, readonly string[]]>([
    ['pushes nothing', ['    - run: docker build -t shop .', ...MIGRATION, '    - run: ssh host docker restart shop']],
    [
      'hands a value from one to the other',
      [
        '    - id: image',
        '      uses: docker/build-push-action@v6',
        ...BUILD.slice(1),
        ...MIGRATION,
        '    - run: kubectl set image deployment/shop shop=ghcr.io/acme/shop@${{ steps.image.outputs.digest }}',
      ],
    ],
    [
      'writes a file',
      [...BUILD, '    - run: pytest > report.txt', ...MIGRATION, '    - run: scp report.txt host:/srv'],
    ],
    ['deploys by something that is not known', [...BUILD, ...MIGRATION, ...DEPLOY, '    - run: fab restart']],
    [
      'tells of a failure of either',
      [...BUILD, ...MIGRATION, ...DEPLOY, '    - if: failure()', '      run: curl https://chat.example'],
    ],
  ])('stays one where it %s, and a note says what to move where', async (_, steps) => {
    const { after, notes } = await convert(one(...steps));
    expect(Object.keys(jobsOf(after))).toEqual(['', 'migrate', 'ship']);
    expect(notes[0]).toMatch(/^ship builds (?:and tests )?in the job that deploys, so migrate runs before/);
  });
});
