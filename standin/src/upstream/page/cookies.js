// The dialog on cookies, which lies over the whole page and may come back after it was dismissed; never with the cookie
// that holds a choice (bogdanripa/ibkr-gateway).
function mountCookieDialog(times) {
  if (times === 0 || document.cookie.includes("IB_PRIV_PREFS=")) return;
  document.body.insertAdjacentHTML("beforeend", `<div id="cookie-modal" class="modal"><div class="modal-dialog">
    <p>We use cookies.</p>
    <button type="button" id="gdpr-reject-all" class="btn">Reject All</button>
    <button type="button" id="gdpr-save-settings" class="btn">Save Settings</button>
    <button type="button" id="btn_accept_cookies" class="btn btn-primary">Accept Cookies</button>
  </div></div><div class="modal-backdrop"></div>`);
  const dismiss = () => {
    document.querySelectorAll("#cookie-modal, .modal-backdrop").forEach((element) => element.remove());
    setTimeout(() => mountCookieDialog(times - 1), 300);
  };
  document.querySelectorAll("#cookie-modal button").forEach((button) => button.addEventListener("click", dismiss));
}

// The same dialog, once, as soon as the mouse is over a button that sends a form: after the user has looked there,
// and before the click.
function mountCookieDialogUnderMouse() {
  const mount = (event) => {
    if (!event.target.closest("button[type=submit]")) return;
    document.removeEventListener("mousemove", mount, true);
    mountCookieDialog(1);
  };
  document.addEventListener("mousemove", mount, true);
}
