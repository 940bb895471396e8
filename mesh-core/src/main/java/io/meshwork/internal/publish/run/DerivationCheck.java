package io.meshwork.internal.publish.run;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.majors.RenamedColumns;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReaderTables;
import io.meshwork.internal.table.TableName;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/** Checks the inputs that a caller names as the origin of rows. */
final class DerivationCheck {
  /** All pairs are stored in the receipt and in the log entry. */
  private static final int MAX_PAIRS = 1_000;

  private DerivationCheck() {}

  /**
   * Returns the inputs. Each snapshot must exist, and each pair must name a column of the product
   * and one of the input. An input that the caller may not read is accepted without checks, so that
   * the answer reveals nothing about it.
   *
   * @throws InvalidRequestException if an input or a pair is invalid
   */
  static List<PublishReceipt.Input> checked(
      ClientSession session,
      Contract contract,
      List<PublishReceipt.Input> inputs,
      MeshAction action) {
    int named = inputs.stream().mapToInt(input -> 1 + input.columns().size()).sum();
    if (named > MAX_PAIRS) {
      throw Failure.of(action.on("with derivedFrom(..)"))
          .because(named + " inputs and pairs of columns are named, and the limit is " + MAX_PAIRS)
          .state("Nothing was published.")
          .fix("Name only the inputs.")
          .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
    }
    List<PublishReceipt.Input> derivations = new ArrayList<>();
    for (PublishReceipt.Input input : inputs) {
      Optional<Schema> visible = visibleColumns(session, input, action);
      List<String> pairs = new ArrayList<>();
      for (String pair : input.columns()) {
        int equals = pair.indexOf('=');
        if (equals < 1 || equals == pair.length() - 1) {
          throw invalid(
              action,
              "a pair of columns does not have two names",
              "Write it as \"total=amount\", with the product's column first.");
        }
        String column = pair.substring(0, equals).strip();
        String inputColumn = pair.substring(equals + 1).strip();
        requireColumn(column, columns(contract), "the product", name -> "", action);
        visible.ifPresent(
            schema ->
                requireColumn(
                    inputColumn,
                    schema,
                    "the input " + input.product(),
                    name ->
                        RenamedColumns.of(session, input.product(), input.contract()).hint(name),
                    action));
        pairs.add(column + "=" + inputColumn);
      }
      derivations.add(
          new PublishReceipt.Input(input.product(), input.contract(), input.snapshotId(), pairs));
    }
    return derivations;
  }

  private static Optional<Schema> visibleColumns(
      ClientSession session, PublishReceipt.Input input, MeshAction action) {
    Optional<ProductEntry> product =
        session
            .catalog()
            .findProduct(input.product())
            .filter(entry -> mayRead(session, entry, input.contract().major()));
    if (product.isEmpty()) {
      return Optional.empty();
    }
    if (!exists(session, input)) {
      throw invalid(
          action,
          "major version "
              + input.contract().major()
              + " of the input "
              + input.product()
              + " never had the named snapshot",
          "Pass the snapshot() of the rows that were read.");
    }
    return session
        .ledger()
        .read(RegistryKeys.contract(input.product(), input.contract()))
        .map(VersionEntry::contract)
        .map(DerivationCheck::columns);
  }

  /** True if the caller may read the major version; the current one if there is no such version. */
  private static boolean mayRead(ClientSession session, ProductEntry input, int major) {
    boolean isOther =
        major != input.currentMajor()
            && session.catalog().majorState(input.name(), major).isPresent();
    return session.authorizer().mayRead(input, isOther ? major : input.currentMajor());
  }

  /** Of the rows or of the quarantine, whose repaired rows may be an input; or expired since. */
  private static boolean exists(ClientSession session, PublishReceipt.Input input) {
    TableName rows = TableName.of(input.product(), input.contract().major());
    ReaderTables tables = ReaderTables.of(session, input.product().domain());
    return isOnMain(tables, rows, input.snapshotId())
        || (!tables.areVended() && isOnMain(tables, rows.quarantined(), input.snapshotId()))
        || session
            .ledger()
            .rowChanges(RegistryKeys.partition(input.product()))
            .find(
                entry ->
                    MovedTables.find(entry, rows.major())
                        .flatMap(MovedTables.MovedTable::snapshotId)
                        .filter(input.snapshotId()::equals)
                        .isPresent())
            .isPresent();
  }

  private static boolean isOnMain(ReaderTables tables, TableName name, String id) {
    Table table = tables.find(name).orElse(null);
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

  private static void requireColumn(
      String column, Schema schema, String owner, UnaryOperator<String> hint, MeshAction action) {
    List<Finding> unknown = ColumnPaths.unknown(schema, List.of(column));
    if (!unknown.isEmpty()) {
      throw invalid(
          action,
          owner + " has no column '" + unknown.get(0).where() + "'" + hint.apply(column),
          unknown.get(0).fix());
    }
  }

  private static InvalidRequestException invalid(MeshAction action, String reason, String fix) {
    return Failure.of(action.on("with derivedFrom(..)"))
        .because(reason)
        .state("Nothing was published.")
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
