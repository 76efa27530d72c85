// Loaded into a process by `--import`: names every module of a package that is loaded, on stderr.
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, nextLoad) {
    if (url.includes('/node_modules/')) process.stderr.write(`${url}\n`);
    return nextLoad(url, context);
  },
});
