/* Printing without leaving the page. Without this script the links open the paper instead. */
"use strict";
(() => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-print]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.dataset.sent) return; // one press, one paper
    link.dataset.sent = "1";
    const frame = document.createElement("iframe");
    frame.className = "sr";
    frame.title = "印刷する証明書";
    frame.addEventListener("load", () => {
      let words = null;
      try {
        words = frame.contentDocument?.contentType === "text/html" ? frame.contentDocument : null;
      } catch {
        words = null; // a viewer of the browser's own: it is the paper
      }
      // A refusal came instead of the paper: show the request as it stands now.
      if (words) return location.reload();
      frame.contentWindow.focus();
      frame.contentWindow.print();
      document.body.dispatchEvent(new CustomEvent("printed"));
    });
    frame.src = link.href;
    document.body.append(frame);
  });
})();
