// What every room needs in the browser before anything else has come.

// A field in which somebody is typing keeps what is typed, whatever comes from elsewhere meanwhile.
for (const [kind, typing] of [['input', true], ['change', false], ['focusout', false]])
  document.addEventListener(kind, event => { event.target.typing = typing && event.target.type !== 'range'; }, true);

function put(id, value) {
  const field = document.getElementById(id);
  if (field && !field.typing) field.value = value;
}

// Whoever is handed the keyboard is in view, however the page has moved with what was made anew.
function handTo(one) {
  one.focus({ preventScroll: true });
  one.scrollIntoView({ block: 'nearest' });
}

// What had the keyboard and is made anew, hidden or shut leaves it to its like in the same place (a heading, too), else to
// what comes next, after its neighbour if all around it is made anew; of a table whose rows come and go, to the table.
const TAKES = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), summary, [tabindex="0"]';
const named = one => one.tagName + (one.getAttribute('aria-label') ?? one.innerText);
const alike = (other, place) => [...place.querySelectorAll(TAKES)].find(one => other.ariaLabel && one.ariaLabel === other.ariaLabel);
const lost = one => !one.isConnected || one.disabled || !one.checkVisibility();
let held = null;
addEventListener('focusin', ({ target: one }) => {
  const before = [...document.querySelectorAll(TAKES)].filter(other => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING);
  const around = [];
  for (let place = one.parentElement; place; place = place.parentElement) around.push(place);
  held = { one, name: named(one), before, around, table: one.closest('.table') };
});
addEventListener('focusout', ({ target: one }) => setTimeout(() => {
  if (document.activeElement === document.body && held?.one === one && !lost(one)) held = null; // left on purpose
}));
function leave() {
  if (!held || document.activeElement !== document.body || !lost(held.one)) return;
  const { one, name, before, around, table } = held, place = around.find(other => !lost(other));
  const there = [...document.querySelectorAll(TAKES)].filter(other => !lost(other));
  const last = before.map(other => (other.isConnected ? !lost(other) && other : alike(other, place))).findLast(Boolean);
  const after = there.filter(other => !last || last.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
  const heading = one.tabIndex < 0 && [...(place?.querySelectorAll(one.tagName) ?? [])].find(other => named(other) === name);
  if (heading) heading.tabIndex = -1;
  const next = table && one !== table && !lost(table) ? table : there.find(other => place?.contains(other) && named(other) === name) || heading || after[0] || last;
  if (next) handTo(next);
}
new MutationObserver(() => setTimeout(leave, 50)) // by then, all is drawn, and who knows better has said so
  .observe(document, { childList: true, subtree: true, attributeFilter: ['class', 'style', 'disabled'] });

// A page that begins again hands the keyboard to where it goes on there.
function anew(selector) {
  sessionStorage.setItem('subsidy_goes_on', selector);
  location.reload();
}
const goesOn = sessionStorage.getItem('subsidy_goes_on');
sessionStorage.removeItem('subsidy_goes_on');
if (goesOn) new MutationObserver((_, observer) => {
  const one = document.querySelector(goesOn);
  if (!one) return;
  observer.disconnect();
  if (!one.matches(TAKES)) one.tabIndex = -1;
  handTo(one);
}).observe(document, { childList: true, subtree: true });

// Escape closes what is opened beside the room, wherever the keyboard is; a list that is open goes first.
addEventListener('keydown', event => {
  if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('.q-menu, .q-dialog'))
    document.querySelector('.drawer:not(.hidden) button')?.click();
});

// From row to row by the arrow keys.
addEventListener('keydown', event => {
  const row = event.target.closest?.('.table tbody tr'), way = { ArrowDown: 'next', ArrowUp: 'previous' }[event.key];
  if (!row || !way) return;
  event.preventDefault();
  row[`${way}ElementSibling`]?.querySelector('button')?.focus();
});
