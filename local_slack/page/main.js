// Puts the page together: fetches the state, draws what one looks at, and follows the address bar.
import { explain, getExamples, getState, post, watchChanges } from "./api.js";
import { setZone } from "./clock.js";
import { onRefresh, refresh } from "./context.js";
import { createConversation } from "./conversation.js";
import { appHeader, channelHeader, threadHeader } from "./header.js";
import { createHome } from "./home.js";
import { createModals } from "./modals.js";
import { closeMenu, toast } from "./popups.js";
import { createSidebar } from "./sidebar.js";
import * as model from "./store.js";

const { store } = model;
const at = (id) => document.getElementById(id);
const [sidebarSlot, mainSlot, threadSlot, banner, veil] = ["sidebar", "main", "thread", "banner", "veil"].map(at);

let main = null;
let thread = null;
let isStarted = false;

const setDrawer = (isOpen) => {
  document.body.classList.toggle("drawer-open", isOpen);
  veil.hidden = !isOpen;
  if (isOpen) sidebarSlot.querySelector("a[aria-current], a")?.focus();
};

const actions = {
  join: (channel) => attempt("join", { channel }),
  invite: async (channel, user) => {
    if (await attempt("invite", { channel, user, inviter: store.user })) toast(`${model.nameOf(user)} is in #${model.channel(channel).name} now.`);
  },
  seen: () => queueMicrotask(render),
};
async function attempt(method, body) {
  try {
    const answer = await post(method, { user: store.user, ...body });
    await refresh();
    return answer;
  } catch (error) {
    toast(explain(error));
    return null;
  }
}

const HOME = { view: "home", channel: null, thread: null };
const hashOf = ({ view, channel, thread: ts }) => (view === "home" ? "#home" : `#${channel}${ts ? `/${ts}` : ""}`);
const goTo = (hash) => {
  setDrawer(false);
  if (location.hash === hash) followHash();
  else location.hash = hash;
};

/** Tell the app that a tab was opened, as Slack does each time; the conversation is made when there is none. */
async function openTab(tab, keepsFocus = false) {
  const answer = await attempt("open", { tab });
  if (tab === "home") {
    store.place = HOME; // or following the address would tell the app once more
    goTo("#home");
  } else if (answer) goTo(`#${answer.channel?.id ?? answer.channel}`);
  if (keepsFocus) requestAnimationFrame(() => document.querySelector('.tab[aria-selected="true"]')?.focus());
}

async function followHash() {
  const [first, ts] = decodeURIComponent(location.hash.slice(1)).split("/");
  const room = first && model.channel(first);
  const canSee = room && (room.is_im ? model.ownDm()?.id === room.id : model.visibleChannels().includes(room));
  if (first === "app") return openTab("messages");
  if (first === "home") {
    if (store.place.view !== "home") attempt("open", { tab: "home" });
    store.place = HOME;
  } else if (canSee) store.place = { view: "channel", channel: room.id, thread: ts || null };
  else if (/^D0/.test(first)) return openTab("messages");
  else {
    const start = model.visibleChannels().find((one) => model.isMember(one)) ?? model.visibleChannels()[0];
    if (!start) return openTab("messages");
    history.replaceState(null, "", `#${start.id}`);
    store.place = { view: "channel", channel: start.id, thread: null };
  }
  model.setLastPlace(hashOf(store.place));
  render();
  return undefined;
}

function become(user) {
  if (user === store.user) return;
  model.setUser(user);
  store.editing = null;
  setZone(model.person(user)?.tz);
  main = null;
  thread = null;
  const before = store.place;
  store.place = { view: "channel", channel: null, thread: null };
  setDrawer(false);
  const wasApp = before.view === "home" || model.channel(before.channel)?.is_im;
  const remembered = model.lastPlace();
  const next = remembered ?? (before.view === "home" ? "#home" : wasApp ? "#app" : hashOf(before));
  if (location.hash === next) followHash();
  else location.hash = next;
}

function makeMain() {
  const { view, channel } = store.place;
  const isApp = view === "home" || model.channel(channel)?.is_im;
  const options = { openDrawer: () => setDrawer(true), openTab, actions };
  const header = isApp ? appHeader(view === "home" ? "home" : "messages", options) : channelHeader(model.channel(channel), options);
  const made = view === "home" ? createHome(header.node) : createConversation({ channelId: channel, header: header.node, openThread, actions });
  mainSlot.replaceChildren(made.node);
  made.update();
  return { ...made, header, key: `${store.user} ${hashOf({ view, channel })}` };
}

const openThread = (ts) => goTo(hashOf({ ...store.place, thread: ts }));
const closeThread = () => {
  goTo(hashOf({ ...store.place, thread: null }));
  main?.focus();
};

function makeThread() {
  const { channel, thread: ts } = store.place;
  const header = threadHeader(channel, closeThread);
  const made = createConversation({ channelId: channel, threadTs: ts, header: header.node, openThread, actions });
  threadSlot.replaceChildren(made.node);
  made.update();
  return { ...made, header, key: `${store.user} ${hashOf(store.place)}` };
}

const sidebar = createSidebar({ go: (hash) => (hash === "#app" || hash === `#${model.ownDm()?.id}` ? openTab("messages") : goTo(hash)), become });
sidebarSlot.append(sidebar.node);
const updateModals = createModals();

function render() {
  if (!store.state) return;
  const { view, channel, thread: ts } = store.place;
  const wasElsewhere = main?.key !== `${store.user} ${hashOf({ view, channel })}`;
  if (wasElsewhere) main = makeMain();
  else main.update();
  main.header.update();
  const hasThread = view === "channel" && Boolean(ts);
  threadSlot.hidden = !hasThread;
  document.body.classList.toggle("has-thread", hasThread);
  mainSlot.inert = hasThread && isNarrow.matches;
  if (!hasThread) {
    thread = null;
    threadSlot.replaceChildren();
  } else if (thread?.key !== `${store.user} ${hashOf(store.place)}`) {
    thread = makeThread();
    // On a phone the focus must not bring up the keyboard over what one came to read.
    if (isStarted) isNarrow.matches ? threadSlot.querySelector(".thread-back").focus() : thread.focus();
  } else thread.update();
  if (wasElsewhere && !hasThread && isStarted && !isNarrow.matches) main.focus();
  sidebar.update();
  updateBanner();
  updateModals();
  const place = view === "home" ? `${model.botName()} Home` : (model.channel(channel)?.is_im ? model.botName() : `#${model.channel(channel)?.name}`);
  document.title = `${place} · ${store.state.team?.name ?? "Workspace"}`;
  isStarted = true;
}

const isNarrow = matchMedia("(max-width: 760px)");
isNarrow.addEventListener("change", render);

function updateBanner() {
  const words = !store.isLineUp
    ? "The workspace does not answer. Is it still running? Trying again…"
    : store.state && store.state.connected === false
      ? `${model.botName()} is not connected. You can write, but nothing will answer until its bot is started.`
      : "";
  banner.hidden = !words;
  if (banner.textContent !== words) banner.textContent = words;
}

let fetching = null;
let isStale = false;

/** Fetch the state and draw it; calls that come while one is under way share the next one. */
function fetchState() {
  isStale = true;
  fetching ??= (async () => {
    try {
      while (isStale) {
        isStale = false;
        store.state = await getState();
        store.isLineUp = true;
      }
      render();
    } catch (error) {
      store.isLineUp = false;
      if (store.state) updateBanner();
      else at("starting").textContent = `The workspace could not be read (${error.message}). Trying again…`;
    } finally {
      fetching = null;
    }
  })();
  return fetching;
}

async function start() {
  onRefresh(fetchState);
  [store.state, store.examples] = await Promise.all([getState(), getExamples()]);
  at("starting").remove();
  if (!model.person(store.user)) model.setUser(model.people()[0].id);
  setZone(model.person(store.user)?.tz);
  if (location.hash.length < 2) history.replaceState(null, "", model.lastPlace() ?? "#");
  await followHash();
  window.addEventListener("hashchange", followHash);
  watchChanges(
    (rev) => (rev === undefined || rev !== store.state?.rev ? fetchState() : null),
    (isUp) => {
      const wasUp = store.isLineUp;
      store.isLineUp = isUp;
      if (isUp && !wasUp) fetchState();
      else updateBanner();
    },
  );
}

function startWhenReady() {
  start().catch((error) => {
    at("starting").textContent = `The workspace could not be read (${error.message}). Trying again…`;
    setTimeout(startWhenReady, 2000);
  });
}

veil.addEventListener("click", () => setDrawer(false));
document.addEventListener("visibilitychange", () => !document.hidden && render());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (closeMenu()) return;
  if (document.body.classList.contains("drawer-open")) setDrawer(false);
  else if (store.place.thread) closeThread();
});
// A file dropped beside a conversation must not replace the page.
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
startWhenReady();
