# Neither curl nor wget, as in Debian's and Ubuntu's own images.
ARG BASE
FROM ${BASE}
COPY mirror /srv/node
RUN for name in curl wget; do if command -v "$name"; then apt-get remove --yes "$name"; fi; done
