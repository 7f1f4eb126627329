// Builds static/dist from static/src: hashed bundles, one icon sprite, images, their gzip twins, the manifest.
// Called by competition/build_hook.py; by hand: node build.mjs. Fonts and the stamp are the hook's.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(here, "src");
const dist = path.join(here, "dist");
const manifest = {};

const bundles = { app: "app.ts", style: "css/app.css", scoring: "scoring/main.ts", signature: "scoring/signature.ts", progress: "scoring/progress.ts", worker: "worker/main.ts", editor: "editor/main.ts", board: "board/main.ts", paper: "paper/main.ts", floor: "floor/main.ts", emergency: "emergency/main.ts" };
const isText = /\.(css|js|svg|json)$/;

await clear();
await bundle();
await emit("icons.svg", await sprite());
for (const name of await readdir(path.join(source, "images"))) {
  await emit(name, await readFile(path.join(source, "images", name)));
}
await writeFile(path.join(dist, "manifest.json"), `${JSON.stringify(sorted(manifest), null, 2)}\n`);

// Everything but the fonts, which are dear to convert and have a stamp of their own.
async function clear() {
  await mkdir(dist, { recursive: true });
  for (const name of await readdir(dist)) {
    if (name !== "fonts") await rm(path.join(dist, name), { recursive: true });
  }
}

async function bundle() {
  const entryPoints = Object.fromEntries(
    Object.entries(bundles)
      .map(([name, file]) => [name, path.join(source, file)])
      .filter(([, file]) => existsSync(file)),
  );
  const result = await build({
    entryPoints,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome99", "safari15.4", "firefox97"],
    charset: "utf8",
    legalComments: "none",
    outdir: dist,
    write: false,
    logLevel: "warning",
  });
  for (const file of result.outputFiles) {
    const name = path.basename(file.path);
    await emit(name === "style.css" ? "app.css" : name, Buffer.from(file.contents));
  }
}

// One file with a <symbol> for each icon named in icons.json; a page refers to icons.svg#name.
async function sprite() {
  const names = JSON.parse(await readFile(path.join(source, "icons.json"), "utf8"));
  const symbols = await Promise.all(names.map(symbol));
  const origin = "<!-- Drawings: lucide-static, ISC licence, lucide.dev/license -->";
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${origin}${symbols.join("")}</svg>\n`);
}

async function symbol(name) {
  const file = path.join(here, "node_modules/lucide-static/icons", `${name}.svg`);
  const drawing = (await readFile(file, "utf8")).match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s*\n\s*/g, "")}</symbol>`;
}

// Writes name.HASH.ext and, for text, its gzip twin; the manifest remembers which file the name means.
async function emit(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const { name: stem, ext } = path.parse(name);
  const hashed = `${stem}.${hash}${ext}`;
  await writeFile(path.join(dist, hashed), content);
  if (isText.test(ext)) await writeFile(path.join(dist, `${hashed}.gz`), gzipSync(content, { level: 9 }));
  manifest[name] = hashed;
}

function sorted(names) {
  return Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)));
}
