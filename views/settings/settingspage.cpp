// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/alertsetting.h"
#include "views/common/card.h"
#include "views/common/pageheader.h"
#include "views/common/segmentedcontrol.h"
#include "views/common/textlabel.h"
#include "views/pages/page.h"
#include "views/settings/themesetting.h"
#include "views/theme/colorscheme.h"
#include "views/theme/metrics.h"

#include <QCheckBox>
#include <QCoreApplication>
#include <QVBoxLayout>

namespace pilothouse {

/// What is set for the whole console.
static QWidget *makeSettings(const PageContext &)
{
    auto *page = new QWidget;
    auto *header = new PageHeader;
    header->setTitle(QCoreApplication::translate("settings", "Settings"));
    auto *card = new Card(QCoreApplication::translate("settings", "Appearance"));
    auto *text = new TextLabel(
        QCoreApplication::translate("settings",
            "Desktop follows what the desktop says, at once. The others stay as they are."),
        TextKind::Body, Token::Text2);
    text->setWordWrap(true);
    card->body()->addWidget(text);
    auto *choice = new SegmentedControl(QCoreApplication::translate("settings", "Theme"),
        {QCoreApplication::translate("settings", "Desktop"),
            QCoreApplication::translate("settings", "Dark"),
            QCoreApplication::translate("settings", "Light"),
            QCoreApplication::translate("settings", "High contrast")});
    const auto chosen = schemeFromName(ThemeSetting::instance().name());
    choice->setCurrent(chosen ? 1 + int(*chosen) : 0);
    QObject::connect(choice, &SegmentedControl::chosen, choice, [](int index) {
        ThemeSetting::instance().setName(index == 0 ? QString() : schemeName(Scheme(index - 1)));
    });
    card->body()->addWidget(choice);
    card->setFixedWidth(560);
    auto *alerts = new Card(QCoreApplication::translate("settings", "Alerts"));
    auto *notify = new QCheckBox(QCoreApplication::translate("settings", "Desktop notifications"));
    notify->setChecked(AlertSetting::instance().notifies());
    QObject::connect(notify, &QCheckBox::toggled, notify,
        [](bool on) { AlertSetting::instance().setNotifies(on); });
    auto *which = new TextLabel(
        QCoreApplication::translate("settings",
            "For new findings that need a reboot or a replacement; several at once are one. Never "
            "for what is acknowledged or snoozed."),
        TextKind::Body, Token::Text2);
    which->setWordWrap(true);
    alerts->body()->addWidget(notify);
    alerts->body()->addWidget(which);
    alerts->setFixedWidth(560);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    auto *content = new QVBoxLayout;
    content->setContentsMargins(metrics::margin, 16, metrics::margin, metrics::margin);
    content->setSpacing(metrics::gap);
    content->addWidget(card);
    content->addWidget(alerts);
    content->addStretch(1);
    column->addLayout(content, 1);
    return page;
}

extern const RailPage settingsPage;
const RailPage settingsPage{
    "settings", QT_TRANSLATE_NOOP("pages", "Settings"), "settings", "Ctrl+,", true, &makeSettings};

} // namespace pilothouse
