// A drawn name as a path of whole numbers in a field of 600 by 200: small enough for a form, and nothing but lines.

export const WIDTH = 600;
export const HEIGHT = 200;
const MOST = 11_000;

type Point = readonly [number, number];

export class Drawing {
  #lines: Point[][] = [];

  begin(x: number, y: number): void {
    this.#lines.push([within(x, y)]);
  }

  /** Draw on. Points that lie less than two units from the last say nothing and are left out. */
  on(x: number, y: number): void {
    const line = this.#lines.at(-1);
    const last = line?.at(-1);
    if (!line || !last) return;
    const point = within(x, y);
    if (Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]) >= 2) line.push(point);
  }

  clear(): void {
    this.#lines = [];
  }

  get lines(): readonly (readonly Point[])[] {
    return this.#lines;
  }

  /** The path; a very long drawing keeps every second point, then every third, until it fits. */
  get path(): string {
    for (let step = 1; ; step += 1) {
      const path = this.#lines.map((line) => spelled(line.filter((_, index) => index % step === 0 || index === line.length - 1))).join("");
      if (path.length <= MOST || step > 20) return path;
    }
  }
}

const within = (x: number, y: number): Point => [clamp(x, WIDTH), clamp(y, HEIGHT)];

const clamp = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));

const spelled = (line: readonly Point[]) => line.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x},${y}`).join("");
