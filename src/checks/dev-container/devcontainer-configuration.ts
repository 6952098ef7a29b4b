import { CheckStopped, defineCheck, notApplicable, passed } from '../../core/check.ts';
import { findReferenceCli } from '../../devcontainer/reference-cli.ts';
import type { CommandResult } from '../../process/run-command.ts';
import type { CheckContext } from '../context.ts';
import { judgeProperties } from './judge-properties.ts';
import { openDevContainer } from './open-dev-container.ts';

const LIMIT_SECONDS = 20;

/** What the reference implementation makes of devcontainer.json. It asks no network and no Docker. */
export const devcontainerConfiguration = defineCheck<CheckContext, 'devcontainer-not-resolved'>({
  id: 'devcontainer-configuration',
  group: 'dev-container',
  title: 'Configuration of the dev container',
  findings: { 'devcontainer-not-resolved': 'error' },
  timeoutSeconds: LIMIT_SECONDS + 10,
  run: async (context) => {
    const found = await openDevContainer(context);
    if (judgeProperties(found).some(({ code }) => code === 'devcontainer-property-type')) {
      throw new CheckStopped({
        kind: 'could-not-check',
        reason: 'a property has a type that cannot be resolved',
        blockedBy: 'devcontainer-property-type',
      });
    }
    const cli = findReferenceCli();
    // It wants a Docker program even to read; one that does nothing and succeeds is enough.
    const docker = await context.findProgram('true');
    if (cli === null || docker === null) return notApplicable('the Dev Container CLI cannot be run here');
    const result = await context.run(
      cli.program,
      [
        ...cli.args,
        'read-configuration',
        `--workspace-folder=${context.root}`,
        `--config=${found.file}`,
        `--docker-path=${docker}`,
        `--docker-compose-path=${docker}`,
      ],
      { timeoutSeconds: LIMIT_SECONDS },
    );
    if (result.exitCode === 0) return passed(describeConfiguration(result));
    if (result.exitCode === null) return { kind: 'could-not-check', reason: 'the Dev Container CLI gave no answer' };
    const said = readMessages(result.tail);
    return {
      kind: 'problems',
      problems: [
        {
          code: 'devcontainer-not-resolved',
          message: `${found.name} cannot be resolved by the Dev Container CLI.`,
          evidence: said,
          remedy: {
            text: 'Correct what it names, until the command succeeds.',
            command: 'npx @devcontainers/cli read-configuration --workspace-folder .',
          },
          place: found.placeOf([]),
        },
      ],
    };
  },
});

/** Lines without the time and without the line that names the version. */
const readMessages = (output: string): readonly string[] =>
  output
    .split('\n')
    .map((line) => line.replace(/^\[[^\]]*\]\s*/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('@devcontainers/cli ') && !line.startsWith('{'))
    .slice(-10);

const describeConfiguration = ({ tail }: CommandResult): string => {
  const [, folder] = /"workspace":\{"workspaceFolder":"([^"]*)"/.exec(tail) ?? [];
  return folder === undefined ? 'it is resolved' : `opens ${folder}`;
};
