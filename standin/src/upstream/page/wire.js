// What the page asks of the server. Today's asks in JSON, with SERVICE and the fields of its own requests (capture of
// May 2026, machdat/broker-gateway); the one before in XML (michaeljherrmann/ib-gateway-service).
class Wire {
  constructor(service) { this.service = service; }

  // The answer; of XML every element that holds text, by its name.
  ask(action, fields) {
    const asked = this.service
      ? { ACTION: action, USER: this.user, ...fields, RESP_TYPE: "JSON", LOGIN_TYPE: this.loginType, SERVICE: this.service }
      : { ACTION: action, APP_NAME: "", USER: this.user, ACCT: "", ...fields, LOGIN_TYPE: this.loginType };
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", "/sso/Authenticator");
      request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
      request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      request.setRequestHeader("Accept", this.service ? "application/json, text/javascript, */*; q=0.01" : "application/xml, text/xml, */*; q=0.01");
      request.onerror = () => resolve({ error: "Authentication failed" });
      request.onload = () => {
        try { resolve(this.service ? JSON.parse(request.responseText) : Wire.ofXml(request.responseText)); } catch { request.onerror(); }
      };
      request.send(new URLSearchParams(asked));
    });
  }

  static ofXml(text) {
    const leaves = [...new DOMParser().parseFromString(text, "text/xml").querySelectorAll("*")]
      .filter((element) => element.childElementCount === 0 && element.textContent !== "");
    return Object.fromEntries(leaves.map((leaf) => [leaf.tagName, leaf.textContent]));
  }

  // A real navigation of the whole window.
  static dispatch(fields) {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: "/sso/Dispatcher", target: "_top" });
    for (const [name, value] of Object.entries(fields)) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    form.submit();
  }

  // The domain is the host name without its first label: any host but localhost loses the login
  // (hackingthemarkets/interactive-brokers-web-api#2).
  static setCookies(cookies) {
    const domain = location.hostname.split(".").slice(1).join(".");
    for (const [name, value] of Object.entries(cookies)) {
      document.cookie = `${name}=${value}; path=/; secure${domain && "; domain=" + domain}`;
    }
  }

  // The browser's own name, for ten years.
  static setBrowserId() {
    const expiry = Date.now() + 10 * 365 * 86400000;
    Wire.setCookies({ SBID: Math.random().toString(36).slice(2) + expiry.toString(36), web: "1" });
  }
}

// The banner on maintenance, put where the page has room for it.
function askForBanner(place) {
  const request = new XMLHttpRequest();
  request.open("POST", "/portal.proxy/v1/gstat/bulletins");
  request.setRequestHeader("Content-Type", "application/json");
  request.onload = () => {
    place.innerHTML = request.responseText;
    place.style.display = request.responseText ? "" : "none";
  };
  request.send(JSON.stringify({ p: "login", type: "maintenance", format: "webapp" }));
}
