// Reads an iCalendar file from standard input with ical.js and prints what a calendar would take from it.
const ICAL = require("ical.js").default ?? require("ical.js");

let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", () => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const event = new ICAL.Event(calendar.getFirstSubcomponent("vevent"));
  const organizer = event.component.getFirstProperty("organizer");
  const shown = {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    description: event.description,
    start: event.startDate.toJSDate().toISOString(),
    end: event.endDate.toJSDate().toISOString(),
    status: event.component.getFirstPropertyValue("status"),
    organizer: organizer.getFirstValue(),
    organizerName: organizer.getParameter("cn"),
  };
  process.stdout.write(JSON.stringify(shown));
});
