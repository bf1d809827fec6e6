// What an answer means for what was sent (docs/offline.md). An answer that does not bear our mark
// is a captive portal's or a proxy's, whatever its status says.

{
  const hsh = (self.hsh ??= {});
  const AGAIN = new Set([401, 408, 419, 429]);
  const SERVER_FAULT = 500;

  const isOurs = (answer) => answer.headers.get("X-HSH") === "1";

  // "done", "refused" (the driver must look at it) or "again".
  function verdict(answer, uuid) {
    const { status } = answer;
    if (!isOurs(answer) || status >= SERVER_FAULT || AGAIN.has(status)) return "again";
    if (status >= 400) return "refused";
    return answer.headers.get("X-HSH-Submission") === uuid ? "done" : "again";
  }

  hsh.answers = { isOurs, verdict };
}
