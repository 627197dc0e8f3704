from seqapp.input_pipeline.input_names import input_prefixes


def test_inputs_of_one_name_are_told_apart_by_what_differs_in_their_paths(tmp_path):
    files = [tmp_path / "mon" / "talk.wav", tmp_path / "tue" / "talk.wav", tmp_path / "tue" / "other.wav"]
    assert input_prefixes(files) == ["mon/", "tue/", ""]
    assert input_prefixes([tmp_path / "talk.wav", tmp_path / "talk.mp3"]) == ["1/", "2/"]


def test_the_ids_of_several_folders_begin_with_their_names(tmp_path):
    for name in ("a/pages", "b/pages", "c"):
        (tmp_path / name).mkdir(parents=True)
    assert input_prefixes([tmp_path / "a" / "pages"]) == [""]
    assert input_prefixes([tmp_path / "a" / "pages", tmp_path / "c"]) == ["pages/", "c/"]
    assert input_prefixes([tmp_path / "a" / "pages", tmp_path / "b" / "pages"]) == ["a/pages/", "b/pages/"]


def test_a_folder_that_holds_a_file_called_like_another_input_is_told_apart(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "p.xml").touch()
    assert input_prefixes([tmp_path / "p.xml", tmp_path / "book"]) == ["", "book/"]
    assert input_prefixes([tmp_path / "q.xml", tmp_path / "book"]) == ["", ""]
