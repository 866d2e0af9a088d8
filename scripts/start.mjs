// `npm start`: builds what is missing, then shows the example workspace at work.
import { ensure } from './ensure.mjs';

// Running needs the addon alone; the npm dependencies are only installed if it has to be built.
await ensure({ addon: true });
const { runDemo } = await import('../examples/demo/index.mjs');
process.exitCode = await runDemo();
