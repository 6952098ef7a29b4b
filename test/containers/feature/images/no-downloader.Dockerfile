# Neither curl nor wget, as in Debian's and Ubuntu's own images.
ARG BASE
FROM ${BASE}
COPY mirror /srv/node
RUN if command -v curl wget; then apt-get remove --yes curl wget; fi
