// The injected blocks, by name.
class Widget {
  constructor(settings, root) {
    Object.assign(this, { moods: settings.MOODS, wire: new Wire(settings.SERVICE), root });
  }

  find(selector) { return this.root.querySelector(selector); }
  all(selector) { return this.root.querySelectorAll(selector); }
  show(block, visible = true) { this.find(".xyzblock-" + block).style.display = visible ? "" : "none"; }

  on(selector, event, act) {
    this.find(selector).addEventListener(event, (happened) => {
      if (event !== "change") happened.preventDefault();
      act(happened);
    });
  }

  fail(text) {
    this.find(".xyz-errormessage").textContent = text;
    this.show("error", text !== "");
  }

  busy() {
    this.fail("");
    this.show("loading");
    setTimeout(() => this.show("loading", false), this.moods.overlay_ms);
  }

  dispatch() {
    Wire.dispatch({ loginType: this.wire.loginType, forwardTo: 22 });
  }

  // Leaves nothing in the top document but a frame that holds all of it (isaacrowntree/sovereign-ibkr-fund).
  moveIntoFrame() {
    const frame = document.createElement("iframe");
    Object.assign(frame.style, { width: "100%", height: "40em", border: "0" });
    frame.srcdoc = '<!DOCTYPE html><link rel="stylesheet" href="/css/reg-am/login.min.css"><body></body>';
    const moved = new Promise((resolve) => frame.addEventListener("load", resolve));
    document.body.replaceChildren(frame);
    return moved.then(() => frame.contentDocument.body.append(this.root));
  }
}
