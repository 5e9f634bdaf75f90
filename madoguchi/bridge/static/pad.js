/* The PIN pad, in a frame of the bridge's own origin. The PIN is held in four bytes here, goes
   to the bridge as the whole body of one request, and is overwritten. It is never in a field, a
   text, an address or a message.

   From the site around us   hello · prove · cancel      (leave: "site": it has its own "stop")
   To the site around us     ready · card · tries · proof · blocked · problem · cancelled          */
import { WORDS } from "./words.js";

const DIGITS = 4;
const IDLE_MS = 60_000;
const RETRY_MS = 1_000;
const PAGE = document.body.dataset.page;
const ORIGINS = JSON.parse(document.body.dataset.origins);
const stage = document.getElementById("stage");
const alone = window.parent === window;

let around = ancestor(); // the origin of the site around us, once it is known and allowed
let language = "ja";
let seen = null; // what lies on the reader
let challenge = null; // the open question
let left = null; // tries left of the card that lies there
let trouble = null; // code of what went wrong last
let showing = "idle"; // idle place pin working take done trouble
let run = 0; // answers that come after a newer question are dropped
let quiet = 0;
const typed = new Uint8Array(DIGITS);
let count = 0;

/* ---- words ------------------------------------------------------------------------------ */
const say = (key, facts = {}) => {
  const row = WORDS[key] ?? WORDS.FAILED;
  return (row[language] ?? row.ja).replace(/\{(\w+)\}/g, (all, name) => facts[name] ?? all);
};

const write = (element, text) => {
  element.replaceChildren();
  for (const piece of text.split(/(\{[^{}|]+\|[^{}|]+\})/)) {
    const ruby = /^\{([^{}|]+)\|([^{}|]+)\}$/.exec(piece);
    if (!ruby) {
      element.append(piece);
      continue;
    }
    const above = make("rt", {}, ruby[2]);
    const whole = make("ruby", {}, ruby[1]);
    whole.append(above);
    element.append(whole);
  }
  return element;
};

function make(tag, attributes = {}, text = "") {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) write(element, text);
  return element;
}

/* ---- the site around us ----------------------------------------------------------------- */
function ancestor() {
  const first = window.location.ancestorOrigins?.[0];
  return ORIGINS.includes(first) ? first : null;
}

const tell = (message) => {
  if (around && !alone) window.parent.postMessage(message, around);
};

const introduce = () => {
  if (!seen) return;
  tell({ type: "ready", emulated: seen.emulated, reader: seen.reader });
  tell({ type: "card", present: seen.present });
};

const settle = (asked) => {
  language = ["ja", "ja-easy", "en"].includes(asked.language) ? asked.language : "ja";
  document.documentElement.lang = language === "en" ? "en" : "ja";
  document.body.classList.toggle("elder", asked.mode === "ELDER");
  document.body.classList.toggle("easy", language === "ja-easy");
  // One "stop" on a screen: where the site shows its own, ours would be a second one.
  document.body.classList.toggle("inset", asked.leave === "site");
};

window.addEventListener("message", (event) => {
  if (event.source !== window.parent || alone || !ORIGINS.includes(event.origin)) return;
  const asked = event.data;
  if (typeof asked !== "object" || asked === null) return;
  around = event.origin;
  if (asked.type === "hello") {
    settle(asked);
    introduce();
    show(showing);
  } else if (asked.type === "prove" && typeof asked.nonce === "string") {
    settle(asked);
    begin(asked.nonce, event.origin);
  } else if (asked.type === "cancel") {
    leave();
  }
});

/* ---- the bridge ------------------------------------------------------------------------- */
const ask = async (route, body, more = {}) => {
  try {
    const answer = await fetch(route, {
      method: "POST",
      headers: { "X-Bridge-Page": PAGE, ...more },
      body,
    });
    return await answer.json();
  } catch {
    return { problem: "FAILED" };
  }
};

const watch = async () => {
  for (;;) {
    const found = await ask("/state", JSON.stringify({ change: seen?.change ?? 0 }));
    if (found.problem === "PAGE_OLD") return fail("PAGE_OLD");
    if (found.problem || found.change === undefined) {
      // The agent has stopped: say so once, and look for it again.
      if (challenge && showing !== "trouble") fail("NO_SERVICE");
      await new Promise((done) => setTimeout(done, RETRY_MS));
      continue;
    }
    const before = seen;
    seen = found;
    if (!before) introduce();
    else if (before.present !== seen.present) tell({ type: "card", present: seen.present });
    if (!before || before.change !== seen.change) changed();
  }
};

/* What lies on the reader is another thing than before. */
const changed = () => {
  if (showing === "take" && !seen.present) show("done");
  else if (challenge && showing !== "working") look();
};

const begin = async (nonce, origin) => {
  const mine = ++run;
  forget();
  challenge = null;
  show("idle"); // nothing is typed for a question that is over
  const found = await ask("/begin", JSON.stringify({ nonce, origin }));
  if (mine !== run) return;
  if (found.problem) return fail(found.problem);
  challenge = found.challenge;
  touch();
  if (seen) look();
};

/* Ask the card for its tries before anybody presses a key. */
const look = async () => {
  const mine = run;
  forget();
  if (!seen.present) return show(seen.trouble === "NO_CARD" ? "place" : "trouble", seen.trouble);
  if (seen.trouble) return fail(seen.trouble);
  const found = await ask("/tries", "");
  if (mine !== run || !challenge) return;
  if (found.problem) return found.problem === "NO_CARD" ? show("place") : fail(found.problem);
  left = found.left;
  if (left === 0) return fail("PIN_BLOCKED");
  tell({ type: "tries", left });
  trouble = null;
  show("pin");
};

const decide = async () => {
  if (count !== DIGITS || showing !== "pin") return;
  const mine = run;
  const body = typed.slice();
  forget();
  show("working");
  const found = await ask("/pin", body, { "X-Bridge-Challenge": challenge });
  body.fill(0);
  if (mine !== run) return;
  if (found.certificate) {
    challenge = null;
    clearTimeout(quiet);
    tell({ type: "proof", certificate: found.certificate, signature: found.signature });
    return show(seen?.present ? "take" : "done");
  }
  touch();
  if (found.problem === "PIN_WRONG") {
    left = found.left;
    tell({ type: "tries", left });
    return show("pin", "PIN_WRONG");
  }
  fail(found.problem);
};

const fail = (code) => {
  forget();
  if (code === "PIN_BLOCKED") {
    challenge = null;
    tell({ type: "tries", left: 0 });
    tell({ type: "blocked" });
  } else {
    tell({ type: "problem", code });
  }
  show("trouble", code);
};

const leave = () => {
  run += 1;
  forget();
  challenge = null;
  left = null;
  clearTimeout(quiet);
  ask("/cancel", "");
  show("idle");
};

const cancel = (reason) => {
  leave();
  tell({ type: "cancelled", reason });
};

const touch = () => {
  clearTimeout(quiet);
  if (challenge) quiet = setTimeout(cancel, IDLE_MS, "idle");
};

/* ---- keys ------------------------------------------------------------------------------- */
const forget = () => {
  typed.fill(0);
  count = 0;
};

const press = (digit) => {
  touch();
  if (count < DIGITS) typed[count++] = 0x30 + digit;
  if (trouble === "PIN_WRONG") trouble = null;
  count_shown();
};

const erase = () => {
  touch();
  if (count > 0) typed[--count] = 0;
  count_shown();
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && showing !== "idle") return cancel("resident");
  if (showing !== "pin") return;
  if (/^[0-9]$/.test(event.key)) press(Number(event.key));
  else if (event.key === "Backspace") erase();
  else if (event.key === "Enter" && !event.target.closest("button")) decide();
  else return;
  event.preventDefault();
});

/* ---- what is shown ---------------------------------------------------------------------- */
const button = (kind, label, press_it, attributes = {}) => {
  const element = make("button", { type: "button", class: kind, ...attributes }, label);
  element.addEventListener("click", press_it);
  return element;
};

const sentence = (title, more) => {
  const box = make("div", { class: "words" });
  box.append(make("h1", { tabindex: "-1" }, title));
  if (more) box.append(make("p", { class: "more" }, more));
  if (seen?.emulated) box.append(make("p", { class: "sample" }, say("sample")));
  return box;
};

const bar = (...buttons) => {
  const box = make("div", { class: "bar" });
  box.append(...buttons);
  return box;
};

const cancel_keys = () => (document.body.classList.contains("inset") ? [] : [cancel_key()]);
const cancel_key = () => button("quiet", say("cancel"), () => cancel("resident"), { "data-cancel": "" });

const picture = (state) => {
  const box = make("div", { class: `picture ${state}`, "aria-hidden": "true" });
  box.append(make("div", { class: "reader" }), make("div", { class: "card" }));
  return box;
};

const pad_words = () => {
  // Once something is wrong, only what matters now is said.
  const calm = !trouble && left > 1;
  const box = sentence(say("enter_pin"), calm ? say("enter_pin_more") : "");
  const dots = make("div", { class: "dots", id: "dots", "aria-hidden": "true" });
  for (let place = 0; place < DIGITS; place += 1) dots.append(make("span"));
  const status = make("p", { class: "count", id: "count", role: "status" });
  const warning = make("div", { role: "alert" });
  if (trouble) warning.append(make("p", { class: "stop" }, say(trouble)));
  const last = left === 1;
  const tries = say(last ? "last" : "left", { left });
  warning.append(make("p", { class: last ? "stop" : "tries", id: "left" }, tries));
  box.querySelector("h1").after(dots, status, warning);
  if (calm) box.querySelector(".more").after(make("p", { class: "small" }, say("keeps_to_itself")));
  return box;
};

const pad_keys = () => {
  const keys = make("div", { class: "keys", role: "group" });
  for (const digit of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    keys.append(button("key", String(digit), () => press(digit), { "data-key": digit }));
  }
  keys.append(
    button("key word", say("delete"), erase, { "data-delete": "" }),
    button("key", "0", () => press(0), { "data-key": 0 }),
    button("key word main", say("decide"), decide, { "data-decide": "" }),
  );
  return keys;
};

const count_shown = () => {
  document.querySelectorAll("#dots span").forEach((dot, place) => {
    dot.classList.toggle("full", place < count);
  });
  const status = document.getElementById("count");
  if (status) write(status, count ? say("typed", { count }) : "");
  const main = document.querySelector("[data-decide]");
  if (main) main.disabled = count !== DIGITS;
  const erase_key = document.querySelector("[data-delete]");
  if (erase_key) erase_key.disabled = count === 0;
};

const VIEWS = {
  idle: () => [],
  place: () => [sentence(say("place_card"), say("place_card_more")), picture("place"), bar(...cancel_keys())],
  pin: () => [pad_words(), pad_keys(), bar(...cancel_keys())],
  working: () => [sentence(say("working"), say("working_more")), make("progress"), bar()],
  take: () => [sentence(say("take_card"), say("done")), picture("take"), bar()],
  done: () => [sentence(say("done")), bar()],
  trouble: () => {
    const box = sentence(say(trouble));
    box.querySelector("h1").classList.add("stop");
    const again = challenge ? [button("main", say("again"), look, { "data-again": "" })] : [];
    return [box, bar(...again, ...cancel_keys())];
  },
};

function show(next, code = null) {
  showing = next;
  trouble = code;
  stage.className = next;
  stage.replaceChildren(...VIEWS[next]());
  if (next === "pin") count_shown();
  stage.querySelector("h1")?.focus({ preventScroll: true });
}

if (alone) {
  stage.append(sentence(say("not_alone")));
} else {
  watch();
}
