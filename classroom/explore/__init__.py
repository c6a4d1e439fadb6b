"""Figures and explorers: what a lesson draws, and the sliders that move it.

Read `style` (one look for all figures), `views` (drawings that lessons share), `controls` (sliders, choices, pads),
`run` (what a moved control sets off), `draw` (painting only what changed), `live` (the widget) and its browser
half, `live.js` and `live.css`.
"""
