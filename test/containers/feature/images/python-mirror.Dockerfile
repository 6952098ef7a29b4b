# No Node, and where it could come from without a network.
ARG BASE
FROM ${BASE}
COPY mirror /srv/node
