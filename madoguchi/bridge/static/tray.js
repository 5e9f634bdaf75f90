/* The tray of fictional cards: put one on the emulated reader, take it off again. */
import { WORDS } from "./words.js";

const PAGE = document.body.dataset.page;
const tray = document.getElementById("tray");
const say = (key, facts = {}) =>
  (WORDS[key] ?? WORDS.FAILED).ja.replace(/\{(\w+)\}/g, (all, name) => facts[name] ?? all);

const make = (tag, attributes = {}, text = "") => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
};

const ask = async (route, told) => {
  const answer = await fetch(route, {
    method: "POST",
    headers: { "X-Bridge-Page": PAGE },
    body: JSON.stringify(told),
  });
  return answer.json();
};

const button = (label, attributes, press) => {
  const element = make("button", { type: "button", ...attributes }, label);
  element.addEventListener("click", press);
  return element;
};

const step = async (route, told) => {
  const found = await ask(route, told);
  if (found.problem) return warn(found.problem);
  draw(found.cards);
};

const warn = (code) => {
  document.getElementById("warning").textContent = say(code);
};

const row = (card) => {
  const line = make("li", { class: card.laid ? "laid" : "" });
  const words = make("div", { class: "face" });
  words.append(make("strong", {}, card.label), make("span", { class: "pin" }, say("tray_pin", card)));
  if (card.state !== "有効") words.append(make("span", { class: "state" }, card.state));
  if (card.laid) words.append(make("span", { class: "here" }, say("tray_laid")));
  const place = card.laid
    ? button(say("tray_take"), { "data-take": card.card_no }, () => step("/tray/take", {}))
    : button(say("tray_place"), { "data-place": card.card_no, class: "main" }, () =>
        step("/tray/place", { card: card.card_no }));
  place.setAttribute("aria-label", `${card.label} ${place.textContent}`);
  line.append(words, place);
  return line;
};

const draw = (cards) => {
  const focus = document.activeElement?.closest("li");
  const kept = focus ? [...focus.parentNode.children].indexOf(focus) : -1;
  const list = make("ul");
  list.append(...cards.map(row));
  tray.replaceChildren(
    make("p", { class: "sample" }, say("sample")),
    make("h1", {}, say("tray_title")),
    make("p", { class: "lead" }, say("tray_lead")),
    make("p", { role: "alert", id: "warning" }),
    list,
  );
  list.children[kept]?.querySelector("button").focus();
};

const watch = async () => {
  let change = 0;
  for (;;) {
    try {
      const found = await ask("/state", { change });
      if (found.problem) return warn(found.problem);
      if (found.change !== change) draw((await ask("/tray/cards", {})).cards);
      change = found.change;
    } catch {
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
};

watch();
