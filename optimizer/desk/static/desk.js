// What every room needs in the browser before anything else has come.

// A field in which somebody is typing keeps what is typed, whatever comes from elsewhere meanwhile.
for (const [kind, typing] of [['input', true], ['change', false], ['focusout', false]])
  document.addEventListener(kind, event => { event.target.typing = typing && event.target.type !== 'range'; }, true);

function put(id, value) {
  const field = document.getElementById(id);
  if (field && !field.typing) field.value = value;
}
