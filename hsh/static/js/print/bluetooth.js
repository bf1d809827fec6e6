// A receipt printer over Web Bluetooth.

import { within } from "./time.js";

// Seen on real 80 mm printers: a service, and in it the characteristic that takes the bytes.
const KNOWN = [
  ["000018f0-0000-1000-8000-00805f9b34fb", "00002af1-0000-1000-8000-00805f9b34fb"],
  ["49535343-fe7d-4ae5-8fa9-9fafd205e455", "49535343-8841-43f4-a8d4-ecbe34729bb3"],
  ["e7810a71-73ae-499d-8c15-faa9aef0c3f2", null],
];
const SERVICES = KNOWN.map(([service]) => service);
const MOST = 512; // bytes: Web Bluetooth refuses more in one write
const CONNECT_MS = 15_000;
const WRITE_MS = 10_000;

export const can = () => "bluetooth" in navigator;

// Asks the driver, so it must be called by a tap. `any`: also printers that do not say what they are.
export async function choose({ any = false } = {}) {
  const filters = SERVICES.map((service) => ({ services: [service] }));
  const wanted = any ? { acceptAllDevices: true } : { filters };
  return new BluetoothPrinter(
    await navigator.bluetooth.requestDevice({ ...wanted, optionalServices: SERVICES }),
  );
}

// A printer that was allowed before, without asking again, where the browser can tell.
export async function remembered(id) {
  const devices = (await navigator.bluetooth?.getDevices?.()) ?? [];
  const found = devices.find((device) => device.id === id);
  return found ? new BluetoothPrinter(found) : null;
}

async function writable(server) {
  for (const [name, takes] of KNOWN) {
    const service = await server.getPrimaryService(name).catch(() => null);
    if (!service) continue;
    const found = takes ? [await service.getCharacteristic(takes)] : await service.getCharacteristics();
    const one = found.find(({ properties }) => properties.write || properties.writeWithoutResponse);
    if (one) return one;
  }
  throw new Error("it has none of the services of a receipt printer");
}

class BluetoothPrinter extends EventTarget {
  constructor(device) {
    super();
    this.device = device;
    this.characteristic = null;
    device.addEventListener("gattserverdisconnected", () => {
      this.characteristic = null;
      this.dispatchEvent(new Event("drop"));
    });
  }

  get id() {
    return this.device.id;
  }

  get name() {
    return this.device.name || this.device.id;
  }

  get most() {
    return MOST;
  }

  get isOpen() {
    return Boolean(this.characteristic) && this.device.gatt.connected;
  }

  // A write that the printer answers is known to have arrived; some printers offer none.
  get answers() {
    return this.characteristic?.properties.write ?? true;
  }

  async open() {
    const opening = this.device.gatt.connect().then(writable);
    this.characteristic = await within(CONNECT_MS, opening);
  }

  write(bytes) {
    if (!this.isOpen) return Promise.reject(new Error("the connection was lost"));
    const one = this.characteristic;
    const writing = this.answers ? one.writeValueWithResponse(bytes) : one.writeValueWithoutResponse(bytes);
    return within(WRITE_MS, writing);
  }

  close() {
    this.characteristic = null;
    this.device.gatt.disconnect();
  }
}
