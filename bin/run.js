// node bin/run.js FILE [ARGUMENTS]: runs a script of this package, as the npm scripts do.
import { launch } from './launch.js';

const [file = '', ...args] = process.argv.slice(2);
// The script finds its own arguments where it would without us.
process.argv.splice(1, 1);
await launch(file, args);
