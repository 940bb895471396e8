package io.meshwork.internal.copies;

import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import java.util.Optional;

/**
 * The rows of a major version when it, or the other one of its rollout, is taken out of use. While
 * the document of its table has the same version, the rows are the same.
 *
 * @param pointer the document of its table
 */
public record RowsAtRetirement(Optional<VersionedDocument> pointer) {
  public static RowsAtRetirement of(
      ClientSession session, ProductName product, VersionEntry major) {
    return new RowsAtRetirement(session.ledger().read(TableName.of(product, major.major()).key()));
  }

  /** Returns the version of the document; empty if the table is missing. */
  public Optional<String> version() {
    return pointer.map(VersionedDocument::version);
  }

  /** Requires that no row changes until the commit. */
  public void check(CommitDraft<?> draft) {
    pointer.ifPresent(draft::check);
  }

  /** Returns true if no commit changed the table since then. */
  public boolean isUnchangedSince(Optional<String> version) {
    return version.isPresent() && version.equals(version());
  }
}
