// What the page knows: the workspace's last state, who one is being, and where one is. No DOM here.

const saved = (key, fallback) => {
  try {
    return JSON.parse(localStorage.getItem(`local-slack.${key}`)) ?? fallback;
  } catch {
    return fallback;
  }
};
const save = (key, value) => {
  try {
    localStorage.setItem(`local-slack.${key}`, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs only the memory over a reload.
  }
};

/** The one store. `place` is {view: "channel", channel, thread} or {view: "home"}. */
export const store = {
  state: null,
  user: saved("user", "U0ADA"),
  place: { view: "channel", channel: null, thread: null },
  editing: null,
  isLineUp: true,
  examples: [],
  busy: new Set(),
};

/** Values people typed or chose in blocks, kept while messages and views are drawn again. */
const forms = new Map();

/** The typed values of one message or view: block id -> action id -> value. */
export function formOf(key) {
  if (!forms.has(key)) forms.set(key, {});
  return forms.get(key);
}

export const forgetForm = (key) => forms.delete(key);

export const setUser = (user) => save("user", (store.user = user));
export const draft = (place) => saved("drafts", {})[`${store.user}/${place}`] ?? "";
export function setDraft(place, text) {
  const drafts = saved("drafts", {});
  if (text) drafts[`${store.user}/${place}`] = text;
  else delete drafts[`${store.user}/${place}`];
  save("drafts", drafts);
}
export const lastPlace = () => saved("places", {})[store.user] ?? null;
export const setLastPlace = (hash) => save("places", { ...saved("places", {}), [store.user]: hash });
export const lastRead = (place) => saved("read", {})[`${store.user}/${place}`] ?? "0";
export function setLastRead(place, ts) {
  if (Number(ts) > Number(lastRead(place))) save("read", { ...saved("read", {}), [`${store.user}/${place}`]: ts });
}
export const scrollOf = (place) => saved("scroll", {})[`${store.user}/${place}`] ?? null;
export function setScroll(place, top) {
  const all = saved("scroll", {});
  if (top === null) delete all[`${store.user}/${place}`];
  else all[`${store.user}/${place}`] = Math.round(top);
  save("scroll", all);
}

const byId = (list, id) => (list ?? []).find((item) => item.id === id);

export const person = (id) => byId(store.state.users, id);
export const channel = (id) => byId(store.state.channels, id);
export const bot = () => store.state.me ?? {};
export const botUserId = () => bot().id ?? "U0BOT";
export const botName = () => bot().name ?? "App";
export const isBotUser = (user) => user.is_bot || user.id === botUserId();
export const people = () => store.state.users.filter((user) => !isBotUser(user) && !user.deleted);

/** The name people go by. */
export function nameOf(id) {
  const user = person(id);
  if (id === botUserId()) return botName();
  return user ? user.real_name || user.profile?.display_name || user.name : null;
}

/** Resolves ids inside text. */
export const names = { user: nameOf, channel: (id) => channel(id)?.name ?? null };

export const isMember = (room, user = store.user) => (room.members ?? []).includes(user);

/** Channels this person can see: public ones (outsiders only theirs) and private ones they are in. */
export function visibleChannels() {
  const isStranger = person(store.user)?.is_stranger;
  return store.state.channels
    .filter((room) => !room.is_im && (isMember(room) || (!room.is_private && !isStranger)))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** This person's direct message with the app, once it exists. */
export const ownDm = () => store.state.channels.find((room) => room.is_im && (room.user === store.user || isMember(room)));

/** Every message of a conversation this person may see, ephemeral ones included, oldest first. */
export function messagesIn(channelId) {
  const kept = store.state.messages?.[channelId] ?? [];
  const own = ephemerals(channelId).filter((message) => !kept.some((other) => other.ts === message.ts));
  return [...kept, ...own]
    .filter((message) => !message.ephemeral_for || message.ephemeral_for === store.user)
    .sort((a, b) => Number(a.ts) - Number(b.ts));
}

function ephemerals(channelId) {
  const given = store.state.ephemerals ?? [];
  const list = Array.isArray(given) ? given : Object.entries(given).flatMap(([key, items]) => items.map((item) => ({ key, ...item })));
  return list
    .filter((item) => (item.channel ?? item.key) === channelId)
    .map((item) => ({ ...item, ephemeral_for: item.ephemeral_for ?? item.user }));
}

export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;
export const mainMessages = (id) => messagesIn(id).filter((message) => !isReply(message) || message.subtype === "thread_broadcast");
export const repliesTo = (id, ts) => messagesIn(id).filter((message) => isReply(message) && message.thread_ts === ts);

/** Is there something in this conversation that this person has not seen? */
export function isUnread(channelId) {
  return messagesIn(channelId).some((message) => {
    if (message.user === store.user) return false;
    const place = isReply(message) ? `${channelId}/${message.thread_ts}` : channelId;
    return Number(message.ts) > Number(lastRead(place));
  });
}

/** The views open for this person, the newest last. */
export const openViews = () => store.state.modals?.[store.user] ?? [];

/** Slash commands and shortcuts of the app, as its manifest declares them. */
export const commands = () => bot().commands ?? [];
export const shortcuts = (type) => (bot().shortcuts ?? []).filter((item) => item.type === type);
