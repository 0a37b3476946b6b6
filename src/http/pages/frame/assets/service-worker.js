// Shows notifications from the server and opens their page. It caches nothing and serves no page.

/** An address of our own, whatever the message contains. */
function ours(address) {
  const url = new URL(address ?? '/low', self.location.origin);
  return url.origin === self.location.origin ? url.href : new URL('/low', self.location.origin).href;
}

self.addEventListener('push', event => {
  let message = {};
  try { message = event.data.json(); } catch { /* A browser that was woken has to show something. */ }
  const shown = { body: message.body ?? '', lang: message.lang ?? '', icon: '/assets/push/icon-192.png', data: { url: ours(message.url) } };
  // A second notification about the same rating replaces the first.
  if (message.tag) Object.assign(shown, { tag: message.tag, renotify: true });
  event.waitUntil(self.registration.showNotification(message.title ?? 'Lastword', shown));
});

self.addEventListener('notificationclick', event => {
  event.notification.close();
  const url = ours(event.notification.data?.url);
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const there = open.find(page => page.url === url);
    return there ? there.focus() : self.clients.openWindow(url);
  })());
});
