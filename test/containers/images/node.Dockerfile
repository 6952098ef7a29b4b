# Stands in for the image of Node: the template copies Node out of it.
ARG DEBIAN
FROM ${DEBIAN}
COPY node/ /usr/local/
