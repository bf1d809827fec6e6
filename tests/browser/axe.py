"""What axe-core finds wrong with a page: https://github.com/dequelabs/axe-core."""

from pathlib import Path

SOURCE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that see the colour scheme: the others say the same of light and dark."""

RUN = """async (rules) => {
  const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...only });
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, html }) =>
    `${id}: ${help} at ${target.join(" ")}: ${html.slice(0, 120)}`));
}"""


def violations(page):
    """A line for each violation of any rule of axe-core, in the light and in the dark."""
    page.evaluate(SOURCE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = [f"light: {line}" for line in page.evaluate(RUN, None)]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return found + [f"dark: {line}" for line in page.evaluate(RUN, COLOURS)]
