// Before /t.js is there, what the page tells waits in a queue.
window.kpis = window.kpis || function () { (kpis.q = kpis.q || []).push(arguments); };

document.addEventListener("DOMContentLoaded", () => {
  const on = (id, act) => document.getElementById(id)?.addEventListener("click", act);
  on("like", () => kpis("engagement", {kind: "like"}));
  // In a real page the consent manager says this, on each page; a cookie banner is not the point here.
  on("agree", () => kpis("consent", true));
});
