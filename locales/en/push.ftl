# Notifications in browsers.
push-title = Notifications in this browser
push-lead = A low rating on one of your lines is shown by this browser even when no page is open. The line, the score, the reasons and the first words are sent through the push service of the browser’s maker, encrypted so that only this browser can read them. Signing out here switches it off.
push-low = Low ratings
push-late = Low ratings nobody replied to in time
push-on = Switch on in this browser
push-keep = Save
push-off = Switch off
push-remove = Remove
push-gone = No longer reachable, so switched off:
push-insecure = This works only over https. Use an address that starts with https.
push-unsupported = This browser cannot show notifications. On an iPhone or iPad, add Lastword to the home screen first and open it from there.
push-denied = This browser blocks notifications from this site. Allow them in its settings, then try again.
push-failed = The browser could not be switched on. Check its connection and try again.
push-no-script = Notifications need JavaScript.
done-push-on = Notifications are on in this browser.
done-push-kept = Saved.
done-push-off = Notifications are off there.
