/* Walking through the results by keyboard: arrows or j and k; Enter opens, as on any link. */
"use strict";
(() => {
  const links = () => [...document.querySelectorAll("[data-hits] tbody th a")];
  const box = () => document.querySelector("[data-search]");

  const step = (by) => {
    const all = links();
    if (!all.length) return false;
    const at = all.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : -1) : at + by;
    if (next < 0) box()?.focus();
    else all[Math.min(next, all.length - 1)].focus();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const typing = event.target === box();
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? (typing ? 0 : { j: 1, k: -1 }[event.key] ?? 0);
    if (by && (typing || !event.target.matches("input, textarea, select")) && step(by)) event.preventDefault();
  });
})();
