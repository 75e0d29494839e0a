// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/aliaslister.h"

#include "core/transport/configwords.h"
#include "core/transport/sshpattern.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

namespace pilothouse {

namespace {

constexpr int deepestInclude = 16; // OpenSSH's own limit
constexpr int mostFiles = 1024;
constexpr qsizetype mostBytes = 16 * 1024 * 1024;
constexpr int mostProblems = 100;

using Words = QList<QByteArray>;

bool isNegated(const QByteArray &word)
{
    return word.startsWith('!');
}

bool isConcrete(const QByteArray &word)
{
    return !word.isEmpty() && !isNegated(word) && !word.contains('*') && !word.contains('?');
}

bool isPrintable(const QByteArray &word)
{
    return std::none_of(
        word.begin(), word.end(), [](char c) { return uchar(c) <= ' ' || c == 0x7f; });
}

class Lister {
public:
    explicit Lister(const ConfigSource &source)
        : m_source(source)
    {
    }
    AliasList take() { return std::move(m_list); }

    // `blocks`: the Host lines that enclose the Include which led here.
    void file(const QString &path, const QList<Words> &blocks, const QString &from)
    {
        if (m_open.contains(path)) {
            problem(from, QCoreApplication::translate("transport", "%1 includes itself").arg(path));
            return;
        }
        if (m_open.size() > deepestInclude) {
            problem(from,
                QCoreApplication::translate("transport", "Include nests deeper than %1")
                    .arg(deepestInclude));
            return;
        }
        if (m_files >= mostFiles || m_bytes >= mostBytes) {
            if (!std::exchange(m_full, true))
                problem(from, QCoreApplication::translate("transport", "too many included files"));
            return;
        }
        const auto text = m_source.read(path);
        if (!text) {
            if (text.error().kind != ErrorKind::NotFound)
                problem(path, text.error().cause);
            return;
        }
        ++m_files;
        m_bytes += text->size();
        if (!m_list.filesRead.contains(path))
            m_list.filesRead << path;
        m_open << path;
        lines(path, *text, blocks);
        m_open.removeLast();
    }

private:
    void lines(const QString &path, const QByteArray &text, const QList<Words> &blocks)
    {
        QList<Words> inner = blocks;
        int number = 0;
        for (qsizetype start = 0; start < text.size();) {
            qsizetype end = text.indexOf('\n', start);
            if (end < 0)
                end = text.size();
            const auto line = parseConfigLine(QByteArrayView(text).sliced(start, end - start));
            start = end + 1;
            const QString here
                = QCoreApplication::translate("transport", "%1 line %2").arg(path).arg(++number);
            if (!line) {
                problem(here, QCoreApplication::translate("transport", "quotes do not close"));
            } else if (line->keyword == "host") {
                host(line->words, blocks, here);
                inner = blocks;
                inner << line->words;
            } else if (line->keyword == "match") {
                inner = blocks; // what it asks may run programs: not looked into
            } else if (line->keyword == "include") {
                for (const QByteArray &word : line->words)
                    include(word, inner, here);
            }
        }
    }

    void host(const Words &words, const QList<Words> &blocks, const QString &here)
    {
        for (const QByteArray &word : words) {
            if (!isConcrete(word) || m_seen.contains(word) || !matchHostLine(word, words))
                continue;
            const bool reached = std::all_of(blocks.begin(), blocks.end(),
                [&](const Words &block) { return matchHostLine(word, block); });
            if (!reached)
                continue;
            m_seen.insert(word);
            if (word.startsWith('-') || !isPrintable(word))
                problem(here,
                    QCoreApplication::translate("transport", "ssh does not take this name: %1")
                        .arg(QString::fromUtf8(word)));
            else
                m_list.aliases << QString::fromUtf8(word);
        }
    }

    void include(const QByteArray &word, const QList<Words> &blocks, const QString &here)
    {
        QString pattern = QString::fromUtf8(word);
        if (pattern == QLatin1String("~") || pattern.startsWith(QLatin1String("~/")))
            pattern.replace(0, 1, m_source.home);
        else if (!pattern.startsWith(QLatin1Char('/')) && !pattern.startsWith(QLatin1Char('~')))
            pattern.prepend(m_source.home + QStringLiteral("/.ssh/"));
        for (const QString &path : m_source.expand(pattern))
            file(path, blocks, here);
    }

    void problem(const QString &where, const QString &what)
    {
        if (m_list.problems.size() < mostProblems)
            m_list.problems << where + QStringLiteral(": ") + what;
    }

    const ConfigSource &m_source;
    AliasList m_list;
    QStringList m_open; // files being read, outermost first
    QSet<QByteArray> m_seen;
    int m_files = 0;
    qsizetype m_bytes = 0;
    bool m_full = false;
};

} // namespace

AliasList listAliases(const QString &configFile, const ConfigSource &source)
{
    Lister lister(source);
    lister.file(configFile, {}, configFile);
    return lister.take();
}

AliasList listSshAliases(const QString &configFile)
{
    return listAliases(configFile, configFiles());
}

} // namespace pilothouse
