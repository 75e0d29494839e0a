// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What leaves a ChartView: table and picture, to the clipboard, a file or a window.
#include "views/charts/chartdatadialog.h"
#include "views/charts/chartview_p.h"

#include <QBuffer>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QPainter>
#include <QRegularExpression>
#include <QSaveFile>

namespace pilothouse {

void ChartView::copyTable() const
{
    QGuiApplication::clipboard()->setText(table());
}

void ChartView::copyPicture()
{
    QGuiApplication::clipboard()->setImage(picture());
}

QImage ChartView::picture()
{
    if (d->stale)
        drawCurves();
    const double ratio = devicePixelRatioF();
    QImage image(size() * ratio, QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    image.fill(d->colors.background);
    QPainter painter(&image);
    d->legend.paint(&painter, d->colors, -1, d->hidden);
    d->plot->setCrosshair({});
    painter.translate(d->plot->pos());
    d->plot->paint(&painter);
    return image;
}

void ChartView::exportTo(const QString &suffix, std::function<QByteArray()> content)
{
    // Taken now: what was on the screen, not what is there when a name was found.
    const QByteArray bytes = content();
    QString name = d->spec.title;
    name.replace(QRegularExpression(QStringLiteral("[^\\w.-]+")), QStringLiteral("-"));
    auto *dialog = new QFileDialog(this, tr("Export %1").arg(d->spec.title));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->setNameFilter(QStringLiteral("*.") + suffix);
    dialog->selectFile(name + QLatin1Char('.') + suffix);
    connect(dialog, &QFileDialog::fileSelected, this, [this, bytes](const QString &path) {
        QSaveFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
            Q_EMIT failed(tr("%1 cannot be written: %2").arg(path, file.errorString()));
    });
    dialog->open();
}

void ChartView::exportTable()
{
    exportTo(QStringLiteral("csv"), [this] { return table(QLatin1Char(',')).toUtf8(); });
}

void ChartView::exportPicture()
{
    exportTo(QStringLiteral("png"), [this] {
        QByteArray bytes;
        QBuffer buffer(&bytes);
        picture().save(&buffer, "PNG");
        return bytes;
    });
}

void ChartView::showData()
{
    if (d->data) {
        d->data->raise();
        return d->data->activateWindow();
    }
    d->data = new ChartDataDialog(this, [this](double value) { return d->text(value); });
    d->data->show();
}

} // namespace pilothouse
