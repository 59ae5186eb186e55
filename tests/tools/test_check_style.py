"""Every rule of tools/check_style.py catches its violation, and lets the better form pass."""
import check_style
import pytest
import sources

OPEN_TASK = "TO" + "DO"


def problems(tree, files):
    root = tree(files)
    return [f"{path.relative_to(root)}:{line}: {text}" for path, line, text in check_style.check(root)]


@pytest.mark.parametrize(
    "code, rule",
    [
        ("using namespace std;", "using-namespace"),
        ("int a = std::stoi(text);", "parse-number"),
        ("int a = atoi(text);", "parse-number"),
        ("double fee = 0;", "money-double"),
        ("double loan_balance(const Loan&);", "money-double"),
        ("std::mt19937 engine;", "bare-random"),
        ("auto now = std::chrono::system_clock::now();", "bare-clock"),
        ("std::this_thread::sleep_for(delay);", "sleep"),
        ("std::cerr << 1;", "print"),
        ("auto* one = new Loan;", "raw-new"),
        ("delete one;", "raw-new"),
        ("int* a = NULL;", "null"),
        ("typedef int Count;", "typedef"),
        ("int cfg = 0;", "abbreviation"),
        ('auto a = "SELECT * FROM loans";', "select-star"),
        ('auto a = "SELECT l.* FROM loans l";', "select-star"),
        ('auto a = "SELECT id FROM loans"\n         " FOR UPDATE";', "for-update"),
        ('auto a = "UPDATE loans SET at = now()";', "sql-clock"),
        ('auto a = "INSERT INTO loans VALUES (gen_random_uuid())";', "sql-random"),
        ('auto a = "INSERT OR IGNORE INTO loans VALUES (1)";', "sql-dialect"),
        (f"// {OPEN_TASK} later", "open-task"),
    ],
)
def test_a_banned_word_is_named_with_its_replacement(tree, code, rule):
    found = problems(tree, {"src/lending/loans.cpp": f"\n{code}\n"})
    assert len(found) == 1 and found[0].startswith("src/lending/loans.cpp:")
    assert rule in found[0] and len(found[0].split(": ")[-1]) > 5


@pytest.mark.parametrize(
    "code",
    [
        "using namespace std::chrono_literals;",
        f'auto a = "{OPEN_TASK}";',
        "// A double of the amount; new terms; using namespace std;",
        'auto a = "printf(1), std::cout, NULL and delete it";',
        'auto a = "scheduled_at > now() + 24h";',
        "Loan& operator=(Loan&&) = delete;",
        "constexpr int a = 10'000; constexpr char b = '\"';",
        "double ratio = 0.5;",
        'auto a = "SELECT COUNT(*) FROM loans";',
        "int requested = 0, buffer = 0, connection = 0;",
    ],
)
def test_the_permitted_form_passes(tree, code):
    assert problems(tree, {"src/lending/loans.cpp": code + "\n"}) == []


def test_a_place_may_be_allowed_with_a_reason(tree):
    files = {"src/base/clock.cpp": "auto now = std::chrono::system_clock::now();\n"}
    allowed = "bare-clock src/base/clock.cpp  # the one place that reads it\n"
    assert len(problems(tree, files)) == 1
    assert problems(tree, {**files, "tools/style_allowed.txt": allowed}) == []
    found = problems(tree, {**files, "tools/style_allowed.txt": "bare-clock src/base/clock.cpp\n"})
    assert any("the reason" in each for each in found)


def test_long_lines_and_files_are_named(tree):
    found = problems(tree, {"src/a.cpp": "int a;\n" * 401 + "// " + "x" * 108 + "\n"})
    assert any("111 characters" in each for each in found)
    assert any("402 lines" in each for each in found)
    assert problems(tree, {"src/a.cpp": "// " + "…" * 107 + "\n"}) == []


def test_a_header_begins_with_pragma_once_and_is_used(tree):
    user = {"src/b.cpp": '#include "a.hpp"\n'}
    assert problems(tree, {"src/a.hpp": "// Why.\n#pragma once\n", **user}) == []
    assert "begins with #pragma once" in problems(tree, {"src/a.hpp": "int a;\n", **user})[0]


def test_a_header_that_only_its_own_source_includes_is_dead(tree):
    own = '#include "a.hpp"\n'
    files = {"src/a.hpp": "#pragma once\n", "src/a.cpp": own, "src/a_test.cpp": own}
    found = problems(tree, files)
    assert len(found) == 1 and found[0].startswith("src/a.hpp:1: nobody includes this header")
    assert problems(tree, {**files, "tests/other.cpp": own}) == []


@pytest.mark.parametrize("name, is_refused", [
    ("utils.cpp", True),
    ("loan_helpers.cpp", True),
    ("payment_service_test.cpp", True),
    ("commonwealth.cpp", False),
    ("loans.cpp", False),
])
def test_a_vague_file_name_is_refused(tree, name, is_refused):
    found = problems(tree, {f"src/{name}": "int a;\n"})
    assert found == ([f"src/{name}:1: name the file after the noun that it owns"] if is_refused else [])


def body(lines):
    return "{\n" + "    a();\n" * (lines - 2) + "}\n"


def test_a_long_function_is_named_and_may_only_shrink(tree):
    source = "namespace pamoja {\nvoid settle(int a) " + body(75) + "}\n"
    assert "settle has 75 lines, 70 at most" in problems(tree, {"src/a.cpp": source})[0]
    baseline = {"tools/function_lengths.txt": "src/a.cpp settle 75\n"}
    assert problems(tree, {"src/a.cpp": source, **baseline}) == []
    grown = source.replace(body(75), body(76))
    assert "settle has 76 lines, 75 at most" in problems(tree, {"src/a.cpp": grown, **baseline})[0]


def test_shrinking_lowers_the_baseline_and_never_adds(tree):
    long = "void one() " + body(72) + "void two() " + body(90)
    baseline = "# Why.\nsrc/a.cpp one 80\nsrc/a.cpp gone 99\n"
    root = tree({"src/a.cpp": long, "tools/function_lengths.txt": baseline})
    check_style.shrink(root)
    assert (root / "tools/function_lengths.txt").read_text() == "# Why.\nsrc/a.cpp one 72\n"


def test_functions_are_found_where_they_are():
    text = (
        "namespace a {\n"
        "struct Loan {\n"
        "    int amount = 0;\n"
        "    void describe(Fields& f) {\n        f();\n    }\n"
        "};\n"
        "Loan::Loan(int b) : amount{b}, other_{1} {\n    go();\n}\n"
        "const std::map<int, int> table = {\n    {1, 2},\n};\n"
        "template <class T>\nT twice(T value) {\n    return value * 2;\n}\n"
        "TEST(Disburse, Refuses) {\n    if (true) {\n    }\n}\n"
        "bool Loan::operator==(const Loan&) const {\n    return true;\n}\n"
        "enum class Kind { one, two };\n"
        "}  // namespace a\n"
    )
    found = {f.name: (f.line, f.length) for f in sources.functions_of(text)}
    assert found == {
        "describe": (4, 3),
        "Loan::Loan": (8, 3),
        "twice": (14, 4),
        "Disburse.Refuses": (18, 4),
        "Loan::operator==": (22, 3),
    }


def test_only_the_given_paths_are_reported(tree):
    root = tree({"src/a.cpp": "int* a = NULL;\n", "src/b.cpp": "int* b = NULL;\n"})
    assert len(check_style.check(root)) == 2
    assert len(check_style.check(root, {root / "src/a.cpp"})) == 1
