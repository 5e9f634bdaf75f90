/* The page asks; the server knows. Nothing is stored in the browser.

   form[data-download]  a file answers, again if asked     [data-idle="90"]   ask "are you still there?"
   [data-watch="url"]   ask how far things have come       [data-home="20"]   back to the start by itself
   form[data-pad]       a key pad of our own (practice, staff code); never the card's PIN
   Every other form is sent once.
*/
"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const ASK_SECONDS = 30; // how long the question stands before the session ends
  const WATCH_MS = 1500;
  const SLOW_MS = 5000;
  const FAR_MS = 120_000;

  /* ---- one press, one request ---------------------------------------------------------- */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ("download" in form.dataset) return; // a file answers: the page stays
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
  });
  // A page that comes back from the browser's memory may be old: ask the server again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  /* ---- a touch panel has no need of these -------------------------------------------------- */
  document.addEventListener("contextmenu", (event) => event.preventDefault());
  document.addEventListener("dragstart", (event) => event.preventDefault());

  /* ---- Esc goes back, as on every page ------------------------------------------------------- */
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !one("dialog[open]")) one("[data-back]")?.click();
  });

  /* ---- are you still there? ------------------------------------------------------------------ */
  const screen = one("[data-screen]");
  const dialog = one("#still");
  let idle = 0;
  let counting = 0;

  const rest = () => {
    clearTimeout(idle);
    idle = setTimeout(ask, Math.max(5, Number(screen.dataset.idle) - ASK_SECONDS) * 1000);
  };

  const count = (left) => {
    const words = one("p", dialog);
    for (const node of words.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) node.data = node.data.replace(/\d+/, left);
    }
    if (left <= 0) return one("form[data-over]", dialog).requestSubmit();
    counting = setTimeout(count, 1000, left - 1);
  };

  const ask = () => {
    dialog.showModal();
    count(ASK_SECONDS);
  };

  if (dialog && screen?.dataset.idle) {
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      one("form[data-stay]", dialog).requestSubmit();
    });
    // An answer on its way is an answer: the clock must not overtake it.
    dialog.addEventListener("submit", () => clearTimeout(counting));
    for (const kind of ["pointerdown", "keydown", "input"]) document.addEventListener(kind, rest, { passive: true });
    rest();
  }

  /* ---- what goes on elsewhere: payment, paper ------------------------------------------------- */
  const since = performance.now();

  const words = (pieces) =>
    pieces.map(([text, reading]) => {
      if (!reading) return text;
      const ruby = document.createElement("ruby");
      const rt = document.createElement("rt");
      rt.append(reading);
      ruby.append(text, rt);
      return ruby;
    });

  const watch = async (url) => {
    try {
      const token = one("input[name=csrfmiddlewaretoken]", screen).value;
      const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, cache: "no-store", redirect: "error" });
      const said = await answer.json();
      if (said.mark !== screen.dataset.mark) return location.replace(screen.dataset.here);
      const bar = one(".progress-line progress");
      if (bar && said.done) {
        bar.max = said.all;
        bar.value = said.done;
      }
      const line = one("[data-progress-words]");
      if (line && said.words) line.replaceChildren(...words(said.words));
    } catch {
      /* The next question may be answered. */
    }
    setTimeout(watch, performance.now() - since > FAR_MS ? SLOW_MS : WATCH_MS, url);
  };
  if (screen?.dataset.watch) setTimeout(watch, WATCH_MS, screen.dataset.watch);

  /* ---- back to the start: after the end, and so that the hours shown are today's ------------------ */
  if (screen?.dataset.home) setTimeout(() => one("#go")?.requestSubmit(), Number(screen.dataset.home) * 1000);
  if (screen?.dataset.fresh) setTimeout(() => location.reload(), Number(screen.dataset.fresh) * 1000);

  /* ---- our own key pad ------------------------------------------------------------------------------- */
  for (const form of document.querySelectorAll("form[data-pad]")) {
    const field = form.elements.digits;
    const most = Number(form.dataset.length);
    const shown = one(".digits", form);
    const show = () => {
      if (!shown) return;
      shown.querySelectorAll("i").forEach((dot, at) => dot.classList.toggle("full", at < field.value.length));
      one(".sr", shown).textContent = shown.dataset.entered.replace("{n}", field.value.length);
    };
    const put = (digit) => {
      if (field.value.length < most) field.value += digit;
      show();
    };
    const erase = () => {
      field.value = field.value.slice(0, -1);
      show();
    };
    form.addEventListener("click", (event) => {
      const key = event.target.closest("button");
      if (key?.dataset.digit) put(key.dataset.digit);
      else if (key && "erase" in key.dataset) erase();
    });
    document.addEventListener("keydown", (event) => {
      if (event.target.matches?.("input")) return;
      if (/^\d$/.test(event.key)) put(event.key);
      else if (event.key === "Backspace") erase();
      else if (event.key === "Enter" && event.target === document.body) form.requestSubmit();
    });
    show();
  }
})();
