package io.meshwork.internal.scan;

import io.meshwork.error.ConflictException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.quality.OtherProducts;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReaderTables;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.product.ProductName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.TypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * The other products that rules refer to. Each is pinned to its newest snapshot when a rule first
 * uses it; later commits to it are ignored. Not thread-safe.
 */
public final class PinnedProducts implements OtherProducts {
  private final ClientSession session;
  private final ProductName own;
  private final Deadline deadline;
  private final MeshAction action;
  private final Map<ProductName, SnapshotRows> pinned = new HashMap<>();
  private final Map<TableName, SnapshotRows> older = new HashMap<>();

  /**
   * Creates the products for one publish, or for one check of a table.
   *
   * @param own the product whose rows are checked
   */
  public PinnedProducts(
      ClientSession session, ProductName own, Deadline deadline, MeshAction action) {
    this.session = session;
    this.own = own;
    this.deadline = deadline;
    this.action = action;
  }

  @Override
  public boolean isOwn(ProductName product) {
    return product.equals(own);
  }

  @Override
  public SnapshotRows of(ProductName product) {
    return pinned.computeIfAbsent(product, this::pin);
  }

  @Override
  public SnapshotRows of(ProductName product, List<String> columns) {
    SnapshotRows current = of(product);
    return !current.gap().isEmpty() || IcebergSchemas.hasAll(current.schema(), columns)
        ? current
        : replaced(product, columns).orElse(current);
  }

  /** The rows of the newest major version with these columns that a rollout replaces. */
  private Optional<SnapshotRows> replaced(ProductName product, List<String> columns) {
    ProductEntry entry = session.catalog().requireProduct(product, action);
    return session.catalog().olderLiveMajors(entry, action).stream()
        .filter(version -> session.authorizer().mayRead(entry, version.major()))
        .flatMap(version -> older(entry, version.major(), columns).stream())
        .findFirst();
  }

  /** The rows of an older major version; empty if it does not have these columns. */
  private Optional<SnapshotRows> older(ProductEntry entry, int major, List<String> columns) {
    TableName name = TableName.of(entry.name(), major);
    return Optional.ofNullable(older.get(name))
        .or(
            () ->
                ReaderTables.of(session, entry.name().domain())
                    .find(name)
                    .map(table -> pin(name, table)))
        .filter(rows -> IcebergSchemas.hasAll(rows.schema(), columns))
        .map(rows -> refusal(entry, major).map(SnapshotRows::unreadable).orElse(rows));
  }

  /**
   * Why the state of a major version, or a suspension of its reads, does not let the principal read
   * it, as for any other read of it; empty if they do.
   */
  private Optional<String> refusal(ProductEntry entry, int major) {
    try {
      session.authorizer().requireReadable(entry, major, action);
      return Optional.empty();
    } catch (ConflictException | NotFoundException refused) {
      return Optional.of(refused.reason());
    }
  }

  private SnapshotRows pin(TableName name, Table table) {
    SnapshotRows rows = new PinnedRows(name.product(), table, table.currentSnapshot());
    older.put(name, rows);
    return rows;
  }

  private SnapshotRows pin(ProductName product) {
    Optional<ProductEntry> entry =
        session
            .catalog()
            .findProduct(product)
            .filter(candidate -> candidate.name().equals(product));
    if (entry.isEmpty()) {
      return SnapshotRows.unreadable(
          "there is no product "
              + product
              + session
                  .catalog()
                  .nearestProduct(product)
                  .map(near -> "; the nearest is '" + near + "'")
                  .orElse(""));
    }
    if (!session.authorizer().mayRead(entry.get())) {
      return SnapshotRows.unreadable(session.principal() + " may not read " + product);
    }
    Optional<String> refusal = refusal(entry.get(), entry.get().currentMajor());
    if (refusal.isPresent()) {
      return SnapshotRows.unreadable(refusal.get());
    }
    Table table =
        ReaderTables.of(session, product.domain())
            .find(TableName.of(product, entry.get().currentMajor()))
            .orElse(null);
    return table == null
        ? SnapshotRows.unreadable("the table of " + product + " is missing")
        : new PinnedRows(product, table, table.currentSnapshot());
  }

  private final class PinnedRows implements SnapshotRows {
    private final ProductName product;
    private final Table table;
    private final @Nullable Snapshot snapshot;

    PinnedRows(ProductName product, Table table, @Nullable Snapshot snapshot) {
      this.product = product;
      this.table = table;
      this.snapshot = snapshot;
    }

    @Override
    public String gap() {
      return "";
    }

    @Override
    public String name() {
      return snapshot == null
          ? product + " before its first publish"
          : "snapshot " + snapshot.snapshotId() + " of " + product;
    }

    @Override
    public Schema schema() {
      return table.schema();
    }

    @Override
    public long count() {
      return snapshot == null ? 0 : TableSnapshots.rows(snapshot);
    }

    @Override
    public void read(Set<Integer> fieldIds, Consumer<VectorBatch> receiver) {
      if (snapshot == null) {
        return;
      }
      List<DataFile> files = SnapshotFiles.of(table, snapshot);
      Schema columns = TypeUtil.select(table.schema(), fieldIds);
      try (SnapshotScan scan =
          SnapshotScan.of(table.io(), files, columns, Long.MAX_VALUE, action).from(table)) {
        for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
          deadline.check(action);
          receiver.accept(batch);
        }
      }
    }
  }
}
