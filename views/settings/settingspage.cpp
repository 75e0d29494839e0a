// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/card.h"
#include "views/common/pageheader.h"
#include "views/common/segmentedcontrol.h"
#include "views/common/textlabel.h"
#include "views/pages/page.h"
#include "views/settings/themesetting.h"
#include "views/theme/colorscheme.h"
#include "views/theme/metrics.h"

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
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    auto *content = new QVBoxLayout;
    content->setContentsMargins(metrics::margin, 16, metrics::margin, metrics::margin);
    content->addWidget(card);
    content->addStretch(1);
    column->addLayout(content, 1);
    return page;
}

extern const RailPage settingsPage;
const RailPage settingsPage{
    "settings", QT_TRANSLATE_NOOP("pages", "Settings"), "settings", "Ctrl+,", true, &makeSettings};

} // namespace pilothouse
