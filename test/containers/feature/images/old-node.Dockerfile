# A Node that is too old for devsetup, and with which the project goes on.
ARG BASE
FROM ${BASE}
COPY mirror /srv/node
RUN for program in node npm npx; do \
    printf '#!/bin/sh\necho v18.20.0\n' > /usr/bin/$program && chmod +x /usr/bin/$program; \
  done
