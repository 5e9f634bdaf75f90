/* Say the screen aloud with the browser's own voice; nothing is sent anywhere by us. */
"use strict";
(() => {
  const voice = window.speechSynthesis;
  const text = document.querySelector("[data-spoken]")?.dataset.spoken;
  const button = document.querySelector("[data-voice]");
  if (!voice || !text || !button) return;
  const lang = document.documentElement.lang === "en" ? "en-US" : "ja-JP";
  let spoken = false;

  const speak = () => {
    voice.cancel();
    for (const sentence of text.split("\n")) {
      const said = new SpeechSynthesisUtterance(sentence);
      said.lang = lang;
      said.rate = 0.9;
      voice.speak(said);
    }
  };
  const start = () => {
    // A voice over the network would send what is on the screen elsewhere.
    const own = voice.getVoices().some((one) => one.localService && one.lang.replace("_", "-").startsWith(lang.slice(0, 2)));
    button.hidden = !own;
    if (own && !spoken) {
      spoken = true;
      speak();
    }
  };
  button.addEventListener("click", speak);
  voice.addEventListener("voiceschanged", start);
  window.addEventListener("pagehide", () => voice.cancel());
  start();
})();
