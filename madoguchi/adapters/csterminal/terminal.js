// Screens that change in place, as newer terminals have them: the same forms, fetched instead of opened.
'use strict';
const go = async (address, more) => {
  try {
    const answer = await fetch(address, more);
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.title = next.title;
    document.body.replaceWith(document.adoptNode(next.body));
  } catch {
    document.querySelector('main').innerHTML = '<h1>通信できません</h1>';
  }
};
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method === 'dialog') return;
  event.preventDefault();
  go(form.action, {method: 'POST', body: new URLSearchParams(new FormData(form))});
});
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  if (!link) return;
  event.preventDefault();
  go(link.href);
});
