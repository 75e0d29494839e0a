// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/shellwords.h"

#include <QRegularExpression>

namespace pilothouse {

static QString inQuotes(const QString &word)
{
    return QLatin1Char('\'') + QString(word).replace(QLatin1Char('\''), QStringLiteral("'\\''"))
        + QLatin1Char('\'');
}

QString quotedWord(const QString &word)
{
    // "=" at the start is a command's path to zsh.
    static const QRegularExpression plain(
        QStringLiteral("\\A[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*\\z"));
    return plain.match(word).hasMatch() ? word : inQuotes(word);
}

QString quotedProgram(const QString &word)
{
    static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9_./-][A-Za-z0-9_+./-]*\\z"));
    static const QStringList keywords = QStringLiteral(
        "if then else elif fi do done case esac while until for in function select time coproc "
        "foreach end repeat switch breaksw endif endsw goto")
                                            .split(QLatin1Char(' '));
    return plain.match(word).hasMatch() && !keywords.contains(word) ? word : inQuotes(word);
}

QString quotedLine(const QStringList &words)
{
    QStringList quoted;
    for (const auto &word : words)
        quoted << (quoted.isEmpty() ? quotedProgram(word) : quotedWord(word));
    return quoted.join(QLatin1Char(' '));
}

namespace {

/// Takes a line apart, from left to right.
class Splitter {
public:
    explicit Splitter(const QString &line)
        : m_line(line)
    {
    }

    std::optional<QStringList> words()
    {
        for (; m_at < m_line.size(); ++m_at) {
            const QChar c = m_line[m_at];
            if (c == QLatin1Char(' ') || c == QLatin1Char('\t'))
                endWord();
            else if (!take(c))
                return std::nullopt;
        }
        endWord();
        return m_words;
    }

private:
    void endWord()
    {
        if (m_begun)
            m_words << m_word;
        m_word.clear();
        m_begun = false;
    }

    /// False when only a shell knows.
    bool take(QChar c)
    {
        static const QString special = QStringLiteral("$`|&;<>()*?[{\n\r");
        if (special.contains(c))
            return false;
        if (!m_begun && (c == QLatin1Char('~') || c == QLatin1Char('#')))
            return false;
        m_begun = true;
        if (c == QLatin1Char('\''))
            return single();
        if (c == QLatin1Char('"'))
            return doubled();
        if (c != QLatin1Char('\\')) {
            m_word += c;
            return true;
        }
        if (++m_at >= m_line.size())
            return false;
        if (m_line[m_at] != QLatin1Char('\n')) // else the line goes on
            m_word += m_line[m_at];
        return true;
    }

    bool single()
    {
        const auto end = m_line.indexOf(QLatin1Char('\''), m_at + 1);
        if (end < 0)
            return false;
        m_word += QStringView(m_line).mid(m_at + 1, end - m_at - 1);
        m_at = end;
        return true;
    }

    bool doubled()
    {
        static const QString escapable = QStringLiteral("$`\"\\");
        for (++m_at; m_at < m_line.size(); ++m_at) {
            QChar c = m_line[m_at];
            if (c == QLatin1Char('"'))
                return true;
            if (c == QLatin1Char('$') || c == QLatin1Char('`'))
                return false;
            if (c == QLatin1Char('\\') && m_at + 1 < m_line.size()
                && escapable.contains(m_line[m_at + 1]))
                c = m_line[++m_at];
            m_word += c;
        }
        return false;
    }

    const QString &m_line;
    qsizetype m_at = 0;
    QStringList m_words;
    QString m_word;
    bool m_begun = false; // "" is a word too
};

} // namespace

std::optional<QStringList> splitLikeShell(const QString &line)
{
    return Splitter(line).words();
}

} // namespace pilothouse
