"""Figures and explorers: what a lesson draws, and the sliders that move it.

Read `style` (one look for all figures), `views` (drawings that lessons share), `controls` (sliders, choices),
`plane` (a point to drag, a pad to draw on), `run` (what a moved control sets off), `draw` (painting only what changed),
`live` (the widget) and its browser half: `dom.js`, `controls.js` with `pad.js` and `point.js`, `talk.js`, `live.js`,
`live.css`.
"""
