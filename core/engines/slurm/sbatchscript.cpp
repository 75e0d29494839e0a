// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/sbatchscript.h"

#include "core/engines/slurm/sbatchoptions.h"

#include <algorithm>

namespace pilothouse {

static constexpr QByteArrayView magic("#SBATCH");

namespace {

/// One word of a line: its bytes in the text, and what it says without quotes.
struct Word {
    qsizetype begin = 0, end = 0;
    QByteArray plain;
    QList<qsizetype> places; ///< where each byte of `plain` stands
};

bool isBlank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

} // namespace

/// As sbatch's own: see _get_argument() in its opt.c.
static std::optional<Word> nextWord(const QByteArray &text, qsizetype &at, qsizetype end)
{
    while (at < end && isBlank(text[at]))
        ++at;
    if (at >= end || text[at] == '#')
        return std::nullopt;
    Word word;
    word.begin = at;
    char quote = 0;
    for (; at < end && (quote || !isBlank(text[at])); ++at) {
        const char c = text[at];
        if (c == '\\') { // one at the end of a line says nothing
            if (at + 1 < end) {
                word.plain += text[at + 1];
                word.places << at++;
            }
        } else if (quote && c == quote) {
            quote = 0;
        } else if (!quote && (c == '"' || c == '\'')) {
            quote = c;
        } else if (!quote && c == '#') {
            break;
        } else {
            word.plain += c;
            word.places << at;
        }
    }
    word.end = at;
    return word;
}

SbatchScript::SbatchScript(QByteArray text)
    : m_text(std::move(text))
{
    parse();
}

void SbatchScript::parse()
{
    m_directives.clear();
    m_heterogeneous = false;
    m_insertAt = 0;
    qsizetype at = 0;
    bool first = true;
    while (at < m_text.size()) {
        qsizetype end = m_text.indexOf('\n', at);
        const qsizetype next = end < 0 ? m_text.size() : end + 1;
        if (end < 0)
            end = m_text.size();
        const QByteArrayView line = QByteArrayView(m_text).sliced(at, end - at);
        if (line.startsWith(magic)) {
            if (!m_heterogeneous)
                parseLine(at + magic.size(), end);
            m_insertAt = m_heterogeneous ? m_insertAt : next;
        } else {
            const auto *begins = std::find_if_not(line.begin(), line.end(), isBlank);
            if (begins != line.end() && *begins != '#')
                return;
            if (first && line.startsWith("#!"))
                m_insertAt = next;
        }
        first = false;
        at = next;
    }
}

void SbatchScript::parseLine(qsizetype at, qsizetype end)
{
    while (const auto word = nextWord(m_text, at, end)) {
        const QByteArray &plain = word->plain;
        if (plain == "hetjob" || plain == "packjob" || plain == ":") {
            m_heterogeneous = true;
            return;
        }
        const auto takeNext = [&](Directive &directive) {
            qsizetype ahead = at;
            if (const auto value = nextWord(m_text, ahead, end)) {
                directive.value = QString::fromUtf8(value->plain);
                directive.valueBegin = value->begin;
                directive.end = value->end;
                at = ahead;
            }
        };
        Directive directive;
        directive.begin = word->begin;
        directive.end = word->end;
        if (plain.startsWith("--") && plain.size() > 2) {
            const auto equals = plain.indexOf('=');
            const QString name = QString::fromUtf8(plain.mid(2, equals < 0 ? -1 : equals - 2));
            const auto *option = sbatchOption(name);
            directive.name = option ? QString::fromLatin1(option->name) : name;
            if (equals >= 0) {
                directive.value = QString::fromUtf8(plain.mid(equals + 1));
                directive.valueBegin = word->places[equals] + 1;
            } else if (option && option->value == SbatchOption::Value::Required) {
                takeNext(directive);
            }
            m_directives << directive;
        } else if (plain.size() > 1 && plain[0] == '-') {
            for (qsizetype i = 1; i < plain.size(); ++i) {
                const auto *option = sbatchOption(plain[i]);
                directive.name
                    = option ? QString::fromLatin1(option->name) : QString(QLatin1Char(plain[i]));
                const bool takes = option && option->value == SbatchOption::Value::Required;
                const bool last = i + 1 == plain.size();
                directive.grouped = i > 1 || (!takes && !last);
                if (takes && !last) {
                    directive.value = QString::fromUtf8(plain.mid(i + 1));
                    directive.valueBegin = word->places[i] + 1;
                    m_directives << directive;
                    break;
                }
                if (takes)
                    takeNext(directive);
                m_directives << directive;
            }
        }
    }
}

std::optional<QString> SbatchScript::value(const QString &name) const
{
    for (qsizetype i = m_directives.size() - 1; i >= 0; --i) {
        if (m_directives[i].name == name)
            return m_directives[i].value;
    }
    return std::nullopt;
}

bool SbatchScript::has(const QString &name) const
{
    return std::any_of(m_directives.begin(), m_directives.end(),
        [&](const Directive &directive) { return directive.name == name; });
}

QByteArray SbatchScript::quoted(const QString &value)
{
    const QByteArray bytes = value.toUtf8();
    const bool plain = !bytes.isEmpty() && std::none_of(bytes.begin(), bytes.end(), [](char c) {
        return isBlank(c) || c == '"' || c == '\'' || c == '\\' || c == '#';
    });
    if (plain)
        return bytes;
    QByteArray text = "\"";
    for (const char c : bytes) {
        if (c == '"' || c == '\\')
            text += '\\';
        text += c;
    }
    return text + '"';
}

QByteArray SbatchScript::lineEnd() const
{
    const qsizetype end = m_text.indexOf('\n');
    return end > 0 && m_text[end - 1] == '\r' ? "\r\n" : "\n";
}

void SbatchScript::addLine(const QByteArray &option)
{
    const QByteArray missing
        = m_insertAt > 0 && m_text[m_insertAt - 1] != '\n' ? lineEnd() : QByteArray();
    m_text.insert(m_insertAt, missing + "#SBATCH " + option + lineEnd());
    parse();
}

bool SbatchScript::set(const QString &name, const QString &value)
{
    if (m_heterogeneous || value.contains(u'\n') || value.contains(QChar(0)))
        return false;
    for (qsizetype i = m_directives.size() - 1; i >= 0; --i) {
        const Directive &directive = m_directives[i];
        if (directive.name != name)
            continue;
        if (directive.value == value)
            return true;
        if (directive.grouped)
            break; // a line more: the last one wins
        // Where the value is inside quotes that the option begins, or nothing would stand behind a
        // letter, the whole is written anew.
        const QByteArray head = m_text.mid(directive.begin, directive.valueBegin - directive.begin);
        const bool plain = directive.valueBegin > 0 && (!value.isEmpty() || head.endsWith('='))
            && !head.contains('"') && !head.contains('\'') && !head.contains('\\');
        const qsizetype from = plain ? directive.valueBegin : directive.begin;
        const QByteArray option = plain ? QByteArray() : QByteArray("--" + name.toUtf8() + '=');
        m_text.replace(from, directive.end - from, option + quoted(value));
        parse();
        return true;
    }
    addLine("--" + name.toUtf8() + '=' + quoted(value));
    return true;
}

bool SbatchScript::setFlag(const QString &name)
{
    if (m_heterogeneous)
        return false;
    if (!has(name))
        addLine("--" + name.toUtf8());
    return true;
}

bool SbatchScript::remove(const QString &name)
{
    const bool cannot = std::any_of(m_directives.begin(), m_directives.end(),
        [&](const Directive &one) { return one.name == name && one.grouped; });
    if (m_heterogeneous || cannot)
        return false;
    for (qsizetype i = m_directives.size() - 1; i >= 0; --i) {
        const Directive directive = m_directives[i];
        if (directive.name != name)
            continue;
        const qsizetype lineBegin = m_text.lastIndexOf('\n', directive.begin) + 1;
        qsizetype lineEnds = m_text.indexOf('\n', directive.end);
        lineEnds = lineEnds < 0 ? m_text.size() : lineEnds + 1;
        const bool alone
            = m_text.mid(lineBegin + magic.size(), directive.begin - lineBegin - magic.size())
                  .trimmed()
                  .isEmpty()
            && m_text.mid(directive.end, lineEnds - directive.end).trimmed().isEmpty();
        if (alone) {
            m_text.remove(lineBegin, lineEnds - lineBegin);
        } else {
            qsizetype end = directive.end;
            while (end < m_text.size() && (m_text[end] == ' ' || m_text[end] == '\t'))
                ++end;
            m_text.remove(directive.begin, end - directive.begin);
        }
    }
    parse();
    return true;
}

void SbatchScript::insertBody(const QByteArray &lines)
{
    m_text.insert(m_insertAt, lines);
    parse();
}

QByteArray SbatchScript::interpreter() const
{
    if (!m_text.startsWith("#!"))
        return {};
    const qsizetype end = m_text.indexOf('\n');
    return m_text.mid(2, end < 0 ? -1 : end - 2).trimmed();
}

} // namespace pilothouse
