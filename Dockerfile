# The portal as a container. Debian's slim variant rather than Alpine: its C library is the one that
# Node.js is released and tested for, and the one that this project is tested on.
ARG NODE_IMAGE=node:24.21.0-slim

# Dependencies are a stage of their own: a change of the code leaves them in the build's cache.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install script of a dependency is needed to run the portal, so none runs.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE} AS portal
# Short-lived objects get 16 MB before they are looked through: left to itself, Node takes ever more
# for them on a large host, and what it has taken once it keeps.
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=16
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY views ./views
COPY src ./src

# By number, so that an orchestrator can see that it is not root. Nothing under /app belongs to it,
# and the portal writes no file: it runs with a read-only file system.
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/server.ts"]
