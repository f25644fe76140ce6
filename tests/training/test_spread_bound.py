from training import spread_bound


def test_the_table_of_the_document_is_what_the_script_prints(capsys):
    from training.paths import DOCS

    spread_bound.main()
    assert capsys.readouterr().out.strip() in (DOCS / "statistics.md").read_text(encoding="utf-8")


def test_the_more_lists_differ_the_less_can_be_found():
    found = [spread_bound.power(0.39, alike) for alike in (10, 30, 100, 1_000)]
    assert found == sorted(found)
    assert 0 < found[0] < found[-1] < 1
