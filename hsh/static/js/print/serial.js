// A receipt printer by cable, or paired by classic Bluetooth: Web Serial.

import { within } from "./time.js";

const BAUD = 9600; // what receipt printers are delivered with
const MOST = 512;
const OPEN_MS = 15_000;
const WRITE_MS = 10_000;

export const can = () => "serial" in navigator;

export async function choose() {
  return new SerialPrinter(await navigator.serial.requestPort());
}

export async function remembered(id) {
  const ports = (await navigator.serial?.getPorts()) ?? [];
  const found = ports.map((port) => new SerialPrinter(port)).find((printer) => printer.id === id);
  return found ?? null;
}

class SerialPrinter extends EventTarget {
  constructor(port) {
    super();
    this.port = port;
    port.addEventListener("disconnect", () => this.dispatchEvent(new Event("drop")));
  }

  get id() {
    const { usbVendorId = 0, usbProductId = 0, bluetoothServiceClassId = "" } = this.port.getInfo();
    return `serial-${usbVendorId}-${usbProductId}-${bluetoothServiceClassId}`;
  }

  get name() {
    return "Serial";
  }

  get most() {
    return MOST;
  }

  get isOpen() {
    return Boolean(this.port.writable);
  }

  get answers() {
    return true; // the port itself holds back
  }

  open() {
    return within(OPEN_MS, this.port.open({ baudRate: BAUD }));
  }

  async write(bytes) {
    if (!this.isOpen) throw new Error("the connection was lost");
    const writer = this.port.writable.getWriter();
    try {
      await within(WRITE_MS, writer.write(bytes));
    } finally {
      writer.releaseLock();
    }
  }

  close() {
    return this.port.close();
  }
}
