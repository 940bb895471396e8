package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.registry.Registry.Key;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;

/**
 * A table of a product, with the receipts of the publishes that created its snapshots. All readers
 * of the table can read the summary of a snapshot; confidential details are in the receipt.
 */
public final class ProductTable extends LoadedTable {
  private static final long serialVersionUID = 1L;

  private final transient Ledger ledger;
  private final String partition;
  private final String folder;
  private final String version;

  /** A cache: receipts never change, and a poll reads one several times. */
  private final transient Map<String, Optional<JsonNode>> receipts = new ConcurrentHashMap<>();

  ProductTable(
      TableOperations operations,
      String name,
      Ledger ledger,
      String partition,
      String folder,
      String version,
      ManifestCache manifests,
      Supplier<Optional<Table>> current) {
    super(operations, name, manifests, current);
    this.ledger = ledger;
    this.partition = partition;
    this.folder = folder;
    this.version = version;
  }

  /**
   * The table's folder by its pointer, whatever its metadata contains; without a trailing slash.
   */
  public String folder() {
    return folder;
  }

  /** The version of its pointer: the ID of the attempt that committed this state. */
  public String version() {
    return version;
  }

  /**
   * The document of a receipt; empty if it was deleted.
   *
   * @param keyHash the SHA-256 of the publish's idempotency key
   */
  public Optional<JsonNode> receipt(String keyHash) {
    return receipts.computeIfAbsent(
        keyHash,
        hash ->
            ledger
                .read(new Key(partition, RegistryKeys.RECEIPTS + hash))
                .map(stored -> stored.json()));
  }
}
