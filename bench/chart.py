"""The table of run.py as a bar chart: ratios on a logarithmic scale, goals as ticks."""
import html
import math

LABELS, PLOT, VALUES, LINE, TOP = 330, 520, 70, 20, 40  # widths, and the height of a row and of the scale
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600 } .dim { fill: #59636e }
  .grid { stroke: #d1d9e0 } .bar { fill: #2f7fd1 } .short { fill: #c9852b } .goal { stroke: #1f2328; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .dim { fill: #9198a1 } .grid { stroke: #3d444d } .goal { stroke: #f0f6fc }
  }"""


def scale(rows):
    """Decades that hold 1, all ratios and all goals; and the place of a ratio."""
    values = [1, *(row["ratio"] for row in rows), *(row["goal"] for row in rows)]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return range(low, high + 1), lambda ratio: LABELS + PLOT * (math.log10(ratio) - low) / (high - low)


def bar(row, y, place):
    label = html.escape(f"{row['work']}, {row['qubits']} qubits, {row['precision']}, {row['peer']}")
    start, end = sorted((place(1), place(row["ratio"])))
    kind, goal = "bar" if row["ratio"] >= row["goal"] else "short", place(row["goal"])
    return (f'<text x="{LABELS - 8}" y="{y + 14}" text-anchor="end">{label}</text>'
            f'<rect class="{kind}" x="{start:.1f}" y="{y + 4}" width="{max(end - start, 1):.1f}" height="12"/>'
            f'<line class="goal" x1="{goal:.1f}" x2="{goal:.1f}" y1="{y + 2}" y2="{y + 18}"/>'
            f'<text x="{max(end, goal) + 6:.1f}" y="{y + 14}">{row["ratio"]:.1f}</text>')


def gridline(decade, bottom, place):
    x = place(10.0**decade)
    return (f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}"/>'
            f'<text class="dim" x="{x:.1f}" y="{TOP - 6}" text-anchor="middle">{10.0**decade:g}</text>')


def chart(result):
    rows = result["rows"]
    decades, place = scale(rows)
    width, height = LABELS + PLOT + VALUES, TOP + LINE * len(rows) + 8
    lines = ['<svg xmlns="http://www.w3.org/2000/svg" '
             f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">', f"<style>{STYLE}\n</style>",
             '<text class="title" x="8" y="16">Times faster than the best peer; a tick is the goal, brown falls short of it</text>']
    lines += [gridline(decade, height - 8, place) for decade in decades]
    lines += [bar(row, TOP + LINE * k, place) for k, row in enumerate(rows)]
    return "\n".join([*lines, "</svg>"]) + "\n"
