/* Talk with the card bridge in its own frame. The PIN is typed there and never comes here.

   Exact origins on both sides, and only the frame we opened is heard.
*/
"use strict";
(() => {
  const frame = document.querySelector("iframe[data-bridge]");
  if (!frame) return;
  const form = document.querySelector("#go");
  const origin = new URL(frame.dataset.bridge).origin;
  const want = frame.dataset.want; // CARD, PROVE, GONE
  const SILENT_MS = 4000;
  let ready = false;
  let asked = false;

  const say = (which, shown = true) => {
    const words = document.querySelector(`[data-said="${which}"]`);
    if (words) words.hidden = !shown;
  };
  const send = (message) => frame.contentWindow.postMessage(message, origin);
  const go = () => form.requestSubmit();

  // Fictional cards of the demonstration lie on a tray of the bridge's own.
  const showTray = (emulated) => {
    const tray = document.querySelector("iframe[data-tray]");
    if (!tray || !emulated || tray.src) return;
    tray.src = tray.dataset.tray;
    tray.hidden = false;
  };

  const prove = () => {
    if (asked) return;
    asked = true;
    const { nonce, language, mode } = frame.dataset;
    send({ type: "prove", nonce, language, mode, leave: "site" });
    // Digits typed on a keyboard go where they are asked for, without a way through Tab.
    frame.focus();
  };

  const card = (present) => {
    if (want === "CARD" && present) return go();
    if (want === "GONE" && !present) return go();
  };

  const heard = {
    ready: (message) => {
      ready = true;
      // The bridge's page asks for the PIN in its own words: the question is not put twice.
      if (want === "PROVE") document.querySelector(".head")?.classList.add("sr");
      showTray(message.emulated === true);
      say("none", false);
      if (want === "PROVE") prove();
    },
    card: (message) => card(message.present === true),
    proof: (message) => {
      say("checking");
      form.elements.certificate.value = String(message.certificate);
      form.elements.signature.value = String(message.signature);
      go();
    },
    blocked: () => say("blocked"),
    // Pressed there it means what it says; gone quiet, the way back asks for the card anew.
    cancelled: (message) => document.querySelector(message.reason === "idle" ? "[data-back]" : "[data-leave]")?.click(),
    // The bridge's own page says these in words, where the PIN is typed.
    tries: () => {},
    problem: () => {},
  };

  window.addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame.contentWindow) return;
    const message = event.data;
    if (message === null || typeof message !== "object" || !Object.hasOwn(heard, message.type)) return;
    heard[message.type](message);
  });
  // A page that was there before ours hears this and says "ready" again.
  frame.addEventListener("load", () => send({ type: "hello", language: frame.dataset.language, mode: frame.dataset.mode, leave: "site" }));
  // Only now: the first word must not be missed.
  frame.src = `${origin}/`;
  setTimeout(() => ready || say("none"), SILENT_MS);
})();
