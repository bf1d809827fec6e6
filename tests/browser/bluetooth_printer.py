"""A Bluetooth printer that Chromium takes for a real one: it keeps every byte that it is sent."""

import base64

SWITCHES = ("--enable-features=WebBluetooth,WebBluetoothNewPermissionsBackend",)
SERVICE = "000018f0-0000-1000-8000-00805f9b34fb"
TAKES = "00002af1-0000-1000-8000-00805f9b34fb"
ADDRESS = "09:09:09:09:09:09"
WRITE_REFUSED = 0x0D
NO_CONNECTION = 0x3E


class BluetoothPrinter:
    """In reach of ``page``, and powered on, from ``power_on`` to ``power_off``.

    ``writes`` has what arrived, a write each. ``dies_after``: the link is cut at that write, which
    does not arrive.
    """

    def __init__(self, page, properties=None, offers=(SERVICE, TAKES)):
        self.offers = offers
        self.properties = properties or {"write": True, "writeWithoutResponse": True}
        self.writes = []
        self.kinds = set()
        self.dies_after = None
        self.silent_from = None
        self.unanswered = []
        self.opened = 0
        self.is_deaf = False
        self.refused = False
        self._answered = set()
        self._radio = page.context.browser.new_browser_cdp_session()
        self._chooser = page.context.new_cdp_session(page)
        self._radio.on("BluetoothEmulation.gattOperationReceived", self._gatt)
        self._radio.on("BluetoothEmulation.characteristicOperationReceived", self._write)
        self._chooser.on("DeviceAccess.deviceRequestPrompted", self._choose)
        self._chooser.send("DeviceAccess.enable")
        self.power_on()

    @property
    def received(self):
        return b"".join(self.writes)

    @property
    def prompts(self):
        """How often the driver was asked to choose."""
        return len(self._answered)

    def power_on(self):
        self._send("enable", state="powered-on", leSupported=True)
        self._send(
            "simulatePreconnectedPeripheral",
            address=ADDRESS,
            name="HSH-80",
            manufacturerData=[],
            knownServiceUuids=[self.offers[0]],
        )
        self.offer()

    def offer(self):
        """Say again what it can do: a broken link makes the browser forget it."""
        service, takes = self.offers
        made = self._send("addService", address=ADDRESS, serviceUuid=service)
        self._send(
            "addCharacteristic",
            serviceId=made["serviceId"],
            characteristicUuid=takes,
            properties=self.properties,
        )

    def cut(self):
        """Break the link, as walking away does; it is back in reach at once."""
        self._send("simulateGATTDisconnection", address=ADDRESS)

    def come_back(self):
        """Be in reach again after a page was loaded, which makes the browser forget the radio."""
        self.power_off()
        self.power_on()

    def power_off(self):
        self._send("disable")

    def answer_now(self):
        """Answer the writes that were kept waiting, and all later ones at once."""
        self.silent_from = None
        waiting, self.unanswered = self.unanswered, []
        for event in waiting:
            self._take(event)

    def _gatt(self, event):
        self.opened += event["type"] == "connection"
        code = NO_CONNECTION if self.is_deaf else 0
        self._send("simulateGATTOperationResponse", address=ADDRESS, type=event["type"], code=code)

    def _write(self, event):
        if event["type"] != "write":
            return
        if self.dies_after is not None and len(self.writes) >= self.dies_after:
            self.dies_after = None
            self._answer(event, code=WRITE_REFUSED)
            self.cut()
        elif self.silent_from is not None and len(self.writes) >= self.silent_from:
            self.unanswered.append(event)
        else:
            self._take(event)

    def _take(self, event):
        self.writes.append(base64.b64decode(event.get("data", "")))
        self.kinds.add(event.get("writeType"))
        self._answer(event)

    def _answer(self, event, code=0):
        self._send(
            "simulateCharacteristicOperationResponse",
            characteristicId=event["characteristicId"],
            type="write",
            code=code,
        )

    def _choose(self, event):
        # The same prompt is told again as devices are found; a second answer ends the browser.
        if event["id"] in self._answered or not event["devices"]:
            return
        self._answered.add(event["id"])
        if self.refused:
            self._chooser.send("DeviceAccess.cancelPrompt", {"id": event["id"]})
        else:
            chosen = {"id": event["id"], "deviceId": event["devices"][0]["id"]}
            self._chooser.send("DeviceAccess.selectPrompt", chosen)

    def _send(self, method, **parameters):
        return self._radio.send(f"BluetoothEmulation.{method}", parameters)
