// The service worker. Helper C writes it; this much makes the site installable.
self.addEventListener("fetch", () => {});
