package io.meshwork.consume;

import io.meshwork.internal.rows.RowNumber;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * Reads the rows of one snapshot, without a subscription. Choose columns, rows and row type, then
 * call {@link #rows()}, which pins the newest snapshot: its rows stay the same while they are
 * streamed. You can call {@code rows()} more than once. Not thread-safe. {@code
 * MeshClient.quarantine(..)} creates it, and {@code MeshClient.read(..)} one {@link OfProduct of a
 * product}.
 *
 * @param <T> the type of a row: {@code GenericRecord} unless {@code as(..)} or {@code asMaps()}
 *     changes it
 */
public interface Read<T> {
  /**
   * Reads only these columns, in this order. Default: all columns of the type that {@code as(..)}
   * names, or all columns of the contract that the caller may read.
   *
   * <p>Paths name parts of nested columns: {@code customer.address.city} is a field of a struct,
   * {@code lines[].quantity} a field of a list's elements, {@code parts{}.price} a field of a map's
   * values. Rows have the same structure and contain only these fields.
   *
   * @throws io.meshwork.error.InvalidRequestException if no column is given, one is given twice, or
   *     one is part of another
   */
  Read<T> columns(String... names);

  /**
   * Reads only the rows for which the filter is true, such as {@code "country = 'SE' AND amount >=
   * 10"}. Files and row groups whose statistics exclude such rows are skipped. The filter may use
   * columns that are not read. The last filter wins.
   *
   * <p>A filter compares columns with constants ({@code = <> < <= > >=}, {@code BETWEEN}, {@code
   * IN}, {@code LIKE}, {@code IS NULL}) and combines comparisons with {@code AND}, {@code OR} and
   * {@code NOT}. Text is in single quotes. As in SQL, a row for which the filter is unknown because
   * of a null is left out. The filter is checked when the rows are read.
   */
  Read<T> where(String text);

  /**
   * Reads only the rows whose column has one of the values, also for very many values, in place of
   * {@link #where}: the last filter wins.
   *
   * @param column a column, or a path in records such as {@code customer.id}
   * @param values strings, numbers, booleans, UUIDs, dates, or times; at least one, and fewer than
   *     64 Mi characters together
   * @throws io.meshwork.error.InvalidRequestException if there are no values; when the rows are
   *     read, if they are not of the column's type
   */
  Read<T> whereIn(String column, Collection<?> values);

  /**
   * Reads this major version. Default: the link's, if a link was named; otherwise the current one.
   * {@link #rows()} fails with {@code MAJOR_RETIRED} if the version was retired; the product's
   * owner can still read it.
   *
   * @param number 1 or more
   * @throws io.meshwork.error.InvalidRequestException if less than 1
   */
  Read<T> majorVersion(int number);

  /**
   * Reads at most this many rows, from the first. Default: all.
   *
   * @param rows 0 or more
   * @throws io.meshwork.error.InvalidRequestException if negative
   */
  Read<T> limit(long rows);

  /**
   * Returns a read that gives rows as Java records. Each component takes the column of its name, or
   * the column that {@code @Column} names. A row whose constructor throws ends the stream of rows.
   */
  <R> Read<R> as(Class<R> recordType);

  /**
   * Returns a read that gives rows as Avro records of this schema. They are resolved by the rules
   * of the Avro specification ("Schema Resolution") with the contract as the writer's schema: a
   * field takes the column of its name or alias, or its default. Beyond Avro, decimals may gain
   * digits and timestamps may gain precision; a logical type never takes a column of another
   * meaning. {@link #rows()} fails if the schema cannot hold every value that a column may have.
   */
  Read<GenericRecord> as(Schema readerSchema);

  /** Returns a read that gives rows as maps from column to value, in the order of the columns. */
  Read<Map<String, Object>> asMaps();

  /**
   * Pins the snapshot and opens its rows. Close the result.
   *
   * @throws io.meshwork.error.NotFoundException if the product, major version or snapshot does not
   *     exist, or no snapshot was committed by the requested time
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read the product, or a
   *     column that it names
   * @throws io.meshwork.error.InvalidRequestException if a column is not in the contract, the row
   *     type does not fit, or the filter is not valid
   * @throws io.meshwork.error.BackendException if files cannot be read
   */
  Rows<T> rows();

  /**
   * Returns the locations of the snapshot's data files, for engines that read Parquet themselves.
   * With a filter, files that cannot contain matching rows are left out; the others may contain
   * other rows too. Only the product's owner may list files, because access rules cannot be applied
   * to a file.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.NotFoundException as {@link #rows}
   * @throws io.meshwork.error.InvalidRequestException if the filter is not valid
   */
  List<String> files();

  /**
   * Reads the rows of one snapshot of a product. Not thread-safe. {@code MeshClient.read(..)}
   * creates it.
   *
   * @param <T> the type of a row
   */
  interface OfProduct<T> extends Read<T> {
    /**
     * Reads the snapshot with this {@link Snapshot#id}. Default: the newest.
     *
     * @throws io.meshwork.error.InvalidRequestException if {@link #asOf} was called too
     */
    OfProduct<T> snapshot(String id);

    /**
     * Reads the newest snapshot that was committed at this time or earlier, according to the mesh's
     * log.
     *
     * @throws io.meshwork.error.InvalidRequestException if {@link #snapshot} was called too
     */
    OfProduct<T> asOf(Instant moment);

    /**
     * Returns the readable snapshots of this major version, newest first.
     *
     * @throws io.meshwork.error.NotFoundException if the product or major version does not exist
     * @throws io.meshwork.error.AccessDeniedException if the caller may not read it
     */
    List<Snapshot> snapshots();

    @Override
    OfProduct<T> columns(String... names);

    @Override
    OfProduct<T> where(String text);

    @Override
    OfProduct<T> whereIn(String column, Collection<?> values);

    @Override
    OfProduct<T> majorVersion(int number);

    @Override
    OfProduct<T> limit(long rows);

    @Override
    <R> OfProduct<R> as(Class<R> recordType);

    @Override
    OfProduct<GenericRecord> as(Schema readerSchema);

    @Override
    OfProduct<Map<String, Object>> asMaps();
  }

  /**
   * A question for the rows that wait in the quarantines of a product, of all its major versions.
   * Nothing is read before {@link #rows()}. Not thread-safe. {@code MeshClient.waitingRows(..)}
   * creates it; {@code MeshClient.quarantine(..)} streams the quarantine of one version.
   */
  interface WaitingRows {
    /**
     * Reads only the rows for which the filter is true, such as {@code "rules LIKE '%amount%'"}.
     * The last filter wins. Versions whose rules the filter does not know have no such rows.
     */
    WaitingRows where(String filter);

    /**
     * Reads the rows of this major version only. Default: of all.
     *
     * @param number 1 or more
     * @throws io.meshwork.error.InvalidRequestException if less than 1
     */
    WaitingRows majorVersion(int number);

    /**
     * Reads at most this many rows. Default: 1,000.
     *
     * @param rows 0 or more
     * @throws io.meshwork.error.InvalidRequestException if negative
     */
    WaitingRows limit(long rows);

    /**
     * Returns the rows, the newest version's first, each once.
     *
     * @throws io.meshwork.error.NotFoundException if the product, or the version that {@link
     *     #majorVersion} names, does not exist
     * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
     * @throws io.meshwork.error.InvalidRequestException if the filter is valid in no version
     * @throws io.meshwork.error.BackendException if files cannot be read
     */
    List<WaitingRow> rows();

    /**
     * A row that waits. Immutable.
     *
     * @param publishId the publish that contained it
     * @param rowNumber its number in the publish, from 1; for row n of task t of an engine, (t + 1)
     *     × 2^40 + n
     * @param rules the IDs of the rules that it breaks, joined by commas
     * @param reason why it was quarantined, without values
     * @param place where it is in a file, such as {@code orders.csv, line 3}; empty if it is not of
     *     a file
     * @param row the row as a JSON object
     * @param quarantinedAt when it was quarantined, by the mesh's clock
     * @param majors the major versions in whose quarantine it is, the newest first
     */
    record WaitingRow(
        String publishId,
        long rowNumber,
        String rules,
        String reason,
        Optional<String> place,
        String row,
        Instant quarantinedAt,
        List<Integer> majors) {
      public WaitingRow {
        majors = List.copyOf(majors);
      }

      /** Returns its number as messages have it, such as {@code 18}, or {@code 18 of task 3}. */
      public String rowText() {
        return RowNumber.text(rowNumber - 1);
      }

      /** Returns where it is and which rules it breaks, without its values. */
      @Override
      public String toString() {
        return "row "
            + rowText()
            + " of publish "
            + publishId
            + ", versions "
            + majors
            + ": "
            + rules;
      }
    }
  }
}
