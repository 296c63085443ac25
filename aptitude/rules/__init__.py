"""How service aptitude is measured, in plain values: no tables, no pages, no clock.

`sources` says who may rate and from how many raters on a source is shown, `scores` and `levels`
turn ratings into what a person sees, `precision` says how sure a score is and when a change is
one. `consistency`, `reliability`, `groups`, `agreement`, `severity` and `facets` judge ratings as
a whole; `analysis` puts them together for a file of ratings (`rating_files`). `situations` scores
scenario tests, `anchors` judges examples of behaviour, `spacing` says when to refresh.

Services fill the small dataclasses of these files from tables. What cannot be known is None.
"""
