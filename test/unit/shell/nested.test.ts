import { describe, expect, it } from 'vitest';

import { layersOf, read, wordsOf, type ReadOptions } from './support/read.ts';

/** `words @ layers` of every call that is not one of the outer ones. */
const inner = (script: string, options?: ReadOptions): readonly string[] => {
  const reading = read(script, options);
  return reading.run.calls
    .filter(({ words }) => /^(?:a|b|manage\.py|python)$/.test(words[0]?.value ?? ''))
    .map((call) => `${wordsOf(call, reading)} @ ${layersOf(call, reading)}`.trim().replace(/ @$/, ''));
};

const check = (rows: readonly (readonly [script: string, ...expected: string[]])[], options?: ReadOptions): void => {
  it.each(rows.map(([script, ...expected]) => ({ script, expected })))('$script', ({ script, expected }) => {
    expect(inner(script, options)).toEqual(expected);
  });
};

describe('programs that run what they are given', () => {
  check([
    ['sudo a x', 'a x'],
    ['sudo -u web -E a x', 'a x'],
    ['sudo -H -u web -- a x', 'a x'],
    ['sudo A=1 a', 'a'],
    ['env A=1 B=2 a', 'a'],
    ['env -i a', 'a'],
    ['timeout 60 a', 'a'],
    ['timeout -k 5 60s a', 'a'],
    ['timeout --signal=KILL 5m a', 'a'],
    ['time a', 'a'],
    ['nice -n 10 a', 'a'],
    ['nohup a &', 'a'],
    ['exec a', 'a'],
    ['command a', 'a'],
    ['command -v a'],
    ['sudo env A=1 timeout 5 nice a', 'a'],
    ['xargs -n 1 a', 'a'],
    ['retry 3 a', 'a'],
    ['flock /tmp/l a', 'a'],
    ['poetry run a x', 'a x'],
    ['poetry -C api run a', 'a'],
    ['uv run a', 'a'],
    ['uv run --frozen --python 3.12 --with x a', 'a'],
    ['uv run -- a', 'a'],
    ['pipenv run a', 'a'],
    ['pdm run a', 'a'],
    ['hatch run a', 'a'],
    ['conda run -n env a', 'a'],
    ['dotenv -f .env run -- a', 'a'],
    ['doppler run -- a', 'a'],
    ['infisical run --env=prod -- a', 'a'],
    ['aws-vault exec prod -- a', 'a'],
    ['A=1 a', 'a'],
    ['until a; do b; done', 'a', 'b'],
    ['if a; then b; fi', 'a', 'b'],
    ['a | b', 'a', 'b'],
    ['(a)', 'a'],
    ['echo $(a)', 'a @ substitution'],
    ['X=`a`', 'a @ substitution'],
    ['cat <(a)', 'a @ substitution'],
    ['cat <<EOF\n$(a)\nEOF', 'a @ substitution'],
    ["cat <<'EOF'\n$(a)\nEOF"],
    ['echo "a"'],
    ['f() { a "$@"; }; f x', 'a x @ function f'],
    ['f() { g; }; g() { a; }; f', 'a @ function f > function g'],
  ]);
});

describe('shells in shells', () => {
  check([
    ['sh -c "a; b"', 'a @ string', 'b @ string'],
    ["bash -c 'a x'", 'a x @ string'],
    ["bash -lc 'a x'", 'a x @ string'],
    ["bash -euo pipefail -c 'a'", 'a @ string'],
    ["/bin/sh -c 'a'", 'a @ string'],
    ["bash -c 'a $1' _ x", 'a x @ string'],
    ['eval "a x"', 'a x @ string'],
    ['eval a x', 'a x @ string'],
    ['X="a x"; eval "$X"', 'a x @ string'],
    ['X="a x"; $X', 'a x'],
    ['X="a x"; sh -c "$X"', 'a x @ string'],
    ['bash <<EOF\na\nEOF', 'a @ here-document'],
    ['bash -s <<EOF\na\nEOF', 'a @ here-document'],
    ["bash -s -- x <<'EOF'\na $1\nEOF", 'a x @ here-document'],
    ['bash <<< "a x"', 'a x @ here-document'],
    ['echo "a x" | bash', 'a x @ here-document'],
    ['cat <<EOF | bash\na\nEOF', 'a @ here-document'],
    ['sudo bash -s <<EOF\na\nEOF', 'a @ here-document'],
    ['sudo su - web -c "a x"', 'a x @ string'],
    ['su web -c "a x"', 'a x @ string'],
    ['sudo -u web bash -c "a x"', 'a x @ string'],
    ['X=1; bash -c "a $X"', 'a 1 @ string'],
    ["X=1; bash -c 'a $X'", 'a $X @ string'],
    ["export X=1; bash -c 'a $X'", 'a 1 @ string'],
    ["X=1 bash -c 'a $X'", 'a 1 @ string'],
    ["env X=1 bash -c 'a $X'", 'a 1 @ string'],
  ]);
  it('what is in the environment from outside is handed on', () => {
    expect(inner("bash -c 'a $X'", { variables: { X: '1' } })).toEqual(['a 1 @ string']);
  });
});

describe('other hosts', () => {
  check([
    ['ssh h a x', 'a x @ remote h'],
    ['ssh h "a x"', 'a x @ remote h'],
    ['ssh -i key -p 22 -o A=b u@h "a x"', 'a x @ remote u@h'],
    ['ssh -tt -p2222 u@h a', 'a @ remote u@h'],
    ['ssh -oStrictHostKeyChecking=no u@h a', 'a @ remote u@h'],
    ['ssh u@h -p 22 a', 'a @ remote u@h'],
    ['ssh "$U@$H" a', 'a @ remote $U@$H'],
    ['ssh h "cd x && a && b"', 'a @ remote h', 'b @ remote h'],
    ['ssh h <<EOF\na\nb\nEOF', 'a @ remote h > here-document', 'b @ remote h > here-document'],
    ['ssh h <<-EOF\n\ta\n\tEOF', 'a @ remote h > here-document'],
    ["ssh h 'bash -s' <<EOF\na\nEOF", 'a @ remote h > here-document'],
    ["ssh h 'bash -s' -- x <<'EOF'\na $1\nEOF", 'a x @ remote h > here-document'],
    ['ssh h "sudo bash -c \'a x\'"', 'a x @ remote h > string'],
    ['cat <<EOF | ssh h\na\nEOF', 'a @ remote h > here-document'],
    ['echo a | ssh h bash', 'a @ remote h > here-document'],
    ['ssh h "ssh g a"', 'a @ remote h > remote g'],
    ['sshpass -p x ssh h a', 'a @ remote h'],
    ['sshpass -e ssh -o A=b h a', 'a @ remote h'],
    ['plink -pw x h a', 'a @ remote h'],
    ['parallel-ssh -H h -i a', 'a @ remote'],
    ['gcloud compute ssh vm --zone z --command "a x"', 'a x @ remote vm'],
    ['gcloud compute ssh vm --command="a x" --zone=z', 'a x @ remote vm'],
    ['aws ssm send-command --instance-ids i --parameters \'commands=["a x","b"]\'', 'a x @ remote', 'b @ remote'],
    ['aws ssm send-command --parameters \'{"commands":["cd y","a x"]}\'', 'a x @ remote'],
    ['X=1; ssh h "a $X"', 'a 1 @ remote h'],
    ["X=1; ssh h 'a $X'", 'a $X @ remote h'],
    ['X=1; ssh h "a \\$X"', 'a $X @ remote h'],
    ['X=1; ssh h <<EOF\na $X \\$Y\nEOF', 'a 1 $Y @ remote h > here-document'],
    ["X=1; ssh h <<'EOF'\na $X\nEOF", 'a $X @ remote h > here-document'],
    ["ssh h 'X=1; a $X'", 'a 1 @ remote h'],
    ["ssh h X=1 bash -s <<'EOF'\na $X\nEOF", 'a 1 @ remote h > here-document'],
  ]);
});

describe('containers', () => {
  check([
    ['docker run img a x', 'a x @ container img'],
    ['docker run --rm -it -e A=1 --env-file .env -v a:b -p 1:2 --name n --network w img a x', 'a x @ container img'],
    ['docker run --rm --name=n --network=w img:tag a', 'a @ container img:tag'],
    ['docker run -d img'],
    ['docker run --entrypoint a img x', 'a x @ container img'],
    ['docker run --entrypoint "" img a', 'a @ container img'],
    ['docker run img sh -c "a && b"', 'a @ container img > string', 'b @ container img > string'],
    ["docker run -e X=1 img sh -c 'a $X'", 'a 1 @ container img > string'],
    ['docker exec c a x', 'a x @ container c'],
    ['docker exec -i -u web -w /x c a', 'a @ container c'],
    ['sudo docker exec c a', 'a @ container c'],
    ['docker container exec c a', 'a @ container c'],
    ['docker exec -i c bash <<EOF\na\nEOF', 'a @ container c > here-document'],
    ['docker compose exec -T web a', 'a @ container web'],
    ['docker compose -f x.yml -p y --profile z run --rm -e A=1 web a', 'a @ container web'],
    ['docker-compose run --rm --no-deps web a', 'a @ container web'],
    ['docker-compose -f a.yml exec -T web a', 'a @ container web'],
    ['docker compose up -d'],
    ['docker compose run --rm --entrypoint "a x" web', 'a x @ container web'],
    ['docker --context c compose exec web a', 'a @ container web'],
    ['podman run img a', 'a @ container img'],
    ['kubectl exec deploy/web -- a x', 'a x @ container deploy/web'],
    ['kubectl -n ns exec -it web -c app -- a', 'a @ container web'],
    ['kubectl exec web a', 'a @ container web'],
    ['kubectl run m --image img --restart Never --rm -i -- a x', 'a x @ container m'],
    ['kubectl run m --image=img --command -- a x', 'a x @ container m'],
    ['kubectl get pods'],
    ['kubectl exec $(kubectl get pod -o name) -- a', 'a @ container $(kubectl get pod -o name)'],
    ['heroku run a x --app y', 'a x --app y @ container heroku'],
    ['heroku run -a app -- a x', 'a x @ container heroku'],
    ['heroku run --app app "a x"', 'a x @ container heroku'],
    ['flyctl ssh console -C "a x"', 'a x @ container'],
    ['fly ssh console --app y --command "a x"', 'a x @ container'],
    ['railway run a x', 'a x @ container railway'],
    ['az container exec --name n --exec-command "a x"', 'a x @ container'],
    ['az webapp ssh --command "a x"', 'a x @ container'],
    ['aws ecs execute-command --cluster c --task t --command "a x" --interactive', 'a x @ container'],
    ['aws ecs run-task --overrides \'{"containerOverrides":[{"name":"w","command":["a","x"]}]}\'', 'a x @ container'],
    [
      'aws ecs run-task --overrides \'{"containerOverrides":[{"command":["sh","-c","a x"]}]}\'',
      'a x @ container > string',
    ],
    ['gcloud run jobs create j --image i --command a --args x,y', 'a x y @ container'],
    ['gcloud run jobs execute j --args="manage.py,migrate"', 'manage.py migrate @ container'],
    ['kubectl apply -f - <<EOF\nkind: Job\nspec:\n  command: ["a", "x"]\nEOF', 'a x @ container'],
    ['kubectl apply -f - <<EOF\nkind: Job\nspec:\n  command:\n  - a\n  - x\n  image: y\nEOF', 'a x @ container'],
    [
      'cat <<EOF | kubectl apply -f -\nkind: Job\nspec:\n  command: [sh, -c]\n  args: ["a x"]\nEOF',
      'a x @ container > string',
    ],
    [
      "kubectl apply -f - <<'EOF'\nkind: Job\nspec:\n  command:\n    - sh\n    - -c\n    - |\n      cat <<X\n      y\n      X\n      a x\n  image: z\nEOF",
      'a x @ container > string',
    ],
    ['kubectl apply -f - <<EOF\nkind: Deployment\nspec:\n  command: ["a", "x"]\nEOF'],
    ['$DC exec web a'],
    ['if q; then DC="docker compose"; else DC=docker-compose; fi; $DC exec -T web a', 'a @ container web'],
    ['DC="docker compose -f x.yml"; $DC run --rm web a', 'a @ container web'],
    ['DC=(docker compose); "${DC[@]}" exec web a', 'a @ container web'],
    ['ssh h "docker exec c sh -c \'a\'"', 'a @ remote h > container c > string'],
  ]);
});

describe('Python', () => {
  check(
    [
      [
        `python -c "from x import call_command; call_command('migrate')"`,
        `python -c from x import call_command; call_command('migrate')`,
        'manage.py migrate @ python',
      ],
      ['python - <<EOF\ncall_command("migrate", "--noinput")\nEOF', 'python -', 'manage.py migrate --noinput @ python'],
      [
        'python <<EOF\ncall_command("migrate", interactive=False, verbosity=0)\nEOF',
        'python',
        'manage.py migrate --noinput @ python',
      ],
      [
        'python <<EOF\ncall_command("migrate_schemas", shared=True)\nEOF',
        'python',
        'manage.py migrate_schemas --shared @ python',
      ],
      [
        'python <<EOF\ncall_command("migrate", schema_name="public")\nEOF',
        'python',
        'manage.py migrate --schema-name=public @ python',
      ],
      ['python <<EOF\ncall_command(\n  "migrate",\n  "app",\n)\nEOF', 'python', 'manage.py migrate app @ python'],
      ['python <<EOF\n# call_command("migrate")\nEOF', 'python'],
      [
        'python manage.py shell -c "call_command(\'migrate\')"',
        "python manage.py shell -c call_command('migrate')",
        'manage.py migrate @ python',
      ],
      [
        'python manage.py shell <<EOF\ncall_command("migrate")\nEOF',
        'python manage.py shell',
        'manage.py migrate @ python',
      ],
      ['echo "call_command(\'migrate\')" | ./manage.py shell', 'manage.py migrate @ python'],
      ['python <<EOF\nimport subprocess\nsubprocess.run(["a", "x"], check=True)\nEOF', 'python', 'a x @ python'],
      ['python <<EOF\nos.system("a x && b")\nEOF', 'python', 'a x @ python', 'b @ python'],
      ['python <<EOF\nsubprocess.run("a x", shell=True)\nEOF', 'python', 'a x @ python'],
      ['python <<EOF\ncall_command(name)\nEOF', 'python'],
      ['python manage.py migrate', 'python manage.py migrate'],
      ['python tool.py', 'python tool.py', 'a x @ script tool.py'],
    ],
    { files: { 'tool.py': 'import os\nos.system("a x")\n' } },
  );

  it('as the language of the step', () => {
    expect(inner('call_command("migrate")', { language: 'python' })).toEqual(['manage.py migrate @ python']);
  });
});

describe('PowerShell', () => {
  check(
    [
      ['a x "y z"', 'a x y z'],
      ["a 'x'; b", 'a x', 'b'],
      ['a `\n  x', 'a x'],
      ['a x | b', 'a x', 'b'],
      ['if ($x) { a x }', 'a x'],
      ['$env:X = "1"\na $env:X', 'a 1'],
      ['a ${env:X}', 'a $X'],
      ['# a'],
      ['ssh h "a x"', 'a x @ remote h'],
      ['& a x', 'a x'],
      ['docker exec c a', 'a @ container c'],
    ],
    { language: 'powershell' },
  );
});

describe('scripts', () => {
  const files = {
    'deploy.sh': '#!/bin/bash\na $1\n',
    'scripts/run.sh': 'cd "$(dirname "$0")"\n./more.sh\n',
    'scripts/more.sh': 'b\n',
    'env.sh': 'export X=1\nf() { a f; }\n',
    Makefile:
      'IMG := app\nall: x\n\n.PHONY: x y z\nx: y ## help\n\t@a $(IMG)\n\ny:\n\tb $$HOME $(WHO)\n\nz:\n\t-a\n\tcd d && a z\nw:\n\t$(MAKE) z\n',
    'defaults.mk':
      'TAG ?= $(shell git describe || echo "latest")\nTAG ?= other\nFLAGS = -v\nFLAGS += -x\nx:\n\ta $(TAG) $(FLAGS)\n',
    'sub/Makefile': 'x:\n\ta sub\n',
    'package.json': '{ "name": "p", "scripts": { "ship": "a up", "test": "a \\"t\\"" } }',
    'web/package.json': '{ "scripts": { "ship": "a web" } }',
    'api/package.json': '{ "scripts": { "ship": "a api", "migrate": "a migrate" } }',
    Justfile: [
      'tag := "v1"',
      'set shell := ["bash", "-c"]',
      '',
      '# what comes first',
      'default: ship',
      '',
      'build image="app":',
      '    @a {{image}} {{ tag }}',
      '',
      '[private]',
      'ship target="uat" *more: build && tell',
      '    -a {{target}} {{more}}',
      '    cd d && a z',
      'tell:',
      '    b told',
      '',
      'script host:',
      '    #!/usr/bin/env bash',
      '    set -e',
      '    cd d',
      '',
      '    if x; then',
      '        a {{host}} {{gone}}',
      '    fi',
      'alias s := ship',
      '',
    ].join('\n'),
    'ops.just': 'up:\n  a ops\n',
    'bin/tool': 'a tool\n',
    'job.yaml': 'kind: Job\ncommand: ["a", "job"]\n',
    'loop.sh': './loop.sh\na\n',
  };
  check(
    [
      ['./deploy.sh x', 'a x @ script deploy.sh'],
      ['bash deploy.sh x', 'a x @ script deploy.sh'],
      ['bash ./deploy.sh x', 'a x @ script deploy.sh'],
      ['sh -x deploy.sh', 'a  @ script deploy.sh'.replace('  ', ' ')],
      ['sudo bash -e deploy.sh x', 'a x @ script deploy.sh'],
      ['chmod +x deploy.sh && ./deploy.sh x', 'a x @ script deploy.sh'],
      ['$GITHUB_WORKSPACE/deploy.sh x', 'a x @ script deploy.sh'],
      ['"${GITHUB_WORKSPACE}"/deploy.sh x', 'a x @ script deploy.sh'],
      ['. ./env.sh; a $X; f', 'a 1', 'a f @ function f'],
      ['source env.sh; a $X', 'a 1'],
      ['./env.sh; a $X', 'a $X'],
      ['scripts/run.sh', 'b @ script scripts/run.sh > script scripts/more.sh'],
      ['cd scripts; ./more.sh', 'b @ script scripts/more.sh'],
      ['cd scripts && ../deploy.sh x', 'a x @ script deploy.sh'],
      ['(cd scripts; ls); ./deploy.sh x', 'a x @ script deploy.sh'],
      ['pushd scripts; ./more.sh; popd', 'b @ script scripts/more.sh'],
      ['bin/tool'],
      ['./bin/tool', 'a tool @ script bin/tool'],
      [
        './loop.sh',
        ...Array.from(
          { length: 12 },
          (_, count) => `a @ ${Array.from({ length: 12 - count }, () => 'script loop.sh').join(' > ')}`,
        ),
      ],
      ['ssh h ./deploy.sh x', 'a x @ remote h > script deploy.sh'],
      ['ssh h "cd /srv && ./deploy.sh x"', 'a x @ remote h > script deploy.sh'],
      ['ssh h /srv/deploy.sh', 'a @ remote h > script deploy.sh'],
      ['ssh h bash -s < deploy.sh', 'a  @ remote h > here-document > script deploy.sh'.replace('  ', ' ')],
      ['ssh h "bash -s x" < deploy.sh', 'a x @ remote h > here-document > script deploy.sh'],
      ['cat deploy.sh | ssh h bash -s y', 'a y @ remote h > here-document > script deploy.sh'],
      ['scp deploy.sh h:/tmp/; ssh h bash /tmp/deploy.sh x', 'a x @ remote h > script deploy.sh'],
      ['scp -r scripts h:/srv; ssh h /srv/scripts/more.sh', 'b @ remote h > script scripts/more.sh'],
      ['docker compose run --rm web ./deploy.sh x', 'a x @ container web > script deploy.sh'],
      ['cat > g.sh <<EOF\na g\nEOF\nbash g.sh', 'a g @ script g.sh'],
      ["cat <<'EOF' > g.sh\na $1\nEOF\nchmod +x g.sh\n./g.sh y", 'a y @ script g.sh'],
      ['tee g.sh <<EOF\na g\nEOF\nsh g.sh', 'a g @ script g.sh'],
      ['echo "a g" > g.sh; echo b >> g.sh; sh g.sh', 'a g @ script g.sh', 'b @ script g.sh'],
      ['cat > /tmp/g.sh <<EOF\na g\nEOF\nscp /tmp/g.sh h:g.sh\nssh h "bash g.sh"', 'a g @ remote h > script g.sh'],
      ["ssh h <<'EOF'\ncat > g.sh <<'IN'\na g\nIN\nbash g.sh\nEOF", 'a g @ remote h > here-document > script g.sh'],
      [
        'make x',
        'b ${HOME} ${WHO} @ script Makefile'.replace('${HOME} ${WHO}', '$HOME $WHO'),
        'a app @ script Makefile',
      ],
      ['make', 'b $HOME $WHO @ script Makefile', 'a app @ script Makefile'],
      ['make x IMG=other', 'b $HOME $WHO @ script Makefile', 'a other @ script Makefile'],
      ['make z', 'a @ script Makefile', 'a z @ script Makefile'],
      ['make w', 'a @ script Makefile > script Makefile', 'a z @ script Makefile > script Makefile'],
      ['TAG=4 make -f defaults.mk x', 'a 4 -v -x @ script defaults.mk'],
      ['make -f defaults.mk x TAG=5', 'a 5 -v -x @ script defaults.mk'],
      ['make -C sub x', 'a sub @ script sub/Makefile'],
      ['make nothing'],
      ['npm run ship', 'a up @ script package.json'],
      ['npm test', 'a t @ script package.json'],
      ['yarn ship', 'a up @ script package.json'],
      ['pnpm run ship', 'a up @ script package.json'],
      ['npm --prefix web run ship', 'a web @ script web/package.json'],
      ['cd web && npm run ship', 'a web @ script web/package.json'],
      ['npm run nothing'],
      ['npm run migrate'],
      ['ssh h "cd /srv/shop && npm run migrate"', 'a migrate @ remote h > script api/package.json'],
      ['ssh h "cd /srv/shop && yarn migrate"', 'a migrate @ remote h > script api/package.json'],
      ['docker compose exec -T api pnpm run migrate', 'a migrate @ container api > script api/package.json'],
      ['ssh h "cd /srv/shop && npm run ship"', 'a up @ remote h > script package.json'],
      ['ssh h "cd /srv/shop && npm --prefix web run migrate"'],
      ['just build', 'a app v1 @ script Justfile'],
      ['just tag=v2 build shop', 'a shop v2 @ script Justfile'],
      [
        'just ship prod x y',
        'a app v1 @ script Justfile',
        'a prod x y @ script Justfile',
        'a z @ script Justfile',
        'b told @ script Justfile',
      ],
      ['just build shop tell', 'a shop v1 @ script Justfile', 'b told @ script Justfile'],
      [
        'just',
        'a app v1 @ script Justfile',
        'a uat @ script Justfile',
        'a z @ script Justfile',
        'b told @ script Justfile',
      ],
      ['just script h', 'a h ${gone} @ script Justfile'],
      ['just --justfile ops.just up', 'a ops @ script ops.just'],
      ['just gone'],
      ['npm ci'],
      ['kubectl apply -f job.yaml', 'a job @ script job.yaml > container'],
      ['sed "s/job/other/" job.yaml | kubectl apply -f -', 'a other @ container'],
    ],
    { files },
  );

  it.each([
    ['./gone.sh', ['./gone.sh']],
    ['bash gone.sh x', ['gone.sh']],
    ['. ./gone.sh', ['./gone.sh']],
    ['./gone', ['./gone']],
    ['ssh h /srv/app/gone.sh', ['/srv/app/gone.sh']],
    ['ssh h "cd /srv && ./gone.sh"', ['./gone.sh']],
    ['bash $SCRIPT', ['$SCRIPT']],
    ['. venv/bin/activate', []],
    ['source ~/.bashrc', []],
    ['./manage.py migrate', []],
    ['./gradlew build', []],
    ['./node_modules/.bin/x', []],
    ['/usr/bin/env a', []],
    ['/usr/local/bin/tool', []],
    ['./deploy.sh', []],
    ['curl x | bash', []],
    ['python gone.py', []],
  ])('not in the checkout: %s', (script, expected) => {
    const reading = read(script, { files });
    expect(
      reading.run.unknownScripts.map(({ path }) =>
        [...path].map((each) => reading.holes.get(each)?.name ?? each).join(''),
      ),
    ).toEqual(expected);
  });
});

describe('scripts of the checkout on a server', () => {
  check(
    [
      ["ssh h '/srv/shop/up.sh'", 'a @ remote h > script up.sh'],
      ["ssh h 'sudo bash ~/shop/ops/go.sh x'", 'b @ remote h > script ops/go.sh'],
      ['ssh h "$HERE/ops/go.sh"', 'b @ remote h > script ops/go.sh'],
      ["ssh h '/usr/local/bin/up.sh'"],
      ['/srv/shop/up.sh'],
    ],
    { files: { 'up.sh': 'a\n', 'ops/go.sh': 'b\n' } },
  );
});

describe('options that a script reads in a loop', () => {
  const files = {
    'up.sh':
      '#!/bin/sh\nHOST=""\nTASK=""\nwhile [ $# -gt 0 ]; do\n  case "$1" in\n    --host) HOST="$2"; shift 2;;\n    --task) TASK="$2"; shift 2;;\n    *) exit 1;;\n  esac\ndone\nif [ "$TASK" = ship ]; then\n  a "$HOST"\nelse\n  b\nfi\n',
  };
  check(
    [
      // Which word is which in the second round is not followed: both may be run.
      ['./up.sh --host h --task ship', 'a <|${2}> @ script up.sh', 'b @ script up.sh'],
    ],
    { files },
  );
});

describe('a script of several packages', () => {
  const files = {
    'package.json': '{ "scripts": { "dev": "turbo dev" } }',
    'api/package.json': '{ "scripts": { "migrate": "a api", "ship": "a up" } }',
    'jobs/package.json': '{ "scripts": { "migrate": "b jobs" } }',
  };
  check(
    [
      // Which of the two is meant does not show.
      ['ssh h "cd /srv/shop && npm run migrate"'],
      ['ssh h "cd /srv/shop && npm run ship"', 'a up @ remote h > script api/package.json'],
      ['npm run ship'],
    ],
    { files },
  );
});
