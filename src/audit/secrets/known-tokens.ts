export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Forms that their issuers have made recognizable: what looks like this is one. */
const FORMS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})/g },
  { what: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,}/g },
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { what: 'a Slack token', pattern: /\bxox[abeoprs]-[0-9A-Za-z-]{10,}/g },
  { what: 'a Slack hook', pattern: /\bhooks\.slack\.com\/(?:services|workflows)\/T\w{6,}\/\w{6,}\/\w{10,}/g },
  { what: 'a Discord hook', pattern: /\bdiscord(?:app)?\.com\/api\/webhooks\/\d{15,}\/[\w-]{40,}/g },
  { what: 'a Sentry hook', pattern: /\bsentry\.io\/api\/hooks\/release\/builtin\/\d+\/[0-9a-f]{40,}/g },
  { what: 'a Stripe key', pattern: /\b[sr]k_live_[0-9a-zA-Z]{16,}/g },
  { what: 'a SendGrid key', pattern: /\bSG\.[\w-]{20,24}\.[\w-]{39,50}/g },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { what: 'a PyPI token', pattern: /\bpypi-AgE[\w-]{40,}/g },
  { what: 'a Docker Hub token', pattern: /\bdckr_(?:pat|oat)_[\w-]{20,}/g },
  { what: 'a DigitalOcean token', pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/g },
  { what: 'a Hugging Face token', pattern: /\bhf_[A-Za-z]{30,}\b/g },
  { what: 'an Anthropic key', pattern: /\bsk-ant-[\w-]{20,}/g },
  { what: 'an OpenAI key', pattern: /\bsk-(?:proj-[\w-]{20,}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})/g },
  { what: 'a Google API key', pattern: /\bAIza[0-9A-Za-z_-]{35}\b/g },
  { what: 'a Telegram bot token', pattern: /\b\d{8,10}:AA[\w-]{33}\b/g },
  { what: 'a Vault token', pattern: /\bhvs\.[\w-]{24,}/g },
  { what: 'a Linear key', pattern: /\blin_api_\w{32,}/g },
  { what: 'a Render key', pattern: /\brnd_[A-Za-z0-9]{24,}\b/g },
  { what: 'a Heroku key', pattern: /\bHRKU-[\w-]{36,}/g },
  { what: 'a Fly token', pattern: /\bfm[12]_[A-Za-z0-9+/=]{40,}/g },
  { what: 'a Pulumi token', pattern: /\bpul-[0-9a-f]{40}\b/g },
  { what: 'a Supabase token', pattern: /\bsbp_[0-9a-f]{40}\b/g },
  { what: 'a Doppler token', pattern: /\bdp\.(?:pt|st|ct|sa)\.[\w.-]{40,}/g },
  { what: 'a Sentry token', pattern: /\bsntry[su]_[\w+/=-]{40,}/g },
  { what: 'a Render deploy hook', pattern: /\bapi\.render\.com\/deploy\/srv-\w+\?key=[\w-]+/g },
  {
    what: 'a private key',
    pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\n|\s)+[A-Za-z0-9+/=]{40,}/g,
  },
];

/** A made-up one: the issuer's example, or the same few characters again and again. */
const isMadeUp = (token: string): boolean =>
  /example|xxxx|0{8}|1234567890|your|\*{3}|\.{3}/i.test(token) || new Set(token.slice(-20)).size < 7;

/** Quick, for most texts: what one of them has to begin with. */
const MAY_BE_TOKEN =
  /gh[pousr]_|github_pat_|glpat-|AKIA|ASIA|xox[a-s]-|hooks\.slack|api\/webhooks|k_live_|\bSG\.|npm_|pypi-|dckr_|do[opr]_v1|\bhf_|sk-|AIza|:AA|hvs\.|lin_api|rnd_|HRKU-|fm[12]_|pul-|sbp_|\bdp\.|sntry[su]_|\?key=|hooks\/release|-----BEGIN/;

/** Known tokens in a text: where, and what each is. */
export const findKnownTokens = (text: string): readonly (TextRange & { readonly what: string })[] => {
  if (!MAY_BE_TOKEN.test(text)) return [];
  return FORMS.flatMap(({ what, pattern }) =>
    [...text.matchAll(pattern)].flatMap(({ 0: token, index }) =>
      isMadeUp(token) ? [] : [{ what, start: index, end: index + token.length }],
    ),
  );
};
