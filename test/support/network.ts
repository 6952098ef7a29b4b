/** How this machine reaches the registries: proxies, certificates, mirrors. */
export const NETWORK: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined &&
    /^(?:SSL_CERT_|REQUESTS_CA_BUNDLE$|UV_|PIP_|NODE_EXTRA_CA_CERTS|npm_config_registry$|YARN_|(?:https?|no|all)_proxy$)/i.test(
      name,
    )
      ? [[name, value]]
      : [],
  ),
);
