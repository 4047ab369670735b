// The notification on the phone: sent by choosing IB Key, asked for until it is approved, refused or expired. A challenge
// beside it does not replace it: either may finish the login (isaacrowntree/sovereign-ibkr-fund).
class Push {
  constructor(widget, factors) {
    Object.assign(this, { widget, factors, round: 0 });
    // Enabled at once: a click sends another notification (Voyz/ibeam PR#288).
    widget.on(".xyz-resendnotification", "click", async () => this.start("PUSH", (await factors.ask()).two_factor?.challenge));
    widget.on(".xyz-showchallenge", "click", () => this.showChallenge());
  }

  start(type, challenge) {
    this.widget.show(type === "QR" ? "qrcode" : "notification");
    if (challenge) setTimeout(() => this.factors.showChallenge(challenge), this.widget.moods.challenge_after_ms);
    this.round += 1;
    this.wait(1, this.round);
  }

  async showChallenge() {
    const answer = await this.factors.ask({ CHALLENGE: true });
    if (answer.error) return this.widget.fail(answer.error);
    this.factors.showChallenge(answer.two_factor.challenge);
  }

  async wait(counter, round) {
    const answer = await this.widget.wire.ask("COMPLETETWOFACT", { PUSH: true, counter, VERSION: 1, SF: this.factors.factor });
    if (round !== this.round) return;
    if (answer.auth_res) return this.widget.dispatch();
    if (answer.error) return this.widget.fail(answer.error);
    setTimeout(() => round === this.round && this.wait(counter + 1, round), this.widget.moods.push_poll_ms);
  }
}
