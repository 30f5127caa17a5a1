// Times as the person one is being would see them.

let zone;

/** Use this person's time zone from now on (the browser's own when it is unknown). */
export function setZone(name) {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: name });
    zone = name;
  } catch {
    zone = undefined;
  }
}

const format = (seconds, options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(new Date(seconds * 1000));

/** 14:05 */
export const clockTime = (seconds) => format(seconds, { hour: "2-digit", minute: "2-digit" });

/** Monday 23 November 2026, 14:05 */
export const fullTime = (seconds) =>
  format(seconds, { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" });

/** A sortable day, to see where one ends and the next begins. */
export const dayKey = (seconds) => format(seconds, { year: "numeric", month: "2-digit", day: "2-digit" });

/** Today, Yesterday, or the date. */
export function dayName(seconds) {
  const now = Date.now() / 1000;
  if (dayKey(seconds) === dayKey(now)) return "Today";
  if (dayKey(seconds) === dayKey(now - 86400)) return "Yesterday";
  return format(seconds, { weekday: "long", day: "numeric", month: "long" });
}

const TOKENS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { day: "numeric", month: "long", year: "numeric" },
  date_short: { day: "numeric", month: "short", year: "numeric" },
  date_long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/** Slack's date format ("{date_short} at {time}") filled in, or null when the moment is not a number. */
export function formatDateToken(seconds, pattern) {
  if (!Number.isFinite(seconds)) return null;
  return pattern.replace(/\{(\w+?)(_pretty)?\}/g, (whole, name, pretty) => {
    if (pretty && name.startsWith("date") && dayName(seconds).endsWith("day") && dayName(seconds).length < 10) return dayName(seconds);
    return TOKENS[name] ? format(seconds, TOKENS[name]) : whole;
  });
}
