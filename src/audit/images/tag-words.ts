const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Tags, or parts of them, that are moved from image to image by those who use them. */
export const MOVING_WORDS = words(
  'latest stable edge nightly rolling current newest recent head snapshot canary next release alpha beta rc candidate preview default rollback previous cache',
);

/** Branches as they are usually called. */
export const BRANCH_WORDS = words('main master trunk develop mainline hotfix feature');

/** Environments as they are usually called; some are branches too. */
export const STAGE_WORDS = words(
  'dev devel development test testing tst qa uat int integration acc acceptance stage staging stg preprod pre prod production prd live demo sandbox local sit',
);
