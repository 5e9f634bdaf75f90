/* Printing without leaving the page. Without this script the links open the paper instead. */
"use strict";
(() => {
  const print = (link) => {
    const frame = document.createElement("iframe");
    frame.className = "sr";
    frame.title = document.documentElement.lang === "en" ? "Certificate to print" : "印刷する証明書";
    frame.addEventListener("load", () => {
      let kind = "";
      try {
        kind = frame.contentDocument?.contentType ?? "";
      } catch {
        kind = ""; // a viewer of the browser's own: it is the paper
      }
      // A refusal came instead of the paper: show the request as it stands now.
      if (kind === "text/html") return location.reload();
      frame.contentWindow.focus();
      frame.contentWindow.print();
      window.focus();
      document.body.dispatchEvent(new CustomEvent("printed"));
    });
    frame.src = link.href;
    document.body.append(frame);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-print]");
    // Without a viewer of its own the browser saves the paper: the link does that by itself.
    if (!link || navigator.pdfViewerEnabled === false || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.dataset.sent) return; // one press, one paper
    link.dataset.sent = "1";
    print(link);
  });

  // The next step takes the keys, unless somebody is writing just now.
  document.addEventListener("htmx:afterSettle", (event) => {
    const at = document.activeElement;
    if (event.target.id !== "now" || (at && at.matches("input, textarea, select, summary"))) return;
    document.querySelector("#now [data-main]")?.focus({ preventScroll: true });
  });
})();
