// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/storagedialog.h"

#include "core/telemetry/store.h"
#include "views/common/textlabel.h"
#include "views/theme/metrics.h"

#include <QDialogButtonBox>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace pilothouse {

StorageDialog::StorageDialog(const TelemetryStore *store, QWidget *parent)
    : QDialog(parent)
    , m_store(store)
    , m_text(new QPlainTextEdit)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Stored telemetry"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::margin, 16, metrics::margin, 16);
    column->setSpacing(metrics::gap);
    auto *why = new TextLabel(
        tr("This could not be read or kept. Charts have gaps there; everything else is whole."),
        TextKind::Body);
    why->setWordWrap(true);
    column->addWidget(why);
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("What could not be read or kept"));
    column->addWidget(m_text, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(store, &TelemetryStore::damageChanged, this, &StorageDialog::refresh);
    refresh();
    resize(640, 320);
}

void StorageDialog::refresh()
{
    m_text->setPlainText(m_store->damage().join(QLatin1Char('\n')));
}

} // namespace pilothouse
