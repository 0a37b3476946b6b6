// What pages do beyond what they do without a script: times in the reader's own zone on hover, and parts that stay live.
import { stayLive } from './live.js';

/** A time says in its title what the reader's own clock shows, where that differs from the organisation's. */
function localTimes(within) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'full', timeStyle: 'long' });
  for (const time of within.querySelectorAll('time[datetime]')) time.title ||= format.format(new Date(time.dateTime));
}

if (document.body.classList.contains('app')) stayLive(localTimes);
localTimes(document);
