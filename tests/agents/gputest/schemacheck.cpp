// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agents/gputest/schemacheck.h"

namespace pilothouse {

static bool isOfType(const nlohmann::json &value, const std::string &type)
{
    if (type == "object")
        return value.is_object();
    if (type == "array")
        return value.is_array();
    if (type == "string")
        return value.is_string();
    if (type == "boolean")
        return value.is_boolean();
    if (type == "integer")
        return value.is_number_integer();
    return type == "number" && value.is_number();
}

std::string schemaProblem(const nlohmann::json &root, const nlohmann::json &given,
    const nlohmann::json &value, const std::string &where)
{
    const auto reference = given.find("$ref");
    const nlohmann::json &schema = reference == given.end()
        ? given
        : root[nlohmann::json::json_pointer(reference->get<std::string>().substr(1))];
    if (schema.contains("type") && !isOfType(value, schema["type"]))
        return where + " is no " + schema["type"].get<std::string>();
    if (schema.contains("const") && value != schema["const"])
        return where + " is not " + schema["const"].dump();
    if (schema.contains("enum")
        && std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
        return where + " may not be " + value.dump();
    for (const auto &name : schema.value("required", nlohmann::json::array())) {
        if (!value.contains(name))
            return where + " lacks " + name.get<std::string>();
    }
    if (value.is_object()) {
        for (const auto &[name, member] : value.items()) {
            const auto properties = schema.find("properties");
            const bool known = properties != schema.end() && properties->contains(name);
            if (!known && schema.value("additionalProperties", true) == false)
                return where + " may not have " + name;
            if (known) {
                auto problem = schemaProblem(root, (*properties)[name], member, where + '/' + name);
                if (!problem.empty())
                    return problem;
            }
        }
    }
    if (value.is_array() && schema.contains("items")) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            auto problem
                = schemaProblem(root, schema["items"], value[i], where + '/' + std::to_string(i));
            if (!problem.empty())
                return problem;
        }
    }
    return {};
}

} // namespace pilothouse
