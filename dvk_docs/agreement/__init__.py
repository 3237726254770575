"""What the papers say once more, read from the files as they lie: do they agree with the year and with each other?

    known = Known.of(graph)                     numbers and days of the year's papers, names of its people and models
    for problem in disagreements(papers, known): ...

| code | what |
|---|---|
| citation_number_differs | a cited paper of that day has another number |
| citation_day_differs | a cited number belongs to a paper of another day |
| citation_kind_differs | a cited number belongs to a paper of another tên loại |
| citation_unknown | a number of one of our offices, of this year, that no paper of the year has |
| own_number_differs, own_day_differs | the number or day in its head is not the one in the year's data |
| own_number_unlisted | its head has a number that the year's data do not know |
| name_differs | a name of its data stands there with other letters |
| name_lost | a name of its data does not stand there |
| count_not_its_parts | a total is not the sum of the parts that are said with it |
| count_two_ways | one paper gives two different numbers for one thing |
| count_not_of_list | a number in a sentence is not the number of rows of its list |
| count_differs | two papers of one set, or a paper and its list, give different numbers |

Nothing here knows a kind of paper: what a paper should say is its own data, what it does say is its own text.
"""

from __future__ import annotations

from .folder import check_folder
from .known import Known, Listed
from .reading import Paper, Reading, read
from .whole import disagreements

__all__ = ["Known", "Listed", "Paper", "Reading", "check_folder", "disagreements", "read"]
