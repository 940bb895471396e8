package io.meshwork.internal.receipts;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.ProcessAccount;
import io.meshwork.internal.table.MeshTables.TablePosition;
import io.meshwork.internal.table.TableName;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.registry.Registry.Key;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Finds out whether mirrors show what was published, as of what they recorded. Stateless. */
final class MirroredReceipt {
  private MirroredReceipt() {}

  /**
   * Returns whether each service shows the rows of a receipt; empty if no mirror was ever run.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  static SortedMap<String, Boolean> of(ClientSession session, PublishReceipt receipt) {
    SortedMap<String, Boolean> shown = new TreeMap<>();
    Optional<UnaryOperator<String>> accounts = session.process().flatMap(ProcessAccount::mirrorsOf);
    if (accounts.isEmpty()) {
      return shown;
    }
    String catalog = session.catalog().topology().catalogOf(receipt.product().domain());
    String partition = RegistryKeys.mirrors(session.catalog().governance(catalog));
    String account = accounts.get().apply(catalog);
    Stream.concat(Stream.of(receipt), receipt.otherVersions().stream())
        .flatMap(version -> isShown(session, partition, account, version).stream())
        .forEach(
            each -> shown.merge(MirroredObject.GLUE + " in " + account, each, Boolean::logicalAnd));
    return shown;
  }

  private static Optional<Boolean> isShown(
      ClientSession session, String partition, String account, PublishReceipt version) {
    TableName table = TableName.of(version.product(), version.major());
    Key record =
        new Key(
            partition,
            MirroredObject.prefix(MirroredObject.GLUE, account)
                + table.namespace()
                + "/"
                + table.table());
    Optional<VersionedDocument> stored = session.ledger().readLenient(record);
    if (stored.isEmpty()) {
      return session.ledger().newestSequence(partition) > 0 ? Optional.of(false) : Optional.empty();
    }
    Optional<String> snapshot = MirroredObject.snapshot(stored.get());
    return Optional.of(
        snapshot.isPresent()
            && (snapshot.equals(version.snapshotId()) || snapshot.equals(newest(session, table))));
  }

  private static Optional<String> newest(ClientSession session, TableName table) {
    return session.tables().position(table).flatMap(TablePosition::snapshot);
  }
}
