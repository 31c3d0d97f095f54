"""Collected static files: our modules' imports are rewritten, ours are packed twice, staff's once."""

from __future__ import annotations

from pathlib import Path

import pytest

from base.headers.static import SiteStaticFiles


def collected(root: Path, files: dict[str, str]) -> SiteStaticFiles:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    storage = SiteStaticFiles(location=str(root), base_url="/static/")
    for name, _, processed in storage.post_process({name: (storage, name) for name in files}):
        assert not isinstance(processed, Exception), (name, processed)
    return storage


def test_import_of_a_module_of_ours_names_the_hashed_file(tmp_path: Path) -> None:
    storage = collected(
        tmp_path,
        {"shell/site.js": 'import { a } from "./part.js";\na();\n', "shell/part.js": "export const a = 1;\n"},
    )
    text = (tmp_path / storage.stored_name("shell/site.js")).read_text()
    assert Path(storage.stored_name("shell/part.js")).name in text


@pytest.mark.parametrize("line", ['import "./part.js";', "import './part.js';", 'await import("./part.js");'])
def test_every_form_of_import_names_the_hashed_file(tmp_path: Path, line: str) -> None:
    storage = collected(tmp_path, {"offline/a.js": f"// first\n{line}\n", "offline/part.js": "self.a = 1;\n"})
    text = (tmp_path / storage.stored_name("offline/a.js")).read_text()
    assert (Path(storage.stored_name("offline/part.js")).name in text, "./part.js" in text) == (True, False)


def test_import_in_a_vendors_file_is_left_alone(tmp_path: Path) -> None:
    text = 'import { a } from "./missing.js";\n'
    storage = collected(tmp_path, {"wagtailadmin/vendor.js": text})
    assert (tmp_path / storage.stored_name("wagtailadmin/vendor.js")).read_text() == text


def test_our_files_are_packed_in_brotli_and_staffs_in_gzip_only(tmp_path: Path) -> None:
    storage = collected(
        tmp_path, {"shell/site.css": "p{color:red}" * 200, "admin/base.css": "p{color:red}" * 200}
    )
    ours, staffs = storage.stored_name("shell/site.css"), storage.stored_name("admin/base.css")
    packed = {
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.suffix in (".br", ".gz")
    }
    assert {f"{ours}.br", f"{ours}.gz", f"{staffs}.gz"} <= packed
    assert not any(name.startswith("admin/") and name.endswith(".br") for name in packed)
    assert "admin/base.css.gz" not in packed
