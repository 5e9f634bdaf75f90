// How long each part of the visit takes, from its first to its last touch: seconds, nothing else.
"use strict";
(() => {
  const shown = Date.now();
  const whole = document.querySelector("form[data-seconds]");
  whole?.addEventListener("submit", () => {
    whole.elements.seconds.value = String(Math.round((Date.now() - shown) / 1000));
  });
  const form = document.querySelector("form[data-steps]");
  if (!form) return;
  const began = {}, ended = {};
  form.addEventListener("input", (event) => {
    const part = event.target.closest("[data-step]");
    if (!part) return;
    const now = Date.now(), name = part.dataset.step;
    began[name] ??= now;
    ended[name] = now;
  });
  form.addEventListener("submit", () => {
    form.elements.steps.value = Object.keys(began)
      .map((name) => `${name}:${Math.round((ended[name] - began[name]) / 1000)}`)
      .join(" ");
  });
})();
