// Is this a PIN the card takes? Said here, on this device: nothing typed is sent, kept or named.
// The rule is domain/pins.py letter by letter, its table comes with the page (data-rule); a test
// compares the two. There is no form, no storage and no request in this file, and the page's
// policy (connect-src 'none', form-action 'none') would refuse one.
"use strict";

function judgePin(text, rule) {
  const all = [...text];
  const isLetter = (one) => rule.letters && one >= "A" && one <= "Z" && one.length === 1;
  const isDigit = (one) => rule.digits && one >= "0" && one <= "9" && one.length === 1;
  const isSmall = (one) => rule.letters && one >= "a" && one <= "z" && one.length === 1;
  const strange = all.filter((one) => !isLetter(one) && !isDigit(one));
  const small = strange.filter(isSmall);
  const anyDigit = all.some((one) => one >= "0" && one <= "9" && one.length === 1);
  const said = {
    small: small.length > 0,
    characters: strange.length > small.length,
    short: all.length < rule.shortest,
    long: all.length > rule.longest,
    both: rule.both && !(all.some(isLetter) && anyDigit),
  };
  const against = Object.keys(said).filter((code) => said[code]);
  return { against, advice: against.length ? [] : advise(text, rule) };
}

function advise(text, rule) {
  const several = new Set(text);
  const said = {
    same: several.size === 1,
    few: several.size === 2,
    run: several.size > 1 && isRun(text),
    day: (text.match(/[0-9]+/g) || []).some(looksLikeADay),
    alike: several.has("O") || several.has("I"),
  };
  return rule.advice.filter((code) => said[code]);
}

function isRun(text) {
  const pieces = text.match(/[A-Z]+|[0-9]+/g) || [];
  return pieces.length <= 2 && pieces.every((piece) => {
    const steps = new Set();
    for (let at = 1; at < piece.length; at += 1) {
      steps.add(piece.charCodeAt(at) - piece.charCodeAt(at - 1));
    }
    return steps.size === 0 || (steps.size === 1 && [-1, 0, 1].includes([...steps][0]));
  });
}

function looksLikeADay(run) {
  const isYear = (four) => Number(four) >= 1900 && Number(four) <= 2099;
  const isDay = (month, day) => {
    const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1];
    return days !== undefined && Number(day) >= 1 && Number(day) <= days;
  };
  const part = (from, to) => run.slice(from, to);
  switch (run.length) {
    case 4: return isYear(run) || isDay(part(0, 2), part(2)) || isDay(part(2), part(0, 2));
    case 6: return isDay(part(2, 4), part(4));
    case 8: return isYear(part(0, 4)) && isDay(part(4, 6), part(6));
    default: return false;
  }
}

(() => {
  const secrets = [...document.querySelectorAll("[data-secret]")];
  for (const one of secrets) {
    const rule = JSON.parse(one.dataset.rule);
    const input = one.querySelector("input"), told = [...one.querySelectorAll("[data-says]")];
    const show = () => {
      const empty = input.value === "";
      const found = empty ? { against: [], advice: [] } : judgePin(input.value, rule);
      const said = new Set([...found.against, ...found.advice]);
      if (!empty && !found.against.length) said.add(found.advice.length ? "guessed" : "good");
      for (const line of told) line.hidden = !said.has(line.dataset.says);
      input.setAttribute("aria-invalid", String(found.against.length > 0));
      one.dataset.state = empty ? "" : found.against.length ? "stop" : found.advice.length ? "look" : "ok";
    };
    const empty = () => { input.value = ""; show(); };
    input.addEventListener("input", show);
    one.querySelector("[data-empty]").addEventListener("click", () => { empty(); input.focus(); });
    // Whoever comes after at the same device finds nothing: leaving and coming back are both empty.
    addEventListener("pagehide", empty);
    addEventListener("pageshow", empty);
    one.querySelector("[data-try]").hidden = false;
  }
  for (const one of document.querySelectorAll("[data-try-note], [data-print]")) one.hidden = false;
  document.querySelector("[data-print]").addEventListener("click", () => print());
})();
