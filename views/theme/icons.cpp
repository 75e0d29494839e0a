// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/icons.h"

#include "views/theme/theme.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace pilothouse {

/// Recolours "currentColor" of a line icon. Pixmaps are cached by name, colour, size and ratio.
class SvgIconEngine : public QIconEngine {
public:
    SvgIconEngine(QString name, Token token)
        : m_name(std::move(name))
        , m_token(token)
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        Q_UNUSED(state)
        const qreal ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1;
        painter->drawPixmap(rect, rendered(rect.size(), mode, ratio));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1);
    }

    QPixmap scaledPixmap(
        const QSize &size, QIcon::Mode mode, QIcon::State state, qreal scale) override
    {
        // QIcon gives the size in device pixels already.
        Q_UNUSED(state)
        Q_UNUSED(scale)
        return rendered(size, mode, 1);
    }

    QString key() const override { return QStringLiteral("pilothouse"); }
    QString iconName() override { return m_name; }
    QIconEngine *clone() const override { return new SvgIconEngine(m_name, m_token); }

private:
    QPixmap rendered(const QSize &size, QIcon::Mode mode, qreal ratio) const
    {
        const QColor color = themed(mode == QIcon::Disabled ? Token::Text3 : m_token);
        const QSize pixels = size * ratio;
        const QString cached = QStringLiteral("pilothouse/%1/%2/%3x%4@%5")
                                   .arg(m_name, color.name())
                                   .arg(pixels.width())
                                   .arg(pixels.height())
                                   .arg(ratio);
        QPixmap pixmap;
        if (QPixmapCache::find(cached, &pixmap))
            return pixmap;
        QFile file(QStringLiteral(":/pilothouse/icons/%1.svg").arg(m_name));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        QByteArray svg = file.readAll();
        svg.replace("currentColor", color.name().toLatin1());
        QSvgRenderer renderer(svg);
        pixmap = QPixmap(pixels);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        painter.end();
        pixmap.setDevicePixelRatio(ratio);
        QPixmapCache::insert(cached, pixmap);
        return pixmap;
    }

    QString m_name;
    Token m_token;
};

QIcon icon(const QString &name, Token token)
{
    return QIcon(new SvgIconEngine(name, token));
}

QIcon iconOnPrimary(const QIcon &icon)
{
    return icon.isNull() ? icon : pilothouse::icon(icon.name(), Token::OnPrimary);
}

} // namespace pilothouse
