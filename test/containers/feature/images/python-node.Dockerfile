# A Node that is new enough.
ARG BASE
FROM ${BASE}
COPY node /usr/local
