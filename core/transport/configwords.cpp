// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/configwords.h"

namespace pilothouse {

static bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

static QByteArrayView withoutLeadingSpace(QByteArrayView text)
{
    while (!text.isEmpty() && isSpace(text.front()))
        text = text.sliced(1);
    return text;
}

static std::optional<QList<QByteArray>> wordsOf(QByteArrayView text)
{
    QList<QByteArray> words;
    for (qsizetype i = 0; i < text.size();) {
        if (isSpace(text[i])) {
            ++i;
            continue;
        }
        if (text[i] == '#')
            break;
        QByteArray word;
        char quote = '\0';
        for (; i < text.size(); ++i) {
            const char c = text[i];
            const char next = i + 1 < text.size() ? text[i + 1] : '\0';
            const bool escapes
                = next == '\'' || next == '"' || next == '\\' || (quote == '\0' && next == ' ');
            if (c == '\\' && escapes)
                word += text[++i];
            else if (quote == '\0' && isSpace(c))
                break;
            else if (quote == '\0' && (c == '"' || c == '\''))
                quote = c;
            else if (quote != '\0' && c == quote)
                quote = '\0';
            else
                word += c;
        }
        if (quote != '\0')
            return std::nullopt;
        words << word;
    }
    return words;
}

std::optional<ConfigLine> parseConfigLine(QByteArrayView line)
{
    // OpenSSH reads C strings.
    if (const auto nul = line.indexOf('\0'); nul >= 0)
        line = line.first(nul);
    while (!line.isEmpty() && isSpace(line.back()))
        line.chop(1);
    line = withoutLeadingSpace(line);
    ConfigLine result;
    if (line.isEmpty() || line.front() == '#')
        return result;
    if (line.front() == '"') {
        // The keyword may be quoted as well.
        const auto end = line.indexOf('"', 1);
        if (end < 0)
            return std::nullopt;
        result.keyword = line.sliced(1, end - 1).toByteArray().toLower();
        line = line.sliced(end + 1);
    } else {
        qsizetype end = 0;
        while (end < line.size() && !isSpace(line[end]) && line[end] != '=' && line[end] != '"')
            ++end;
        result.keyword = line.first(end).toByteArray().toLower();
        line = line.sliced(end);
    }
    line = withoutLeadingSpace(line);
    if (line.startsWith('='))
        line = line.sliced(1);
    auto words = wordsOf(line);
    if (!words)
        return std::nullopt;
    result.words = std::move(*words);
    return result;
}

} // namespace pilothouse
