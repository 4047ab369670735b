// Looks at the page once and says all that is there: one round trip in place of twenty.
const [where, buttonTexts] = arguments;
const shown = (element) => {
  const box = element.getBoundingClientRect();
  return element.isConnected && box.width > 0 && box.height > 0
    && getComputedStyle(element).visibility !== "hidden";
};
const all = (part) => (where[part] ?? []).flatMap((selector) => [...document.querySelectorAll(selector)]);
const first = (part) => all(part).find(shown) ?? null;
const is = (part) => first(part) !== null;
const free = (part) => all(part).find((element) => shown(element) && !element.disabled) ?? null;
const text = (element) => (element?.innerText ?? "").trim();
const says = (part) => all(part).filter(shown).map(text).find((words) => words !== "") ?? null;
// The banner of a maintenance may look like an error, and is none.
const isBanner = (element) => all("maintenance").some((banner) => banner.contains(element));
const error = all("error").filter((element) => shown(element) && !isBanner(element)).map(text).find((words) => words !== "") ?? null;
const [username, password, toggle, chooser] = [free("username"), free("password"), all("toggle")[0] ?? null, first("chooser")];
const loginType = all("login_type")[0]?.value;
// The box says it; where there is none, the field that is sent does.
const isPaper = toggle?.type === "checkbox" ? toggle.checked
  : loginType === "2" ? true : loginType === "1" ? false : null;
const button = () => [...(password?.form ?? document).querySelectorAll("button, input[type=submit]")]
  .find((element) => shown(element) && !element.disabled
    && buttonTexts.includes((text(element) || element.value || "").trim().toLowerCase()));
const code = free("code");
const codeShown = first("code");
const label = [codeShown?.placeholder, codeShown?.getAttribute("aria-label"), ...[...(codeShown?.labels ?? [])].filter(shown).map(text)];
const asked = performance.getEntriesByType("resource").filter((entry) => entry.name.endsWith("/sso/Authenticator") && entry.responseEnd > 0);
return {
  loaded: document.readyState === "complete",
  status: performance.getEntriesByType("navigation")[0]?.responseStatus ?? null,
  path: location.pathname,
  place: document.documentURI.slice(0, 200),
  title: document.title,
  text: text(document.body).slice(0, 400),
  frames: window.length,
  username,
  password,
  typed_username: username?.value ?? "",
  typed_password_length: password?.value.length ?? 0,
  next: free("next"),
  toggle,
  toggle_label: first("toggle_label"),
  is_paper: isPaper,
  login_button: free("login_button") ?? button() ?? null,
  is_eager: is("eager_form"),
  handshakes: asked.length,
  error,
  loading: is("loading"),
  maintenance: says("maintenance"),
  cookies: free("cookies"),
  chooser,
  devices: [...(chooser?.options ?? [])].map((option) => ({ value: option.value, label: option.text.trim() })),
  delivery: is("delivery"),
  delivery_by_text: free("delivery_by_text"),
  code,
  code_is_shown: codeShown !== null,
  code_label: label.filter(Boolean).join(" "),
  text_message: is("text_message"),
  challenge_form: is("challenge_form"),
  challenge: says("challenge"),
  card_form: is("card_form"),
  card: says("card_form"),
  temporary_form: is("temporary_form"),
  notification: is("notification"),
  show_challenge: free("show_challenge"),
  qr_code: is("qr_code"),
  passkey: is("passkey"),
  email_code: is("email_code"),
  promo: free("promo"),
  promo_is_shown: is("promo"),
};
