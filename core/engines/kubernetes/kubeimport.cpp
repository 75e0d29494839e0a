// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kubernetes/render.h"

#include <QRegularExpression>

namespace pilothouse {

bool looksLikeKubernetes(const QByteArray &text)
{
    static const QRegularExpression version(
        QStringLiteral("^[\"']?apiVersion[\"']?\\s*:"), QRegularExpression::MultilineOption);
    return version.match(QString::fromUtf8(text.left(65'536))).hasMatch();
}

Result<KubernetesImport> importKubernetes(const QByteArray &text)
{
    auto read = readKubernetes(text);
    if (read)
        read->spec.texts.insert(QStringLiteral("kubernetes"), text);
    return read;
}

} // namespace pilothouse
