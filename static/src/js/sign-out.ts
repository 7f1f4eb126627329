// Nobody signs out while marks are only on this device: the button leads to the tablet's hand-over instead, where they are sent first.
import { eventThatWaits } from "../scoring/unsent.ts";

export function guardSignOut(root: Document): void {
  for (const form of root.querySelectorAll<HTMLFormElement>('form[action$="/sign-out"]')) {
    form.addEventListener("submit", (event) => {
      const waits = eventThatWaits();
      if (waits === null) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      location.assign(`/judging/${waits}/desk#hand-over`);
    });
  }
}
