// A text as a row of QR codes on the screen, one after the other, for a camera that is held before it.
import { h } from "../js/dom.ts";
import { encode } from "uqr";
import { parts } from "./emergency.ts";
import type { Say } from "./sign-in.ts";

const EACH = 1500;

export function codes(text: string, say: Say): HTMLElement {
  const all = parts(text);
  const place = h("div", { class: "codes-place" });
  const count = h("p", { role: "status" });
  let index = 0;
  let running: ReturnType<typeof setInterval> | undefined;
  const show = (next: number) => {
    index = (next + all.length) % all.length;
    place.replaceChildren(drawn(all[index] ?? ""));
    count.textContent = say("code_of", { n: index + 1, of: all.length });
  };
  const stop = () => {
    clearInterval(running);
    running = undefined;
    run.textContent = say("codes_run");
  };
  const start = () => {
    running = setInterval(() => (place.isConnected ? show(index + 1) : stop()), EACH);
    run.textContent = say("codes_stop");
  };
  const step = (by: number) => () => {
    stop();
    show(index + by);
  };
  const run = h("button", { type: "button", class: "button button-secondary", click: () => (running === undefined ? start() : stop()) });
  const button = (name: string, click: () => void) => h("button", { type: "button", class: "button button-secondary", click }, say(name));
  show(0);
  start();
  return h("div", { class: "codes", "data-codes": String(all.length) }, place, count, h("div", { class: "row" }, button("code_before", step(-1)), run, button("code_after", step(1))));
}

const SVG = "http://www.w3.org/2000/svg";

function drawn(text: string): SVGElement {
  const { data, size } = encode(text, { ecc: "L", border: 4 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", text.split(" ")[0] ?? "");
  const dark = document.createElementNS(SVG, "path");
  dark.setAttribute("d", path);
  svg.append(dark);
  return svg;
}
