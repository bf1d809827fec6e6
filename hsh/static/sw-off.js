// The kill switch: takes the service worker and what it kept of pages away. What waits to be sent is
// in IndexedDB and stays; the pages go on sending it by themselves.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("hsh-")) await caches.delete(name);
      }
      await self.registration.unregister();
    })(),
  );
});
