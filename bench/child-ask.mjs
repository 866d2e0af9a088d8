// Asks one question in a process of its own: `child-ask.mjs CUJ WINDOW_MS`, with the root in OBS_PROJECT_ROOT.
import { getCujSuccessRate } from '@obs/native';

const [cujId, window] = process.argv.slice(2);
console.log(JSON.stringify(getCujSuccessRate(cujId, Number(window))));
