// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kubernetes/kubenames.h"

#include <QRegularExpression>

namespace pilothouse {

QString kubernetesLiteral(const QString &text)
{
    if (!text.contains(QLatin1String("$(")) && !text.contains(QLatin1String("$$")))
        return text;
    return QString(text).replace(QLatin1Char('$'), QLatin1String("$$"));
}

std::optional<QString> kubernetesExpanded(const QString &text)
{
    QString out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        out += text[i];
        if (text[i] != QLatin1Char('$') || i + 1 >= text.size())
            continue;
        if (text[i + 1] == QLatin1Char('$'))
            ++i;
        else if (text[i + 1] == QLatin1Char('(') && text.indexOf(QLatin1Char(')'), i) > 0)
            return std::nullopt;
    }
    return out;
}

KubeQueue KubeQueue::of(const QString &text)
{
    const auto slash = text.indexOf(QLatin1Char('/'));
    return slash < 0 ? KubeQueue{text, {}} : KubeQueue{text.left(slash), text.mid(slash + 1)};
}

QString KubeQueue::text() const
{
    return queue.isEmpty() ? space : space + QLatin1Char('/') + queue;
}

bool KubeQueue::possible() const
{
    static const QRegularExpression label(
        QStringLiteral("\\A(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)?\\z"));
    return label.match(space).hasMatch() && label.match(queue).hasMatch();
}

} // namespace pilothouse
