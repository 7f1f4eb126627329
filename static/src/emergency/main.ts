// The organiser's camera reads the QR codes of an emergency file, where the browser can: what it reads is written into the field, as a scanner
// that types would do. Without such a browser the page is what it was, and says so.
import "./emergency.css";
import { fill, h } from "../js/dom.ts";
import { Parts, type Read } from "./parts.ts";

const EVERY = 150;

interface Detector {
  detect(image: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

interface Detectors {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

class Camera {
  readonly #root: HTMLElement;
  readonly #field: HTMLTextAreaElement;
  readonly #detector: Detector;
  readonly #said = h("p", { role: "status" });
  readonly #place = h("div", {});
  readonly #button: HTMLButtonElement;
  #stream: MediaStream | null = null;
  #parts = new Parts();
  #shown = "";

  constructor(root: HTMLElement, field: HTMLTextAreaElement, detector: Detector) {
    this.#root = root;
    this.#field = field;
    this.#detector = detector;
    this.#button = h("button", { type: "button", class: "button button-secondary", click: () => (this.#stream ? this.#stop() : void this.#start()) }, this.#word("start"));
    root.append(h("p", {}, this.#button), this.#place, this.#said);
    addEventListener("pagehide", () => this.#stop());
  }

  #word(name: string, values: Record<string, number> = {}): string {
    return fill(this.#root.dataset[name] ?? "", values);
  }

  #say(text: string): void {
    if (text === this.#shown) return;
    this.#shown = text;
    this.#said.textContent = text;
  }

  async #start(): Promise<void> {
    this.#button.disabled = true;
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (problem) {
      const isRefused = problem instanceof DOMException && (problem.name === "NotAllowedError" || problem.name === "SecurityError");
      return this.#say(this.#word(isRefused ? "refused" : "absent"));
    } finally {
      this.#button.disabled = false;
    }
    this.#parts = new Parts();
    const video = h("video", { class: "camera-picture", "aria-label": this.#word("picture") });
    video.muted = video.playsInline = true;
    video.srcObject = this.#stream;
    this.#place.replaceChildren(video);
    this.#button.textContent = this.#word("stop");
    this.#say(this.#word("begin"));
    await video.play().catch(() => undefined);
    this.#look(video, this.#stream);
  }

  // One picture after the other, until all codes are read or the camera is switched off.
  #look(video: HTMLVideoElement, stream: MediaStream): void {
    const again = async () => {
      if (this.#stream !== stream) return;
      const codes = await this.#detector.detect(video).catch(() => []); // a camera that has no picture yet
      if (this.#stream !== stream) return;
      for (const { rawValue } of codes) this.#take(this.#parts.read(rawValue));
      if (!this.#parts.isWhole) setTimeout(() => void again(), EVERY);
    };
    void again();
  }

  #take(read: Read): void {
    const counts = { n: this.#parts.count, of: this.#parts.of };
    if (read === "none") return this.#say(this.#word("none"));
    if (read === "other") return this.#say(this.#word("other", counts));
    if (read === "new") this.#field.value = this.#parts.text;
    this.#say(this.#word(this.#parts.isWhole ? "whole" : "count", counts));
    if (!this.#parts.isWhole) return;
    this.#stop();
    this.#field.form?.querySelector<HTMLButtonElement>("button[type=submit]")?.focus();
  }

  #stop(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#place.replaceChildren();
    this.#button.textContent = this.#word("start");
  }
}

/** What reads QR codes in this browser, or null. */
async function detector(): Promise<Detector | null> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: Detectors };
  if (!BarcodeDetector || !navigator.mediaDevices?.getUserMedia) return null;
  try {
    return (await BarcodeDetector.getSupportedFormats()).includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  } catch {
    return null;
  }
}

const root = document.querySelector<HTMLElement>("[data-camera]");
const field = document.querySelector<HTMLTextAreaElement>("form textarea[name=text]");
if (root && field) {
  void detector().then((found) => {
    root.hidden = false;
    if (found) new Camera(root, field, found);
    else root.append(h("p", { class: "muted" }, root.dataset.unable ?? ""));
  });
}
