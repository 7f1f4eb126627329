// The field in which a name is drawn. Whoever cannot draw types the name and the password; that way is always there.
import { suit } from "./comfort.ts";
import { Drawing, HEIGHT, WIDTH } from "./drawing.ts";

function prepare(form: HTMLFormElement): void {
  const canvas = form.querySelector("canvas");
  const field = form.querySelector<HTMLInputElement>("[name=drawing]");
  const pen = canvas?.getContext("2d");
  if (!canvas || !field || !pen) return;
  form.hidden = false;
  const drawing = new Drawing();
  const place = (event: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * WIDTH, ((event.clientY - box.top) / box.height) * HEIGHT];
  };
  const redraw = () => {
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = getComputedStyle(canvas).color;
    for (const line of drawing.lines) {
      pen.beginPath();
      line.forEach(([x, y], index) => (index === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
      if (line.length === 1) pen.lineTo((line[0]?.[0] ?? 0) + 0.5, line[0]?.[1] ?? 0);
      pen.stroke();
    }
    field.value = drawing.path;
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drawing.begin(...place(event));
    redraw();
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) drawing.on(...place(each));
    redraw();
  });
  form.querySelector("[data-clear-drawing]")?.addEventListener("click", () => {
    drawing.clear();
    redraw();
  });
}

suit();
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-drawn]")) prepare(form);
