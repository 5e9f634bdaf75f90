// The wall keeps itself new: only what is called changes, the page stays where it is.
"use strict";
(() => {
  const seconds = Number(document.querySelector("[data-every]")?.dataset.every);
  if (!seconds) return;
  setInterval(async () => {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of ["main", "header"]) {
        const fresh = page.querySelector(part);
        const old = document.querySelector(part);
        if (fresh && old && fresh.innerHTML !== old.innerHTML) old.replaceWith(fresh);
      }
    } catch {
      // No answer now: the next round asks again.
    }
  }, seconds * 1000);
})();
