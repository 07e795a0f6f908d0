// What every room needs in the browser before anything else has come.

// A field in which somebody is typing keeps what is typed, whatever comes from elsewhere meanwhile.
for (const [kind, typing] of [['input', true], ['change', false], ['focusout', false]])
  document.addEventListener(kind, event => { event.target.typing = typing && event.target.type !== 'range'; }, true);

function put(id, value) {
  const field = document.getElementById(id);
  if (field && !field.typing) field.value = value;
}

// Where what had the keyboard is there no more, this has it.
function caught(id) {
  setTimeout(() => {
    const place = document.getElementById(id);
    if (document.activeElement === document.body) (place?.querySelector('input') ?? place)?.focus();
  });
}

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
