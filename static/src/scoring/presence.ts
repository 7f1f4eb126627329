// Tells the device list every half minute that this tablet is there: what waits on it and how full its battery is.

const EVERY = 30_000;

interface Battery {
  level: number;
}

export function keepPresent(say: (battery: number | null) => Promise<void>): void {
  const tell = async () => {
    if (document.hidden || !navigator.onLine) return;
    await say(await battery());
  };
  setInterval(() => void tell(), EVERY);
}

/** Percent of the battery, or null where the browser does not tell. */
async function battery(): Promise<number | null> {
  const { getBattery } = navigator as { getBattery?: () => Promise<Battery> };
  if (!getBattery) return null;
  try {
    return Math.round((await getBattery.call(navigator)).level * 100);
  } catch {
    return null;
  }
}
