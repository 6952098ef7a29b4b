import path from 'node:path';

import type { Command } from 'commander';

import { shellWord } from '../core/shell-word.ts';
import { packageFile } from '../version.ts';
import type { Terminal } from './terminal.ts';

/** `devsetup demo [dir]` */
export const addDemoCommand = (program: Command, terminal: Terminal): void => {
  program
    .command('demo')
    .description('see it work: a sample backend on a real PostgreSQL, set up twice')
    .argument('[dir]', 'where the sample is copied to', 'devsetup-demo')
    .option('--serve', 'start the site afterwards, and keep it until Ctrl-C')
    .action((directory: string, options: { readonly serve?: boolean }) =>
      terminal.run({}, async (host) => {
        const [{ runDemo }, { typedDevsetup }] = await Promise.all([
          import('../demo/run-demo.ts'),
          import('../demo/typed-devsetup.ts'),
        ]);
        const cli = packageFile('dist/cli.js');
        const folder = path.resolve(host.cwd, directory);
        // `npm run demo` names itself, so that the last screen can say what to type.
        const named = host.env['DEVSETUP_DEMO_COMMAND'];
        return runDemo({
          directory: folder,
          sample: packageFile('templates/demo'),
          cli: [process.execPath, cli],
          again: named ?? `${typedDevsetup(cli, host.cwd)} demo ${shellWord(directory)}`,
          devsetup: typedDevsetup(cli, folder),
          serve: options.serve === true,
          env: host.env,
          home: host.home,
          signal: terminal.signal,
          now: host.now,
          write: (text) => process.stdout.write(text),
        });
      }),
    );
};
