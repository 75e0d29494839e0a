// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace pilothouse {

/// A batch script whose #SBATCH lines can be read and changed; every byte that was not asked for
/// stays. Reads them as sbatch does: from the first column, up to the first line that is neither
/// blank nor a comment; quotes and backslashes; "#" begins a comment; the last of several wins.
/// Of heterogeneous jobs (a line "#SBATCH hetjob") only the first component is read, and nothing
/// is changed.
class SbatchScript {
public:
    explicit SbatchScript(QByteArray text);

    /// One option of one line.
    struct Directive {
        QString name; ///< the long name: "gres"; of one that is not known as written
        std::optional<QString> value; ///< unquoted
        qsizetype begin = 0, end = 0; ///< bytes of the option with its value, spaces not included
        qsizetype valueBegin = 0; ///< 0 = no value; it ends at `end`
        bool grouped = false; ///< shares its word with other short options: "-HQ"
    };
    const QList<Directive> &directives() const { return m_directives; }
    /// Of the last one of that name; nothing when there is none, or it has no value.
    std::optional<QString> value(const QString &name) const;
    bool has(const QString &name) const;
    bool heterogeneous() const { return m_heterogeneous; }

    /// Changes the value where the option stands last, or adds a line below the other directives.
    /// False: not possible (heterogeneous, or the value has a line break, which no directive can).
    bool set(const QString &name, const QString &value);
    bool setFlag(const QString &name); ///< an option without value
    /// All of that name; lines that hold nothing else go. False: it shares a word with others
    /// ("-HQ"), or the job is heterogeneous.
    bool remove(const QString &name);
    /// Puts lines behind the last directive.
    void insertBody(const QByteArray &lines);

    const QByteArray &text() const { return m_text; }
    QByteArray interpreter() const; ///< what stands behind "#!", without spaces around it
    /// A value as a directive has to write it.
    static QByteArray quoted(const QString &value);

private:
    void parse();
    void parseLine(qsizetype from, qsizetype end);
    void addLine(const QByteArray &option);
    QByteArray lineEnd() const;

    QByteArray m_text;
    QList<Directive> m_directives;
    qsizetype m_insertAt = 0; ///< where a new line goes
    bool m_heterogeneous = false;
};

} // namespace pilothouse
