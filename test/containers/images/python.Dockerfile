# Stands in for the dev container image of Python: its user, its rights, its Python on the PATH.
ARG DEBIAN
FROM ${DEBIAN}
COPY certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
  NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
  PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
  LANG=C.UTF-8
RUN useradd --create-home --shell /bin/bash --uid 1000 vscode \
  && echo 'vscode ALL=(root) NOPASSWD:ALL' > /etc/sudoers.d/vscode \
  && ln -sf python3 /usr/bin/python
