import { buildAudit } from '../../../audit/build-audit.ts';
import { findProjectFacts } from '../../../audit/find-project-facts.ts';
import type { Config } from '../../../config/config.ts';
import { openCheckout } from '../../../project/open-checkout.ts';
import { readWorkflows } from '../../../workflows/read-workflows.ts';
import type { Choice } from '../../plan/choose-options.ts';
import { readExisting, type ExistingPipelines } from './read-existing.ts';
import { describeDispute } from './said.ts';

/** Reads the workflows of the checkout, and what they call in it; runs nothing of them. */
export const lookAtExisting = async (
  root: string,
  config: Pick<Config, 'audit'>,
  frontends: readonly { readonly name: string }[],
): Promise<ExistingPipelines> => {
  const { readFile, listFiles } = openCheckout(root);
  const files = (await readWorkflows(root)).map(({ file, text }) => ({ path: file, text }));
  const project = findProjectFacts(listFiles(), readFile);
  const audit = buildAudit({ files, readFile, project, config: config.audit });
  return readExisting(
    audit,
    frontends.map(({ name }) => name),
  );
};

/** Of the values that workflows contradict each other about: those that nobody has chosen. */
export const disputeNotes = ({ disputes }: ExistingPipelines, choices: readonly Choice[]): readonly string[] =>
  disputes.flatMap((dispute) => {
    const choice = choices.find(({ option }) => option === dispute.option);
    // A version file is closer to what runs than a matrix of tests.
    const isFound = choice?.by === 'found' && choice.option.endsWith('Version');
    const isChosen = isFound || choice?.by === 'flag' || choice?.by === 'made';
    return choice === undefined || isChosen ? [] : [describeDispute(dispute, choice.value)];
  });
