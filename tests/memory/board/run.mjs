// Runs under node: run.mjs PACKAGE MODULE LIB NUMBER... What `run.py` does under the unix port; here
// MicroPython collects its garbage only when a call from outside returns.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [folder, module, lib, ...numbers] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(join(folder, "micropython.mjs")));
const mp = await loadMicroPython({ stdout: (line) => console.log(line), linebuffer: true });

function copy(from, to) {
  mp.FS.mkdir(to);
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), `${to}/${name}`];
    if (statSync(source).isDirectory()) copy(source, target);
    else mp.FS.writeFile(target, readFileSync(source));
  }
}

copy(dirname(fileURLToPath(import.meta.url)), "/board");
copy(lib, "/firmware");
mp.runPython(`
import gc, sys
sys.path[:] = ["/board", "/firmware"]
import ${module}
${module}.begin(${numbers.map(Number)})
gc.collect()
def tick():
    more = ${module}.tick()
    gc.collect()
    return more
`);
const tick = mp.globals.get("tick");
while (tick());
