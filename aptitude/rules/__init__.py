"""How service aptitude is measured, in plain values: no tables, no pages, no clock.

`sources` says who may rate and from how many raters on a source is shown, `scores` and `levels`
turn ratings into what a person sees, `precision` says how sure a score is and when a change is
one, `mirror` holds a leader against the team, and `groups` says what of people's figures lies
between teams. `consistency`, `reliability`, `severity` and `inversion` judge ratings as a whole;
`analysis` puts them together for a file of ratings (`rating_files`), with `remarks` in words.
`further` adds to a file what only `flask aptitude analyse --more` tells: omega, measures of
`agreement`, agreement within `groups`, and severity in logits (`facet_figures`, by `facets` and
`fair_averages`). `situations` scores scenario tests, `anchors` judges examples of behaviour.

Services fill the small dataclasses of these files from tables. What cannot be known is None.
"""
