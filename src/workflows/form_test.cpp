#include "workflows/form.hpp"

#include <gtest/gtest.h>

namespace pamoja::workflows {
namespace {

Step step_with(const std::string& fields) {
    const std::string text = R"({"step_key": "s", "title": "S", "form_fields": [)" + fields + "]}";
    return read_json<Step>(json::parse(text), WireStyle::storage());
}

std::string field(const std::string& key, const std::string& type, bool is_required = false,
                  const std::string& validation = "null") {
    return R"({"field_key": ")" + key + R"(", "field_type": ")" + type +
           R"(", "label": "Label", "is_required": )" + (is_required ? "true" : "false") +
           R"(, "validation": )" + validation + "}";
}

bool is_own_file(const std::string& id) {
    return id == "mine";
}

// What came of it: the values, or "field code" of each fault.
std::string result(const Step& step, const std::string& data) {
    try {
        return json::to_text(checked_form(step, json::parse(data), is_own_file));
    } catch (const Failure& failure) {
        std::string faults;
        for (const FieldError& error : failure.errors())
            faults += (faults.empty() ? "" : "; ") + error.field + " " + error.code;
        return faults;
    }
}

struct Case {
    const char* type;
    const char* validation;
    const char* value;
    const char* fault;  // null: accepted
};

TEST(Form, HoldsEachTypeToItsRules) {
    const std::vector<Case> cases{
        {"text", "null", R"("Raj")", nullptr},
        {"text", "null", "5", "invalid"},
        {"text", "null", R"(["a"])", "invalid"},
        {"text", R"({"min_length": 3})", R"("ab")", "too_short"},
        {"text", R"({"max_length": 3})", R"("éééé")", "too_long"},
        {"text", R"({"max_length": 3})", R"("ééé")", nullptr},
        {"text", R"({"pattern": "[A-Z]+"})", R"("ABC")", nullptr},
        {"text", R"({"pattern": "[A-Z]+"})", R"("ABc")", "invalid"},
        {"number", "null", "12.5", nullptr},
        {"number", "null", R"("12.5")", "invalid"},
        {"number", "null", "true", "invalid"},
        {"number", "null", "1e400", "invalid"},
        {"number", R"({"min": 18})", "17.999999", "too_small"},
        {"number", R"({"min": 18})", "18", nullptr},
        {"number", R"({"max": 0.5})", "0.500001", "too_large"},
        {"date", "null", R"("2024-02-29")", nullptr},
        {"date", "null", R"("2025-02-29")", "invalid"},
        {"date", R"({"min": "2020-01-01"})", R"("2019-12-31")", "too_small"},
        {"date", R"({"max": "2020-01-01"})", R"("2020-01-02")", "too_large"},
        {"date", R"({"max": "2020-01-01"})", R"("2020-01-01")", nullptr},
        {"email", "null", R"("a@b.example")", nullptr},
        {"email", "null", R"("a@b")", "invalid"},
        {"phone", "null", R"("+919876543210")", nullptr},
        {"phone", "null", R"("call me")", "invalid"},
        {"boolean", "null", "false", nullptr},
        {"boolean", "null", R"("false")", "invalid"},
        {"select", R"({"options": ["a", "b"]})", R"("b")", nullptr},
        {"select", R"({"options": ["a", "b"]})", R"("c")", "invalid_choice"},
        {"multiselect", R"({"options": ["a", "b"]})", R"(["b", "a"])", nullptr},
        {"multiselect", R"({"options": ["a", "b"]})", R"(["b", "b"])", "duplicate"},
        {"multiselect", R"({"options": ["a", "b"]})", R"(["c"])", "invalid_choice"},
        {"multiselect", R"({"options": ["a", "b"], "max_length": 1})", R"(["a", "b"])", "too_long"},
        {"multiselect", R"({"options": ["a", "b"]})", R"("a")", "invalid"},
        {"file", "null", R"("mine")", nullptr},
        {"file", "null", R"("theirs")", "unknown_file"},
        {"file", "null", R"({"id": "mine"})", "invalid"},
    };
    for (const Case& one : cases) {
        const Step step = step_with(field("x", one.type, false, one.validation));
        const std::string data = std::string(R"({"x":)") + one.value + "}";
        const std::string wanted =
            one.fault != nullptr ? std::string("data.x ") + one.fault : json::to_text(json::parse(data));
        EXPECT_EQ(result(step, data), wanted) << one.type << " " << one.validation << " " << one.value;
    }
}

TEST(Form, WantsWhatIsRequiredOfEveryType) {
    for (const char* type : {"text", "textarea", "number", "date", "email", "phone", "boolean", "file"}) {
        const Step step = step_with(field("x", type, true));
        for (const char* data : {"{}", R"({"x": null})", R"({"x": ""})"})
            EXPECT_EQ(result(step, data), "data.x required") << type << data;
        EXPECT_EQ(result(step_with(field("x", type)), R"({"x": ""})"), "{}") << type;
    }
    EXPECT_EQ(result(step_with(field("x", "multiselect", true, R"({"options": ["a"]})")), R"({"x": []})"),
              "data.x too_short");
}

TEST(Form, TellsEveryFaultAtOnceAndRefusesUnknownFields) {
    const Step step = step_with(field("name", "text", true) + "," + field("age", "number") + "," +
                                field("id_proof", "file", true));
    EXPECT_EQ(result(step, R"({"age": "old", "colour": "red", "id_proof": "theirs"})"),
              "data.colour unknown_field; data.name required; data.age invalid; data.id_proof unknown_file");
    EXPECT_EQ(result(step, "[]"), "data invalid");
}

TEST(Form, KeepsTheOrderOfTheForm) {
    const Step step = step_with(field("a", "text") + "," + field("b", "number"));
    EXPECT_EQ(result(step, R"({"b": 1.50, "a": "x"})"), R"({"a":"x","b":1.50})");
}

TEST(Form, IsBounded) {
    const Step step = step_with(field("a", "textarea", false, R"({"max_length": 10000})") + "," +
                                field("b", "textarea", false, R"({"max_length": 10000})"));
    const std::string long_text(9'000, 'x');
    EXPECT_EQ(result(step, R"({"a":")" + long_text + R"(","b":")" + long_text + R"("})"), "data too_long");
}

TEST(Form, TakesNoFileWhenNobodyCanSayWhoseItIs) {
    const Step step = step_with(field("x", "file"));
    EXPECT_THROW((void)checked_form(step, json::parse(R"({"x":"mine"})"), {}), Failure);
}

}  // namespace
}  // namespace pamoja::workflows
