# Node runs the TypeScript as it is, so there is nothing to build. docs/docker.md says how the digest was checked.
FROM node:24.21.0-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
WORKDIR /app
ENV NODE_ENV=production
COPY package.json package-lock.json .npmrc ./
# Type declarations and source maps are more than half of the dependencies' bytes, and nothing reads them at run time.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force && \
  find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
COPY bin ./bin
COPY src ./src
COPY fixtures ./fixtures
COPY deploy/health-check.ts ./deploy/
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 3000
# Unhealthy when nothing can be stored, not only when nothing answers.
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "deploy/health-check.ts"]
# Not through npm, which would keep SIGTERM to itself. `docker run IMAGE check` and the other commands work as well.
ENTRYPOINT ["node", "--v8-pool-size=1", "bin/vendor-signals.js"]
CMD ["start"]
