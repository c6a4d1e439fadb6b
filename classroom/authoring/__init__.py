"""What a maintainer runs; no lesson imports it. Read the files in this order:

`source` text becomes a notebook · `catalogue` the lessons and their front matter · `directives` boxes, folds, tables ·
`frame` head, foot and cell ids · `build` all of it together: plan, drift, execution · `map` what tests what.
"""
