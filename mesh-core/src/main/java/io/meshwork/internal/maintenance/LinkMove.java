package io.meshwork.internal.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.LinkTarget;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import java.util.Optional;

/**
 * Moves one link that follows its target to the target's current major version or name. Other links
 * are never moved automatically.
 */
record LinkMove(ClientSession session, LinkEntry before, LinkEntry after)
    implements MaintenanceTask, Ledger.Change<Boolean> {
  /** Returns the move of a link; empty if it is not moved. */
  static Optional<LinkMove> of(ClientSession session, LinkTarget target) {
    LinkEntry link = target.link();
    if (!link.following()) {
      return Optional.empty();
    }
    Optional<LinkEntry> after =
        target.isDangling()
            ? target
                .replacement()
                .filter(newName -> target.certain())
                .flatMap(newName -> renamed(session, link, newName))
            : target.product().map(product -> link.movedTo(product.name(), target.major(), true));
    return after
        .filter(moved -> !moved.equals(link))
        .map(moved -> new LinkMove(session, link, moved));
  }

  private static Optional<LinkEntry> renamed(
      ClientSession session, LinkEntry link, String newName) {
    if (link.product().isEmpty()) {
      return Optional.of(link.movedTo(newName));
    }
    return session
        .catalog()
        .findProduct(ProductName.of(newName))
        .map(product -> link.movedTo(product.name(), product.currentMajor(), true));
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "move", before.name().toString(), format(before) + " to " + format(after), "");
  }

  private static String format(LinkEntry link) {
    return link.target() + link.product().map(product -> ", major " + link.major()).orElse("");
  }

  @Override
  public String basis() {
    return before.stored().map(VersionedDocument::version).orElse("");
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    session.ledger().commit(this, deadline);
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.MOVE, "link " + before.name());
  }

  @Override
  public String partition() {
    return before.stored().orElseThrow().key().partition();
  }

  /** Links or products that changed since are left to the next run. */
  @Override
  public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
    Optional<LinkEntry> now = session.catalog().findLink(before.consumer(), before.name());
    boolean same =
        now.filter(before::equals)
            .flatMap(link -> of(session, LinkTarget.of(session.catalog(), link)))
            .filter(move -> move.after.equals(after))
            .isPresent();
    if (!same) {
      return CommitDraft.unchanged(false);
    }
    CommitDraft<Boolean> draft = after.write(partition(), now, session.principal());
    after
        .product()
        .flatMap(session.catalog()::findProduct)
        .map(ProductEntry::stored)
        // Products of other catalogs are not checked: a later run finds a link that dangles.
        .filter(
            product -> session.catalog().areInOneCatalog(product.key().partition(), partition()))
        .ifPresent(draft::check);
    return draft.result(true);
  }
}
