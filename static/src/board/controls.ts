// data-next-step on a form: space and the right arrow reveal the next line, unless somebody is writing or on a button.
// data-listens says that the keys are heard from now on: the page can be read a moment earlier.

export function controlKeys(root: Document): void {
  root.addEventListener("keydown", (event) => {
    const form = root.querySelector<HTMLFormElement>("form[data-next-step]");
    if (!form || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key !== " " && event.key !== "ArrowRight") return;
    if (event.target instanceof Element && event.target.closest("input, textarea, select, button, a, summary")) return;
    event.preventDefault();
    form.requestSubmit();
  });
  root.querySelector("form[data-next-step]")?.setAttribute("data-listens", "");
}
