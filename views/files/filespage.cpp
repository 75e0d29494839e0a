// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/files/filespage.h"

#include "core/base/units.h"
#include "core/session/link.h"
#include "views/common/emptystate.h"
#include "views/common/table.h"
#include "views/common/textlabel.h"
#include "views/files/filemodel.h"
#include "views/files/filetools.h"
#include "views/files/transferlist.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"

#include <QCoroTask>
#include <QHeaderView>
#include <QPushButton>
#include <QShortcut>
#include <QStackedLayout>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

namespace pilothouse {

namespace {

constexpr qsizetype mostListed = 10'000; // the agent gives no more of one folder

Task<Result<QList<FileInfo>>> filesIn(
    Context context, std::shared_ptr<const Link> link, QString path)
{
    auto listing = link->agent->listFolder(context, path);
    co_return co_await std::move(listing);
}

} // namespace

FilesPage::FilesPage(const PageContext &context, const QString &target)
    : m_context(context)
    , m_target(target)
    , m_tools(new FileTools)
    , m_model(new FileModel([feed = context.feed] { return feed->now(); }, this))
    , m_table(new QTableView)
    , m_empty(new EmptyState(QStringLiteral("folder")))
    , m_transfers(new TransferList(
          context.acts->port(), target, [feed = context.feed] { return feed->now(); }))
    , m_note(new TextLabel({}, TextKind::Small, Token::Text3))
{
    setAcceptDrops(true);
    m_note->setElide(Qt::ElideRight);
    setUpTable(m_table, m_model, tr("Files"));
    const int widths[] = {360, 110, 130, 220, 120};
    for (int column = 0; column < 5; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_table->horizontalHeader()->setSectionResizeMode(FileModel::Name, QHeaderView::Stretch);
    m_table->sortByColumn(FileModel::Name, Qt::AscendingOrder);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    auto *content = new QWidget;
    m_stack = new QStackedLayout(content);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::margin, 16, metrics::margin, metrics::gap);
    column->setSpacing(metrics::gap);
    column->addWidget(m_tools);
    column->addWidget(content, 1);
    column->addWidget(m_transfers);
    column->addWidget(m_note);

    connect(m_tools, &FileTools::upWanted, this, [this] { open(folderAbove(m_path), m_path); });
    connect(m_tools, &FileTools::homeWanted, this, [this] { open(m_home); });
    connect(m_tools, &FileTools::againWanted, this, [this] { open(m_path); });
    connect(m_tools, &FileTools::pathTyped, this, [this](const QString &path) { open(path); });
    connect(m_tools, &FileTools::left, m_table, qOverload<>(&QWidget::setFocus));
    connect(m_tools, &FileTools::shownChanged, this, [this] {
        m_model->setShown(m_tools->filter(), m_tools->hidden());
        settle();
    });
    m_model->setShown({}, false);
    connect(m_table, &QTableView::activated, this, &FilesPage::activate);
    connect(m_table, &QWidget::customContextMenuRequested, this, &FilesPage::contextMenu);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
        &TargetPage::headerActionsChanged);
    auto *copy = new QShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), m_table);
    copy->setContext(Qt::WidgetShortcut);
    connect(copy, &QShortcut::activated, this, &FilesPage::copyPaths);
    connect(m_empty, &EmptyState::activated, this, [this] {
        ActRequest request;
        request.target = m_target;
        if (!m_connected)
            m_context.acts->trigger(QStringLiteral("target.connect"), {request});
        else if (m_error)
            open(m_path == folderAbove(m_path) ? m_home : folderAbove(m_path));
        else if (!m_tools->filter().isEmpty())
            m_tools->clearFilter();
        else if (m_model->hiddenCount() > 0)
            m_tools->setHidden(true);
        else
            askUpload();
    });
    connect(context.acts, &ActMenu::done, this,
        [this](const QString &act, const QString &id, const QJsonObject &) {
            if (act == QLatin1String("file.upload") && id == m_target)
                open(m_path);
        });
    auto *ages = new QTimer(this);
    connect(ages, &QTimer::timeout, this, [this] {
        if (!isVisible())
            return;
        m_table->viewport()->update();
        settle();
    });
    ages->start(5000);
    if (const auto status = context.feed->status(target))
        refresh(*status);
}

void FilesPage::refresh(const TargetStatus &status)
{
    const bool before = m_connected;
    m_connected = status.state == TargetState::Connected && whyNot("file.download").isEmpty();
    if (m_connected && m_home.isEmpty()) {
        const auto link = m_context.feed->link(m_target);
        m_home = link ? link->facts.home : QString();
        if (m_home.isEmpty())
            m_home = QStringLiteral("/");
    }
    if (m_connected && !before)
        open(m_path.isEmpty() ? m_home : m_path);
    m_tools->setWorking(m_connected);
    settle();
    if (before != m_connected)
        Q_EMIT headerActionsChanged();
}

void FilesPage::showSubject(const QString &folder)
{
    m_tools->setPath(folder);
    if (m_connected)
        open(folder);
    else
        m_path = folder; // read as soon as there is a link
}

void FilesPage::open(const QString &path, const QString &select)
{
    if (!m_connected || path.isEmpty())
        return;
    const auto link = m_context.feed->link(m_target);
    if (!link || !link->agent)
        return;
    QString wanted = path;
    if (wanted == QLatin1String("~") || wanted.startsWith(QLatin1String("~/")))
        wanted = m_home + wanted.mid(1);
    while (wanted.size() > 1 && wanted.endsWith(QLatin1Char('/')))
        wanted.chop(1);
    const int asked = ++m_asked;
    auto task = filesIn(Context().within(std::chrono::seconds(20)), link, wanted);
    QCoro::connect(
        std::move(task), this, [this, asked, wanted, select](const Result<QList<FileInfo>> &files) {
            if (asked == m_asked)
                took(wanted, select, files);
        });
}

void FilesPage::took(
    const QString &path, const QString &select, const Result<QList<FileInfo>> &files)
{
    const bool moved = path != m_path;
    m_path = path;
    m_tools->setPath(path);
    m_error = files ? std::nullopt : std::optional<Error>(files.error());
    m_listedAt = m_context.feed->now();
    m_model->apply(
        files ? std::vector<FileInfo>(files->begin(), files->end()) : std::vector<FileInfo>());
    settle();
    const int row = m_model->rowOf(select);
    if (row >= 0) {
        m_table->selectRow(row);
        m_table->scrollTo(m_model->index(row, 0));
    } else if (moved) {
        m_table->scrollToTop();
    }
    Q_EMIT headerActionsChanged();
    Q_EMIT listed(path);
}

void FilesPage::activate()
{
    const auto index = m_table->currentIndex();
    if (!index.isValid())
        return;
    const FileInfo file = m_model->at(index.row());
    if (file.kind == QLatin1String("folder") || file.kind == QLatin1String("link"))
        open(file.path);
    else
        askDownload();
}

QList<FileInfo> FilesPage::selected() const
{
    QList<FileInfo> files;
    const auto rows = m_table->selectionModel()->selectedRows();
    for (const auto &row : rows)
        files << m_model->at(row.row());
    return files;
}

void FilesPage::settle()
{
    const int shown = m_model->rowCount(), hidden = m_model->hiddenCount();
    m_stack->setCurrentIndex(shown > 0 ? 0 : 1);
    if (shown == 0)
        settleEmpty();
    m_note->setVisible(shown > 0);
    double bytes = 0;
    for (int row = 0; row < shown; ++row)
        bytes += m_model->at(row).kind == QLatin1String("file") ? double(m_model->at(row).size) : 0;
    QStringList note{shown == 1 ? tr("1 entry") : tr("%1 entries").arg(shown)};
    if (hidden > 0)
        note << tr("%1 not shown").arg(hidden);
    note << tr("%1 in the files shown").arg(formatBytes(bytes, false));
    if (shown + hidden >= mostListed)
        note << tr("only the first %1 of this folder were read").arg(mostListed);
    const auto age = std::chrono::milliseconds(m_context.feed->now() - m_listedAt);
    if (!m_connected)
        note << tr("not connected: read %1 ago").arg(formatAge(age));
    else if (age > std::chrono::seconds(30))
        note << tr("read %1 ago").arg(formatAge(age));
    m_note->setText(note.join(QStringLiteral(" · ")));
}

void FilesPage::settleEmpty()
{
    const QString name = m_context.feed->targetName(m_target);
    const auto status = m_context.feed->status(m_target);
    if (!m_connected) {
        const bool linked = status && status->state == TargetState::Connected;
        const bool connecting = status && status->state == TargetState::Connecting;
        m_empty->setText(tr("Files of %1 are listed while it is connected").arg(name),
            linked           ? whyNot("file.download")
                : connecting ? tr("It is being connected.")
                             : tr("Nothing has been read yet."));
        m_empty->setAction(linked || connecting ? QString() : tr("Connect"));
    } else if (m_error) {
        m_empty->setText(tr("“%1” cannot be read").arg(m_path.section(u'/', -1)),
            QStringList{m_path + u':', m_error->message, m_error->cause, m_error->next}
                .join(QLatin1Char(' '))
                .simplified());
        m_empty->setAction(tr("Go up"));
    } else if (m_listedAt == 0) {
        m_empty->setText(tr("Reading the folder"), {});
        m_empty->setAction({});
    } else if (m_model->hiddenCount() > 0) {
        const bool filtered = !m_tools->filter().isEmpty();
        m_empty->setText(filtered
                ? tr("The filter hides all %1 entries").arg(m_model->hiddenCount())
                : tr("Only hidden files here"),
            filtered ? tr("No name has “%1”.").arg(m_tools->filter())
                     : tr("%1 names begin with a dot.").arg(m_model->hiddenCount()));
        m_empty->setAction(filtered ? tr("Clear the filter") : tr("Show hidden files"));
    } else {
        m_empty->setText(
            tr("This folder is empty"), tr("Files and folders dropped here are copied into it."));
        m_empty->setAction(tr("Upload files"));
    }
}

extern const TargetTab filesTab;
const TargetTab filesTab{"files", QT_TRANSLATE_NOOP("pages", "Files"),
    [](const PageContext &context, const QString &target) -> TargetPage * {
        return new FilesPage(context, target);
    }};

} // namespace pilothouse
