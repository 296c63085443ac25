"""How service aptitude is measured, in plain values: no tables, no pages, no clock.

`sources` says who may rate and from how many raters on a source is shown, `scores` and `levels`
turn ratings into what a person sees, `precision` says how sure a score is and when a change is
one, `mirror` holds a leader against the team. `consistency`, `reliability`, `groups`, `agreement`,
`severity`, `inversion` and `facets` (with `fair_averages`) judge ratings as a whole; `analysis`
puts them together for a file of ratings (`rating_files`), with `remarks` in words. `situations`
scores scenario tests, `anchors` judges examples of behaviour, `spacing` says when to refresh.

Services fill the small dataclasses of these files from tables. What cannot be known is None.
"""
