// Takes out of the page what was typed, so that neither picture nor source shows it.
const secrets = arguments[0];
const without = (text) => secrets.reduce((rest, secret) => rest.split(secret).join("[redacted]"), text);
for (const field of document.querySelectorAll("input, textarea")) {
  field.value = "";
  field.removeAttribute("value");
}
for (const script of document.querySelectorAll("script")) script.remove();
const nodes = document.createTreeWalker(document, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT);
while (nodes.nextNode()) {
  const node = nodes.currentNode;
  if (without(node.data) !== node.data) node.data = without(node.data);
}
for (const element of document.querySelectorAll("*")) {
  for (const attribute of element.attributes) {
    if (without(attribute.value) !== attribute.value) attribute.value = without(attribute.value);
  }
}
