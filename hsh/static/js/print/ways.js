// Which ways to paper this browser has, and if Bluetooth is not one of them, why.

import { can as canBluetooth } from "./bluetooth.js";
import { can as canSerial } from "./serial.js";

let isOff = false;

export const isAndroid = () => /android/i.test(navigator.userAgent);

// Whether the machine has Bluetooth and it is on; only the browser's own answer tells.
export async function look() {
  isOff = (await navigator.bluetooth?.getAvailability?.()) === false;
}

export function whenSwitched(told) {
  navigator.bluetooth?.addEventListener?.("availabilitychanged", (event) => {
    isOff = !event.value;
    told();
  });
}

export function ways() {
  const found = [];
  if (!window.isSecureContext) found.push("insecure");
  else if (!canBluetooth()) found.push("no-bluetooth");
  else found.push(isOff ? "bluetooth-off" : "bluetooth");
  if (canSerial()) found.push("serial");
  if (isAndroid()) found.push("android");
  return found;
}
