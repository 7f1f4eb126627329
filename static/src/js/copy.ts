// data-copy on a hidden button: copies the text of the element whose id it names, and says so in data-copied.

export function copyButtons(root: Document): void {
  if (!navigator.clipboard) return; // only offered in a secure context; without it the text can still be selected
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = root.getElementById(button.dataset.copy ?? "")?.textContent?.trim() ?? "";
      void navigator.clipboard.writeText(text).then(() => {
        const label = button.querySelector("[data-label]") ?? button;
        label.textContent = button.dataset.copied ?? label.textContent;
      });
    });
  }
}
