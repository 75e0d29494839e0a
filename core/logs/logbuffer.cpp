// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/logs/logbuffer.h"

#include <algorithm>
#include <array>

namespace pilothouse {

static constexpr std::array errorWords{"error", "fatal", "traceback", "exception", "killed",
    "out of memory", "oom-kill", "segmentation fault", "panic", "core dumped", "timed out",
    "abort"};
/// "0 errors" and the like are good news.
static constexpr std::array calmWords{"0 errors", "no error", "error=0", "errors: 0", "error: 0"};

LogBuffer::LogBuffer(qsizetype memoryLimit)
    : m_limit(memoryLimit)
{
}

void LogBuffer::clear()
{
    m_bytes.clear();
    m_lines.clear();
    m_first = m_end = 0;
}

void LogBuffer::append(quint64 offset, QByteArray data)
{
    if (m_bytes.isEmpty() && m_lines.empty())
        m_first = m_end = offset;
    if (offset > m_end) { // bytes are missing: what came before no longer adjoins
        clear();
        m_first = m_end = offset;
    }
    const quint64 known = m_end - offset;
    if (known >= quint64(data.size()))
        return;
    if (known > 0)
        data = data.sliced(qsizetype(known));
    if (m_lines.empty())
        m_lines.push_back({m_end, TextStyle()});
    const qsizetype before = m_bytes.size();
    m_bytes.append(data);
    qsizetype from = before;
    while (true) {
        const qsizetype feed = m_bytes.indexOf('\n', from);
        if (feed < 0)
            break;
        // The style a line ends with is where the next one starts; only SGR can change it.
        TextStyle style = m_lines.back().style;
        const auto start = qsizetype(m_lines.back().start - m_first);
        const auto text = QByteArrayView(m_bytes).sliced(start, feed - start);
        if (text.contains('\x1b'))
            styledLine(text, style, text.size());
        m_lines.push_back({m_first + quint64(feed) + 1, style});
        from = feed + 1;
    }
    m_end += quint64(data.size());
    if (m_bytes.size() > m_limit)
        dropHead();
}

void LogBuffer::dropHead()
{
    // A quarter at once, so that the copy is paid rarely.
    const quint64 keepFrom = m_end - quint64(m_limit) * 3 / 4;
    while (m_lines.size() > 1 && m_lines[1].start <= keepFrom)
        m_lines.pop_front();
    m_lines.front().start = std::max(m_lines.front().start, keepFrom);
    m_bytes.remove(0, qsizetype(m_lines.front().start - m_first));
    m_first = m_lines.front().start;
}

QByteArrayView LogBuffer::view(qsizetype line) const
{
    const auto start = qsizetype(m_lines[std::size_t(line)].start - m_first);
    const qsizetype end = line + 1 < lineCount()
        ? qsizetype(m_lines[std::size_t(line) + 1].start - m_first) - 1
        : m_bytes.size();
    return QByteArrayView(m_bytes).sliced(start, end - start);
}

QByteArray LogBuffer::rawLine(qsizetype line) const
{
    return view(line).toByteArray();
}

StyledLine LogBuffer::line(qsizetype line) const
{
    TextStyle style = m_lines[std::size_t(line)].style;
    return styledLine(view(line), style);
}

std::vector<qsizetype> LogBuffer::matching(const QString &text) const
{
    std::vector<qsizetype> found;
    for (qsizetype i = 0; i < lineCount(); ++i) {
        if (text.isEmpty() || line(i).text.contains(text, Qt::CaseInsensitive))
            found.push_back(i);
    }
    return found;
}

std::optional<qsizetype> LogBuffer::firstError(qsizetype from) const
{
    const auto holds = [](const QByteArray &lower, const auto &words) {
        return std::any_of(
            words.begin(), words.end(), [&](const char *word) { return lower.contains(word); });
    };
    for (qsizetype i = from; i < lineCount(); ++i) {
        const auto text = view(i);
        const QByteArray lower
            = text.first(std::min<qsizetype>(text.size(), 4096)).toByteArray().toLower();
        if (holds(lower, errorWords) && !holds(lower, calmWords))
            return i;
    }
    return std::nullopt;
}

} // namespace pilothouse
