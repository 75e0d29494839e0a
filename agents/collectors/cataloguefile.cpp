// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/cataloguefile.h"

#include "agents/collectors/descriptor.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
// Inline: the static agent can link no shared library, and that is what pkg-config names.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace pilothouse::agent {

namespace {

constexpr std::string_view firstWord = "pilothouse-catalogue-1";
constexpr std::size_t endLine = 21; // "end\t" + 16 hex digits + "\n"

void putField(std::string &out, std::string_view text)
{
    out += '\t';
    for (const char c : text) {
        if (c == '\t' || c == '\n' || c == '\\') {
            out += '\\';
            out += c == '\t' ? 't' : c == '\n' ? 'n' : '\\';
        } else {
            out += c;
        }
    }
}

std::vector<std::string> fieldsOf(std::string_view line)
{
    std::vector<std::string> fields(1);
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\t')
            fields.emplace_back();
        else if (line[i] == '\\' && i + 1 < line.size())
            fields.back() += line[++i] == 't' ? '\t' : line[i] == 'n' ? '\n' : line[i];
        else
            fields.back() += line[i];
    }
    return fields;
}

template <typename T> bool parse(const std::string &text, T &value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

std::string checkLine(std::string_view text)
{
    char line[endLine + 1];
    std::snprintf(line, sizeof line, "end\t%016llx\n",
        static_cast<unsigned long long>(XXH64(text.data(), text.size(), 0)));
    return line;
}

template <typename T> std::string number(T value)
{
    char digits[40];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return {digits, end};
}

} // namespace

std::string formatCatalogue(const Catalogue &catalogue)
{
    std::string text(firstWord);
    putField(text, catalogue.ringId);
    putField(text, number(catalogue.version));
    text += '\n';
    for (const auto &series : catalogue.series) {
        text += 's';
        putField(text, series.metric);
        putField(text, series.device);
        putField(text, series.unit);
        putField(text, number(int(series.kind)));
        putField(text, number(series.step));
        text += '\n';
    }
    for (const auto &one : catalogue.unsupported) {
        text += 'u';
        putField(text, one.metric);
        putField(text, one.device);
        putField(text, one.reason);
        text += '\n';
    }
    return text + checkLine(text);
}

std::optional<Catalogue> parseCatalogue(std::string_view text)
{
    if (text.size() < endLine)
        return {};
    const auto body = text.substr(0, text.size() - endLine);
    if (text.substr(body.size()) != checkLine(body))
        return {};
    Catalogue catalogue;
    for (std::size_t at = 0, line = 0; at < body.size(); ++line) {
        const auto end = std::min(body.find('\n', at), body.size());
        const auto fields = fieldsOf(body.substr(at, end - at));
        at = end + 1;
        int kind = 0;
        double step = 0;
        if (line == 0 && fields.size() == 3 && fields[0] == firstWord
            && parse(fields[2], catalogue.version)) {
            catalogue.ringId = fields[1];
        } else if (line > 0 && fields.size() == 6 && fields[0] == "s" && parse(fields[4], kind)
            && kind >= 0 && kind <= int(MetricKind::State) && parse(fields[5], step)) {
            catalogue.series.push_back({fields[1], fields[2], fields[3], MetricKind(kind), step});
        } else if (line > 0 && fields.size() == 4 && fields[0] == "u") {
            catalogue.unsupported.push_back({fields[1], fields[2], fields[3]});
        } else {
            return {};
        }
    }
    if (catalogue.ringId.empty())
        return {};
    return catalogue;
}

int saveCatalogue(const std::filesystem::path &file, const Catalogue &catalogue)
{
    const auto text = formatCatalogue(catalogue);
    const auto temporary = file.string() + ".new";
    Descriptor out(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!out)
        return errno;
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t written = ::write(out.get(), text.data() + size, text.size() - size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? errno : ENOSPC;
        size += std::size_t(written);
    }
    // Without this a power cut may leave an empty file under the final name, and the ring is lost.
    if (::fsync(out.get()) != 0 || ::rename(temporary.c_str(), file.c_str()) != 0)
        return errno;
    return 0;
}

} // namespace pilothouse::agent
