/* The keyboard of the desk, the scanner, and quiet waiting. No state is kept, nothing is stored.

   data-go="h"      a link reached by g, then h, or by   data-key="c"   a button or choice pressed by c
                    Alt+h, while typing too
   data-main        the page's main button (Enter)       data-back      the way back (Esc)
   data-search      the search box (/ and scans)         data-scan      a box that takes scans instead
   data-guard       a form whose input must not be lost  data-busy="…"  words while it works
   data-download    a form that answers with a file
*/
"use strict";
(() => {
  const SCAN_GAP_MS = 50; // a scanner types faster than any hand
  const SCAN_LENGTH_MIN = 6;
  const QUIET_MS = 300;
  const LONG_MS = 10_000;
  const one = (selector, within = document) => within.querySelector(selector);
  const shown = (element) => element && element.getClientRects().length > 0;
  const pick = (selector) => [...document.querySelectorAll(selector)].find((e) => shown(e) && !e.disabled);
  const TEXTUAL = "input:not([type=radio],[type=checkbox],[type=button],[type=submit],[type=file]), textarea, select";
  const isTyping = (element) => element.matches?.(TEXTUAL) || element.isContentEditable;

  /* ---- keys ------------------------------------------------------------------------ */
  let afterG = 0;
  let pending = 0;

  const press = (element) => {
    if (!element) return false;
    if (element.matches("input, textarea, select")) {
      element.focus();
      element.select?.();
    } else {
      element.click();
    }
    return true;
  };

  const single = (key) => {
    if (performance.now() < afterG) {
      afterG = 0;
      // A place under ほか is gone to as well, open or not.
      return press(one(`[data-go="${CSS.escape(key)}"]`));
    }
    if (key === "g") afterG = performance.now() + 1500;
    else if (key === "?") openKeys();
    else press(pick(`[data-key="${CSS.escape(key)}"]`));
  };

  const goBack = () => {
    const more = one(".nav-more details[open]");
    if (more) return (more.open = false), one("summary", more).focus();
    const back = pick("[data-back]");
    if (back) return back.click();
    if (isTyping(document.activeElement)) document.activeElement.blur();
  };

  const pressMain = (event) => {
    // Enter inside a form or on a control already means something to the browser.
    if (event.target.closest("form, a, button, summary, [role=button]")) return;
    if (press(pick("[data-main]"))) event.preventDefault();
  };

  /* The help is fetched when it is first asked for: no page carries what nobody reads. */
  const openKeys = () => {
    one("#keys")?.showModal();
    document.body.dispatchEvent(new Event("help"));
  };

  const isAltAlone = (event) => event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;

  document.addEventListener("keydown", (event) => {
    // The home begins in its search box, where g is a letter: Alt says that a place is meant.
    if (isAltAlone(event) && !one("dialog[open]")) {
      const letter = /^(?:Key|Digit)([A-Z0-9])$/.exec(event.code)?.[1].toLowerCase();
      if (letter && press(one(`[data-go="${letter}"]`))) event.preventDefault();
      return;
    }
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (scan(event) || one("dialog[open]")) return;
    if (event.key === "Escape") {
      event.preventDefault(); // or the question that goBack may ask is closed by the same key
      return goBack();
    }
    if (event.key === "F1") {
      event.preventDefault(); // the browser's own help says nothing of this screen
      return openKeys(); // also while typing, where ? is a letter
    }
    if (event.key === "Enter") return pressMain(event);
    if (event.key.length !== 1 || isTyping(event.target)) return;
    if (event.key === "/") {
      event.preventDefault();
      return press(pick("[data-search]"));
    }
    if (event.key === " ") return;
    // Wait a moment: the first letter of a scan must not press anything.
    clearTimeout(pending);
    pending = setTimeout(single, SCAN_GAP_MS + 5, event.key);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) openKeys();
  });

  /* ---- scanner: a keyboard that is too fast to be one ---------------------------------- */
  let burst = { text: "", at: 0, box: null, before: "" };

  const scan = (event) => {
    const now = event.timeStamp; // when the key was struck, however busy the page is
    const fast = now - burst.at < SCAN_GAP_MS;
    if (event.key === "Enter") {
      const done = burst;
      burst = { text: "", at: 0, box: null, before: "" };
      return fast && done.text.length >= SCAN_LENGTH_MIN && deliver(event, done);
    }
    if (!/^[\x21-\x7e]$/.test(event.key) || event.target.type === "password") return false;
    if (fast) {
      clearTimeout(pending);
      burst = { ...burst, text: burst.text + event.key, at: now };
      return burst.text.length > 1 && !isTyping(event.target);
    }
    const box = isTyping(event.target) && "value" in event.target ? event.target : null;
    burst = { text: event.key, at: now, box, before: box ? box.value : "" };
    return false;
  };

  const deliver = (event, done) => {
    const target = pick("[data-scan]") ?? pick("[data-search]");
    if (!target || done.box === target) return false;
    event.preventDefault();
    if (done.box) done.box.value = done.before; // what the scan typed there was not meant for it
    target.value = done.text;
    target.focus();
    target.dispatchEvent(new Event("input", { bubbles: true }));
    target.form?.requestSubmit();
    return true;
  };

  /* ---- what was typed is not lost without a question ------------------------------------- */
  const touched = new WeakSet();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) touched.add(form);
  });
  document.addEventListener("submit", (event) => touched.delete(event.target));
  document.addEventListener(
    "click",
    (event) => {
      const back = event.target.closest("[data-back], [data-go]");
      const form = pick("form[data-guard]");
      const dialog = one("#leave");
      if (!back || !form || !touched.has(form) || !dialog) return;
      event.preventDefault();
      event.stopPropagation();
      dialog.showModal();
      dialog.onclose = () => {
        if (dialog.returnValue !== "leave") return;
        touched.delete(form);
        back.click();
      };
    },
    true,
  );

  /* ---- the summary of problems takes the focus --------------------------------------------- */
  const showProblems = (within) => {
    const summary = within.matches?.("[data-problems]") ? within : one("[data-problems]", within);
    summary?.focus();
  };
  document.addEventListener("htmx:afterSettle", (event) => showProblems(event.target));
  document.addEventListener("DOMContentLoaded", () => {
    // The browser moves to the first box only when it next paints: on a busy machine after the
    // first key, which would then be a command of the page.
    pick("[autofocus]")?.focus();
    showProblems(document);
  });

  /* ---- quiet time: nothing under 300 ms, then words, after 10 s one may leave ---------------- */
  const SAID = {
    ja: {
      busy: "処理しています",
      goesOn: "時間がかかっています。このページを離れてもかまいません。作業はつづき、結果は記録に残ります。",
      nothingLost: "時間がかかっています。このページを離れてもかまいません。なにも失われません。",
    },
    en: {
      busy: "Working",
      goesOn: "This takes a while. You may leave this page: the work goes on, and its result is kept.",
      nothingLost: "This takes a while. You may leave this page: nothing is lost.",
    },
  };
  let waits = [];
  let working = 0;

  const wait = (element, changes) => {
    working += 1;
    const bar = one("#busy");
    if (!bar || working > 1) return;
    const said = SAID[document.documentElement.lang] ?? SAID.ja;
    const words = element.closest?.("[data-busy]")?.dataset.busy ?? said.busy;
    const leave = changes ? said.goesOn : said.nothingLost;
    const say = (text) => {
      bar.textContent = text;
      bar.hidden = false;
    };
    waits = [setTimeout(say, QUIET_MS, words), setTimeout(say, LONG_MS, leave)];
  };

  const rest = () => {
    working = Math.max(0, working - 1);
    if (working) return;
    waits.forEach(clearTimeout);
    const bar = one("#busy");
    if (bar) bar.hidden = true;
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    wait(event.detail.elt, event.detail.requestConfig.verb !== "get");
  });
  document.addEventListener("htmx:afterRequest", rest);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const byHtmx = form.closest("[hx-get], [hx-post], [hx-boost=true]") || event.submitter?.matches("[hx-get], [hx-post]");
    if (event.defaultPrevented || byHtmx || form.method === "dialog") return;
    // A file or another window answers: this page never hears that the work is done.
    if ("download" in form.dataset || form.target) return;
    if (form.dataset.sent) return event.preventDefault(); // one press, one request
    form.dataset.sent = "1";
    wait(event.submitter ?? form, form.method === "post");
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
    working = 0;
    rest();
  });
})();
