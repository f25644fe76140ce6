"""Which pages a report has: one language in one file, or one file a language and a page to choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tasrib._arguments import as_choices
from tasrib.report.catalogue import say
from tasrib.report.environment import language_environment, printable
from tasrib.tracing.caveats import LANGUAGES, isolated

PAGE, ALL = "report.html", "all"
# Every name that a page may have.
PAGES = (PAGE, *(f"report-{language}.html" for language in LANGUAGES))
# The same on paper.
PAPERS = tuple(f"{page.removesuffix('.html')}.pdf" for page in PAGES)


def chosen_languages(languages: Any) -> tuple[str, ...]:
    """
    Read which languages a report is wanted in.

    Parameters
    ----------
    languages : str or iterable of str
        ``ar``, ``fr`` or ``en``, several of them, or ``all``.

    Returns
    -------
    tuple of str
        Each once.

    Raises
    ------
    WrongArgument
        When it is something else, or none.
    """
    wanted = as_choices(languages, (*LANGUAGES, ALL), "a language of the report")
    return LANGUAGES if ALL in wanted else wanted


def page_names(languages: tuple[str, ...]) -> dict[str, str]:
    """
    Name the file of each language.

    Parameters
    ----------
    languages : tuple of str
        From `chosen_languages`.

    Returns
    -------
    dict of str to str
        ``report.html`` for one language, else ``report-fr.html`` and the like.
    """
    if len(languages) == 1:
        return {languages[0]: PAGE}
    return {language: f"report-{language}.html" for language in languages}


def title_words(title: str | Mapping[str, str] | None, folder: str, language: str) -> str:
    """
    Head a page.

    Parameters
    ----------
    title : str, mapping of str to str, or None
        What the user wants, in every language or by language.
    folder : str
        Name of the report's folder, for where the user says nothing.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        The heading.
    """
    wanted = title.get(language, "") if isinstance(title, Mapping) else title
    return wanted or say("page.case", language, name=isolated(folder, language))


def paper_name(page: str) -> str:
    """
    Name the file that holds a page on paper.

    Parameters
    ----------
    page : str
        One of ``PAGES``.

    Returns
    -------
    str
        One of ``PAPERS``.
    """
    return PAPERS[PAGES.index(page)]


def written_pages(
    languages: tuple[str, ...], render: Callable[[str, dict[str, str]], str], titles: dict[str, str]
) -> dict[str, str]:
    """
    Compose the pages of a report.

    Parameters
    ----------
    languages : tuple of str
        From `chosen_languages`.
    render : callable
        Composes the page of a language, given the files of all.
    titles : dict of str to str
        Heading in each language.

    Returns
    -------
    dict of str to str
        File to HTML. Of several languages ``report.html`` leads to each.
    """
    names = page_names(languages)
    pages = {file: render(language, names) for language, file in names.items()}
    if PAGE not in pages:
        environment = language_environment(languages[0])
        chooser = environment.get_template("choose.html.j2").render(titles=titles, pages=names)
        pages[PAGE] = printable(chooser)
    return pages
