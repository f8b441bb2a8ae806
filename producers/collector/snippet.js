// /t.js counts what happens on a page: what was viewable, what was clicked, and what the page tells kpis().
// How pages use it: docs/snippet.md. snippet.py serves it without comments and spaces and with short names, in less
// than 2 048 bytes. For that each statement ends with a semicolon, each name has a const or let of its own or is a
// parameter in parentheses, and no property is written in short ({type: type}).
{
  // Names for what is needed often.
  const doc = document;
  const browser = navigator;
  const now = Date.now;
  const later = setTimeout;

  const script = doc.currentScript;
  const tag = script.dataset;
  const to = new URL(tag.to || ".", script.src).href;
  const pixel = to + "i.gif";
  // Global Privacy Control, or Do Not Track: no person, and nothing is stored, whatever the page says of consent.
  const refused = browser.globalPrivacyControl || browser.doNotTrack == 1;
  // Elements half in view now, each with a mark that is another one whenever its second begins anew.
  const views = new Map;
  const queue = [];
  let counted;
  let page;
  let opened;
  let person;
  let click = new URLSearchParams(location.search).get("kpi_click");

  // Ids are made here: what is sent twice has the same, and counts once.
  const random = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

  // What the attributes of the tag or of an element say; else what holds for the page.
  const leaf = (element) => {
    const found = {};
    for (const name of ["campaign_id", "influencer_id", "content_id", "channel", "format"])
      found[name] = element.dataset[name.replace("_id", "")] || page[name];
    return found;
  };

  const consent = (given) => {
    person = null;
    // Storage that the browser denies throws: then there is no person.
    try {
      const session = sessionStorage;
      const lasting = localStorage;
      if (given === true && !refused) {
        if (click ||= session.kpi_click) session.kpi_click = click;
        person = lasting.kpi_person;
        // It begins with when it was made, and lives 390 days from then, less than 13 months: no visit prolongs it.
        if (!(now() - parseInt(person) < 33696e6)) person = lasting.kpi_person = now() + "-" + random();
      } else {
        delete session.kpi_click;
        delete lasting.kpi_person;
      }
    } catch {}
  };

  const add = (type, said) => {
    const at = now();
    queue.push({
      type: type, event_id: random(), click_id: type == "conversion" && click || null, ...page, ...said,
      person_id: person, consent: !!person,
      // How long ago it was when it is sent, and not when it was: pages' clocks are wrong.
      get ago() { return now() - at; }
    });
    later(send, 1e3);
  };

  const send = (leaving) => {
    while (queue[0]) {
      const batch = queue.splice(0, 50);
      const body = JSON.stringify(batch);
      const retry = () => {
        for (const event of batch) event.again || (event.again = queue.push(event));
        later(send, 3e3);
      };
      // What fails is sent once more. From 408 on it may pass; what is refused, all or some of it (207), stays so.
      leaving && browser.sendBeacon(pixel, body) || fetch(pixel, {method: "POST", body: body, keepalive: 1})
        .then((answer) => answer.status > 407 && retry(), retry);
    }
  };

  // Viewable is what was half in view for a second, without a break, on a page that is looked at (MRC).
  const watch = (element) => {
    const mark = {};
    views.set(element, mark);
    doc.hidden || later(() => {
      views.get(element) == mark && !counted.has(element) && counted.add(element) && add("impression", leaf(element));
    }, 1e3);
  };
  const observer = new IntersectionObserver((entries) => entries.forEach((entry) =>
    entry.intersectionRatio < .5 ? views.delete(entry.target) : watch(entry.target)
  ), {threshold: .5});
  const scan = () => doc.querySelectorAll("[data-kpi-view]").forEach((element) => observer.observe(element));

  const look = () => {
    views.forEach((_, element) => watch(element));
    doc.hidden ? send(1) : opened && (opened = 0, add("impression"));
  };
  // A page view begins.
  const open = (said) => {
    page = {};
    page = {...leaf(script), ...said};
    opened = "page" in tag;
    counted = new WeakSet;
    views.clear();
    observer.disconnect();
    scan();
    // After what the page says next, such as of consent.
    later(look);
  };

  const clicked = (event) => {
    // A person's, with any button but the right one; the second click of a double click is none.
    const element = event.isTrusted && event.button < 2 && event.detail < 2 && event.target.closest("[data-kpi-click]");
    // The redirect itself counts the clicks on its links.
    if (element && !(element.href + "").startsWith(to + "c/")) {
      add("click", leaf(element));
      send(1);
    }
  };

  const run = (name, said) => name == "consent" ? consent(said) : name == "page" ? open(said) : add(name, said);
  const on = (name, listener) => addEventListener(name, listener, 1);
  const begin = () => {
    const before = window.kpis || {};
    // A second tag would count everything twice.
    if (before.on) return;
    window.kpis = run;
    run.on = 1;
    if (refused || tag.consent) consent(tag.consent == "true");
    open();
    for (const call of before.q || []) run(...call);
    on("visibilitychange", look);
    // Safari has not always said that a page that is left is hidden.
    on("pagehide", send);
    on("click", clicked);
    on("auxclick", clicked);
    new MutationObserver(scan).observe(doc, {childList: 1, subtree: 1});
  };
  // What is rendered before anybody asked for it counts nothing.
  doc.prerendering ? on("prerenderingchange", begin) : begin();
}
