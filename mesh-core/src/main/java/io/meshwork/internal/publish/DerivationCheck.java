package io.meshwork.internal.publish;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/** Checks what a caller says that rows were made from. */
final class DerivationCheck {
  /** Receipt and log entry are documents, and hold all pairs. */
  private static final int MOST_PAIRS = 1_000;

  private DerivationCheck() {}

  /**
   * The inputs, if each was there and each pair of columns is one of the product's and one of the
   * input's. An input that the caller may not read is taken as stated, so that nothing is told of
   * it, not even whether it is there.
   *
   * @throws InvalidRequestException otherwise
   */
  static List<PublishReceipt.Input> checked(
      ClientSession session,
      Contract contract,
      List<PublishOptions.Input> inputs,
      MeshAction action) {
    int named = inputs.stream().mapToInt(input -> 1 + input.columns().size()).sum();
    if (named > MOST_PAIRS) {
      throw new InvalidRequestException(
          ErrorCode.LIMIT_EXCEEDED,
          "Cannot "
              + action
              + " with derivedFrom(..): "
              + named
              + " inputs and pairs of columns are named, and the limit is "
              + MOST_PAIRS
              + ". Nothing was published. Name the inputs alone.");
    }
    List<PublishReceipt.Input> derivations = new ArrayList<>();
    for (PublishOptions.Input input : inputs) {
      Snapshot snapshot = input.snapshot();
      Optional<Schema> visible = visibleColumns(session, snapshot, action);
      List<String> pairs = new ArrayList<>();
      for (String pair : input.columns()) {
        int equals = pair.indexOf('=');
        if (equals < 1 || equals == pair.length() - 1) {
          throw refused(
              action,
              "a pair of columns has no two names. Write it as \"total=amount\", own first.");
        }
        String own = pair.substring(0, equals).strip();
        String from = pair.substring(equals + 1).strip();
        checkKnown(own, columns(contract), "the product", action);
        visible.ifPresent(
            known -> checkKnown(from, known, "the input " + snapshot.product(), action));
        pairs.add(own + "=" + from);
      }
      derivations.add(
          new PublishReceipt.Input(snapshot.product(), snapshot.contract(), snapshot.id(), pairs));
    }
    return derivations;
  }

  private static Optional<Schema> visibleColumns(
      ClientSession session, Snapshot snapshot, MeshAction action) {
    Optional<ProductEntry> input =
        session
            .catalog()
            .findProduct(snapshot.product())
            .filter(entry -> session.authorizer().mayRead(entry));
    if (input.isEmpty()) {
      return Optional.empty();
    }
    if (!wasThere(session, snapshot)) {
      throw refused(
          action,
          "the input "
              + snapshot.product()
              + " never had the snapshot that is named, in its major version "
              + snapshot.contract().major()
              + ". Give the snapshot() of the rows that were read.");
    }
    return session
        .ledger()
        .read(RegistryKeys.contract(snapshot.product(), snapshot.contract()))
        .map(VersionEntry::contract)
        .map(DerivationCheck::columns);
  }

  /** Of the rows or of the bad rows, which are an input when they are fixed; or expired since. */
  private static boolean wasThere(ClientSession session, Snapshot snapshot) {
    TableName rows = TableName.of(snapshot.product(), snapshot.contract().major());
    return isOn(session, rows, snapshot.id())
        || isOn(session, rows.quarantined(), snapshot.id())
        || session.ledger().entries(RegistryKeys.partition(snapshot.product())).stream()
            .map(entry -> entry.json().path("details"))
            .filter(details -> details.path("major").asInt() == rows.major())
            .anyMatch(details -> details.path("snapshotId").asText().equals(snapshot.id()));
  }

  private static boolean isOn(ClientSession session, TableName name, String id) {
    Table table = session.tables().find(name).orElse(null);
    if (table == null || table.currentSnapshot() == null) {
      return false;
    }
    for (org.apache.iceberg.Snapshot each :
        SnapshotUtil.ancestorsOf(table.currentSnapshot().snapshotId(), table::snapshot)) {
      if (Long.toString(each.snapshotId()).equals(id)) {
        return true;
      }
    }
    return false;
  }

  private static Schema columns(Contract contract) {
    return IcebergSchemas.fromAvro(contract.schema());
  }

  private static void checkKnown(String column, Schema known, String of, MeshAction action) {
    List<Finding> unknown = ColumnPaths.unknown(known, List.of(column));
    if (!unknown.isEmpty()) {
      throw refused(
          action, of + " has no column '" + unknown.get(0).where() + "'. " + unknown.get(0).fix());
    }
  }

  private static InvalidRequestException refused(MeshAction action, String why) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot " + action + " with derivedFrom(..): " + why + " Nothing was published.");
  }
}
