package io.meshwork.internal.distributed;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.internal.ingest.AffectedPartitions;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowIngestion.LateReference;
import io.meshwork.internal.uniqueness.ExistingKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.iceberg.SerializableTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * What a task needs to check and write its rows. The same for all tasks of a publish. Immutable.
 *
 * @param product the product, as {@code domain/name}
 * @param publishId the ID of the publish
 * @param policy what happens to rows that break the contract
 * @param now the time of the publish
 * @param deadline when the publish ends at the latest
 * @param version the contract version that the rows are checked against
 * @param contract the contract as JSON
 * @param table the table
 * @param quarantine its quarantine
 * @param late decides which rows are late; null if none is
 * @param notBefore the earliest time of quarantined rows
 * @param place a file below the folder of the mesh, and its text, by which a task knows that it
 *     writes where the driver commits; null for a store that is the same from everywhere
 */
public record TaskSettings(
    String product,
    String publishId,
    OnViolation policy,
    Instant now,
    Instant deadline,
    String version,
    String contract,
    Table table,
    Table quarantine,
    @Nullable LateReference late,
    Instant notBefore,
    @Nullable Place place)
    implements Serializable {
  /**
   * A file that marks a place.
   *
   * @param marker its location
   * @param text its text
   */
  record Place(String marker, String text) implements Serializable {
    static Place of(FileIO files, String marker) {
      return new Place(marker, read(files, marker));
    }

    /** True if the files have the same. */
    boolean isIn(FileIO files) {
      try {
        return text.equals(read(files, marker));
      } catch (NotFoundException | UncheckedIOException e) {
        return false;
      }
    }

    private static String read(FileIO files, String marker) {
      try (InputStream in = files.newInputFile(marker).newStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static TaskSettings of(
      String product,
      String publishId,
      OnViolation policy,
      Instant now,
      Instant deadline,
      RowIngestion.Target target,
      @Nullable Place place) {
    return new TaskSettings(
        product,
        publishId,
        policy,
        now,
        deadline,
        target.version(),
        target.contract().toJson(),
        SerializableTable.copyOf(target.table()),
        SerializableTable.copyOf(target.quarantine()),
        target.late(),
        target.notBefore(),
        place);
  }

  /** Returns true if a publish to this target checks and writes the same. */
  boolean isOf(RowIngestion.Target target) {
    return version.equals(target.version())
        && contract.equals(target.contract().toJson())
        && table.spec().equals(target.table().spec())
        && table.schema().sameSchema(target.table().schema());
  }

  RowIngestion.Target target() {
    return new RowIngestion.Target(
        version,
        Contract.fromJson(contract),
        table,
        quarantine,
        null,
        ExistingKeys.NONE,
        new AffectedPartitions(table),
        late,
        notBefore);
  }
}
