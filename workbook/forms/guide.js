// What a person working alone finds beside the headline: what upstream decision the step waits for, what it still lacks,
// each point a way to its field, and the example to copy. The page has a place for it, with what is known before the kernel is up; a notebook has none, and
// the head brings its own.

class Guide {
  constructor(head) {
    this.head = head;
    const given = document.querySelector(".wb-guide-live");
    this.own = given || head.onPage ? null : make("aside", "wb-guide");
    this.place = given ?? make("div", "wb-guide-live");
    this.place.guide = this;
    this.facts = make("p", "wb-guide-facts");
    this.own?.append(this.facts, this.place);
    this.waits = make("div", "wb-guide-waits");
    this.count = make("p", "wb-guide-count");
    this.count.setAttribute("role", "status");
    this.points = make("ul", "wb-guide-points");
    this.points.setAttribute("role", "list");
    this.more = make("p", "wb-guide-more");
    this.example = make("p", "wb-guide-example");
    this.copy = make("button", "wb-guide-copy");
    this.copy.type = "button";
    this.copy.addEventListener("click", () => this.ask());
    this.foot = make("div", "wb-guide-foot", this.example, this.copy);
    this.place.replaceChildren(this.waits, this.count, this.points, this.more, this.foot);
  }

  update(guide) {
    if (this.own) this.own.hidden = !guide;
    this.place.hidden = !guide;
    if (!guide) return;
    this.own?.setAttribute("aria-label", guide.label ?? "");
    say(this.facts, [guide.time, guide.why].filter(Boolean).join(" "));
    say(this.count, guide.count ?? "");
    this.count.classList.toggle("wb-guide-done", !guide.points?.length);
    say(this.more, guide.more ?? "");
    say(this.copy, guide.copy ?? "");
    this.copy.removeAttribute("aria-busy");
    const text = JSON.stringify([guide.waits, guide.points, guide.example]);
    if (text === this.drawn) return;
    this.drawn = text;
    this.waits.replaceChildren(...(guide.waits ? this.missing(guide.waits) : []));
    this.waits.hidden = !guide.waits;
    this.points.replaceChildren(...(guide.points ?? []).map((point) => this.point(point)));
    this.points.hidden = !guide.points?.length;
    this.example.replaceChildren(...(guide.example ? [link("", guide.example.href, guide.example.text)] : []));
    this.example.hidden = !guide.example;
    this.foot.hidden = !guide.example && !guide.copy;
  }

  /** What is missing upstream is decided in another step: each says which, and leads there. */
  missing({ text, points }) {
    const list = make("ul", "wb-guide-points");
    list.setAttribute("role", "list");
    for (const point of points) {
      const item = make("li", "wb-guide-wait", `${point.text} `);
      item.append(point.href ? link("", point.href, point.link) : point.link);
      list.append(item);
    }
    return [make("p", "wb-guide-count", text), list];
  }

  /** A point is a way to the field it is about, where the page has one. */
  point({ text, section, path }) {
    const button = make("button", "wb-guide-point", text);
    button.type = "button";
    button.addEventListener("click", () => {
      const form = [...document.querySelectorAll(".wb-form")].find((one) => one.dataset.name === section);
      form?.dispatchEvent(new CustomEvent("wb-goto", { detail: { path } }));
    });
    return make("li", "", button);
  }

  ask() {
    if (this.copy.hasAttribute("aria-busy")) return;
    this.copy.setAttribute("aria-busy", "true");
    try {
      this.head.model.send({ kind: "example" });
    } catch {
      this.copy.removeAttribute("aria-busy");
    }
  }

  /** Another head of the same page may have taken the place over. */
  close() {
    this.own?.remove();
    if (this.place.guide === this) this.place.replaceChildren();
  }
}
