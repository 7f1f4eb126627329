// data-card on the form behind a login card: the token stands after the # of the address, where no server and no log sees it.
// It goes into the form and is taken out of the address, so that nobody reads it off the screen or finds it in the history.

/** Where the desk of the same tab finds it, so that after a pause the PIN alone opens the session again. */
export const CARD = "skillsladder.card";

export function takeCards(root: Document): void {
  const form = root.querySelector<HTMLFormElement>("form[data-card]");
  const field = form?.querySelector<HTMLInputElement>("input[name=token]");
  if (!form || !field) return;
  const token = location.hash.slice(1);
  if (token) {
    field.value = token;
    sessionStorage.setItem(CARD, token);
    history.replaceState(null, "", location.pathname);
  }
  const missing = form.querySelector<HTMLElement>("[data-card-missing]");
  if (!missing || field.value !== "") return;
  missing.hidden = false;
  form.querySelectorAll<HTMLElement>(".field, .form-buttons").forEach((part) => (part.hidden = true));
}
