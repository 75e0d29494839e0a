// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/files/filetools.h"

#include "views/common/searchfield.h"
#include "views/common/textlabel.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/style.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QPushButton>

namespace pilothouse {

FileTools::FileTools(QWidget *parent)
    : QWidget(parent)
    , m_up(new QPushButton(icon(QStringLiteral("arrow-up")), {}))
    , m_home(new QPushButton(tr("Home")))
    , m_again(new QPushButton(icon(QStringLiteral("refresh")), {}))
    , m_path(new QLineEdit)
    , m_filter(new SearchField(tr("Filter names")))
    , m_hidden(new QCheckBox(tr("Hidden files")))
{
    m_up->setFixedWidth(metrics::control);
    m_up->setAccessibleName(tr("Up"));
    m_up->setToolTip(tr("The folder above (Alt+Up)"));
    m_up->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Up));
    m_home->setToolTip(tr("Your home folder there (Alt+Home)"));
    m_home->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Home));
    m_again->setFixedWidth(metrics::control);
    m_again->setAccessibleName(tr("Read again"));
    m_again->setToolTip(tr("Reads the folder again (F5)"));
    m_again->setShortcut(QKeySequence(Qt::Key_F5));
    m_path->setFont(fontOf(TextKind::Mono));
    m_path->setAccessibleName(tr("Folder"));
    m_filter->setFixedWidth(180);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_up);
    row->addWidget(m_home);
    row->addWidget(m_path, 1);
    row->addWidget(m_filter);
    row->addWidget(m_hidden);
    row->addWidget(m_again);
    connect(m_up, &QPushButton::clicked, this, &FileTools::upWanted);
    connect(m_home, &QPushButton::clicked, this, &FileTools::homeWanted);
    connect(m_again, &QPushButton::clicked, this, &FileTools::againWanted);
    connect(m_path, &QLineEdit::returnPressed, this,
        [this] { Q_EMIT pathTyped(m_path->text().trimmed()); });
    connect(m_filter, &QLineEdit::textChanged, this, &FileTools::shownChanged);
    connect(m_filter, &SearchField::left, this, &FileTools::left);
    connect(m_hidden, &QCheckBox::toggled, this, &FileTools::shownChanged);
}

void FileTools::setPath(const QString &path)
{
    m_path->setText(path);
    m_up->setEnabled(path != QLatin1String("/") && !path.isEmpty());
}

void FileTools::setWorking(bool possible)
{
    const bool notTop = m_path->text() != QLatin1String("/") && !m_path->text().isEmpty();
    m_up->setEnabled(possible && notTop);
    for (QWidget *one : std::initializer_list<QWidget *>{m_home, m_path, m_again})
        one->setEnabled(possible);
}

QString FileTools::filter() const
{
    return m_filter->text();
}

void FileTools::clearFilter()
{
    m_filter->clear();
}

bool FileTools::hidden() const
{
    return m_hidden->isChecked();
}

void FileTools::setHidden(bool shown)
{
    m_hidden->setChecked(shown);
}

void FileTools::focusPath()
{
    m_path->setFocus();
    m_path->selectAll();
}

} // namespace pilothouse
