// Boards: what is shown brings itself up to date, a projector turns its pages, the announcer may use the keyboard.
import "./board.css";
import { controlKeys } from "./controls.ts";
import { Pages } from "./pages.ts";
import { Poller } from "./poller.ts";

const root = document.querySelector<HTMLElement>("[data-board]");
const content = root?.querySelector<HTMLElement>("[data-board-content]");
if (root && content) {
  const turn = Number(root.dataset.turn ?? 0);
  const pages = turn ? new Pages(root, content, turn) : null;
  new Poller(root, content, () => pages?.show()).start();
}
controlKeys(document);
