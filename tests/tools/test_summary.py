"""The closing line counts what ran, and what did not run has not passed."""
import summary

GTEST = "[==========] 4 tests ran.\n[  PASSED  ] 3 tests.\n[  SKIPPED ] 1 test, listed below:\n"
CASE = '<testcase name="t" status="{}"><system-out>{}</system-out></testcase>'


def ctest(tmp_path, *cases):
    body = "".join(CASE.format(status, text) for status, text in cases)
    path = tmp_path / "unit.xml"
    path.write_text(f'<testsuite name="Linux-g++">{body}</testsuite>')
    return path


def pytest_report(tmp_path, attributes):
    path = tmp_path / "black-box.xml"
    path.write_text(f'<testsuites><testsuite name="pytest" {attributes}/></testsuites>')
    return path


def test_cases_of_unit_tests_are_counted(tmp_path):
    failing = "[  PASSED  ] 4 tests.\n[  FAILED  ] 1 test, listed below:\n[  FAILED  ] Suite.Case\n"
    path = ctest(tmp_path, ("run", GTEST), ("fail", failing), ("run", "plain program"))
    assert summary.count(path) == summary.Count(passed=8, failed=1, skipped=1)


def test_a_program_that_crashed_is_one_failure(tmp_path):
    assert summary.count(ctest(tmp_path, ("fail", "Segmentation fault"))).failed == 1


def test_cases_of_pytest_are_counted(tmp_path):
    path = pytest_report(tmp_path, 'tests="9" failures="2" errors="1" skipped="1"')
    assert summary.count(path) == summary.Count(passed=5, failed=3, skipped=1)


def test_a_report_that_is_missing_or_empty_is_a_failure(tmp_path):
    assert summary.count(tmp_path / "none.xml").failed == 1
    assert summary.count(pytest_report(tmp_path, 'tests="0"')).failed == 1
    (tmp_path / "broken.xml").write_text("<testsuite")
    assert summary.count(tmp_path / "broken.xml").failed == 1


def test_the_command_closes_with_one_line(tmp_path, capsys, monkeypatch):
    good = [str(ctest(tmp_path, ("run", GTEST))), str(pytest_report(tmp_path, 'tests="2"'))]
    monkeypatch.setattr("sys.argv", ["summary.py", *good])
    assert summary.main() == 0
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 0 failed, 1 skipped"
    monkeypatch.setattr("sys.argv", ["summary.py", *good, str(tmp_path / "none.xml")])
    assert summary.main() == 1
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 1 failed, 1 skipped"
