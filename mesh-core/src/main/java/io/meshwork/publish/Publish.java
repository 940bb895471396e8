package io.meshwork.publish;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.columnar.ColumnBatch;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Operation.Progress;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Adds one snapshot to a product. Either all rows become visible together or none. They are added
 * to the existing rows or replace some of them. Name exactly one source of rows.
 *
 * <p>Publishing is idempotent: under an idempotency key that was used before, nothing is published
 * and the first receipt is returned.
 *
 * <p>Created by {@code MeshClient.publish}. Can be committed once. Not thread-safe.
 *
 * @param <T> the type of the given rows
 */
public interface Publish<T> extends Operation<PublishReceipt> {
  /**
   * Publishes Java records, Avro records (generic or specific), or maps. They are read once, and
   * memory use does not depend on their number.
   *
   * @param records not null, without null elements
   * @param <R> the type of the records
   */
  @CheckReturnValue
  <R> Publish<R> records(Iterable<? extends R> records);

  /**
   * Publishes the records of an iterator, which is read to its end.
   *
   * @param records not null, without null elements
   * @param <R> the type of the records
   */
  @CheckReturnValue
  <R> Publish<R> records(Iterator<? extends R> records);

  /**
   * Publishes the records of a stream, which is closed at the end.
   *
   * @param records not null, without null elements
   * @param <R> the type of the records
   */
  @CheckReturnValue
  <R> Publish<R> records(Stream<? extends R> records);

  /**
   * Publishes files. Their columns are matched to the contract's by exact name. If a file lacks a
   * column, its value is null if the column is nullable, otherwise the contract's default; without
   * a default, the file is rejected.
   *
   * <p>The extension determines the format: {@code .csv}, {@code .tsv}, {@code .tab}, {@code .psv},
   * and {@code .txt}, {@code .json}, {@code .jsonl}, and {@code .ndjson}, {@code .avro}, and {@code
   * .parquet}; a file without one is Parquet. Text can be compressed by gzip, as in {@code
   * .csv.gz}.
   *
   * <p>A file is read several times, so that a pipe or a device is rejected.
   *
   * @param files at least one, all of the same format
   * @throws io.meshwork.error.InvalidRequestException at commit, if an extension is unknown, or if
   *     a path does not name a file
   */
  @CheckReturnValue
  Files<T> files(Path... files);

  /**
   * Publishes files of one format, whatever their extensions. CSV and JSON lines are parsed by the
   * contract's types. A line that is not a row, or a string that does not have the form of its
   * column, is a bad row, whose finding names file and line.
   *
   * @param format such as {@code FileFormat.csv().separator(';')}; not null
   * @param files at least one; see {@link #files(Path...)} for their columns
   */
  @CheckReturnValue
  Files<T> files(FileFormat format, Path... files);

  /**
   * Publishes the batches that a read or a poll returns: their columns are checked and written
   * without a record for each row. Columns are matched by exact name. An int is widened to long, a
   * float to double, a decimal to more digits, and fixed to bytes; other types are rejected.
   * Missing columns are as in {@link #files}.
   *
   * <p>Each batch is read before the next one is requested, and is not changed. The rows of the
   * read are not closed.
   *
   * @param batches what {@code batches()} of {@code Rows} or {@code Batch} returns, or single
   *     batches of it that are still valid; read to its end
   * @throws io.meshwork.error.ContractViolationException at commit, if the columns do not match
   * @throws io.meshwork.error.InvalidRequestException at commit, if the batch after one of them was
   *     requested already, or no read returned it
   */
  @CheckReturnValue
  Publish<T> batches(Iterator<? extends ColumnBatch> batches);

  /**
   * Publishes the rows of a JDBC result set, from the row after its current one to the end. The
   * driver supports JDBC 4.2. Columns are matched by label: by exact name or, if there is none,
   * regardless of case. Missing columns are as in {@link #files}. Numbers are converted if no value
   * is lost; a column of another SQL type rejects the publish. SQLite's values are checked one by
   * one instead, because they have their own types.
   *
   * <p>The result set is neither closed nor moved back. Its fetch size is the caller's.
   *
   * @param rows not null, open until the publish ends; read once
   * @throws io.meshwork.error.ContractViolationException at commit, if the columns do not match
   * @throws io.meshwork.error.BackendException at commit, if the result set fails; the message
   *     gives row and column, and the cause is the {@code SQLException}
   */
  @CheckReturnValue
  Publish<T> resultSet(ResultSet rows);

  /**
   * Publishes quarantined rows again, after a correction. The same commit removes them from the
   * quarantines of all major versions, so that each row is published once, however often this runs.
   * A row that still breaks the contract is quarantined again, or rejects the publish. Rows stay in
   * the quarantine if the correction returns null, if their values are not complete in the
   * quarantine, or if a column whose value did not fit has no value afterwards; findings {@code
   * QUARANTINE_KEPT} of the receipt's report count them and say why. If no row is left to publish,
   * nothing is committed: the receipt has no snapshot and is not recorded.
   *
   * <p>A row that a back-fill quarantined needs {@link #onlyMajorVersion}: the other major version
   * has it.
   *
   * <p>At most 1,000,000 rows. Set other options before this call; a replacement and {@link
   * #verifyReplay()} are rejected. A line of a file that is not a row is not offered.
   *
   * @param filter on the quarantine's columns, such as {@code "rules LIKE '%between.amount%'"}; not
   *     null
   * @param correction receives each row as a map that it may change, with the classes of {@code
   *     asMaps()}, without columns that are null, and with text where a value does not fit; returns
   *     the row to publish, or null to leave it; a string in a column of another type is parsed as
   *     in a file, in the form that the contract states
   * @throws io.meshwork.error.InvalidRequestException at commit, if the filter is not valid, or
   *     selects too many rows
   * @throws io.meshwork.error.ConflictException at commit, if another commit changed these rows, or
   *     if rows of a back-fill would be written to several major versions
   */
  @CheckReturnValue
  StoredRows<Map<String, Object>> republish(
      String filter, Function<Map<String, Object>, ? extends @Nullable Map<String, ?>> correction);

  /**
   * States the major version whose contract the rows follow. Default: the current one. While a
   * rollout runs, the publish commits to the other live major versions in the same transaction, so
   * that readers of both see it at the same time.
   *
   * @param number 1 or more
   * @throws io.meshwork.error.InvalidRequestException if less than 1
   */
  Publish<T> majorVersion(int number);

  /**
   * Maps the rows to another live major version. A row is in all major versions or in none: if it
   * breaks one of the contracts, or if the mapping returns null or throws an exception, then it is
   * quarantined in all of them, or rejects the publish. Not needed after a back-fill without a
   * mapping, if the columns of the other version are the same except for renamings, wider types,
   * and defaults. Call it after {@code records(..)} or another source, which determines the type of
   * the rows: {@code GenericRecord}, except for records.
   *
   * <p>Before the other major version receives rows, the mapping is not called, so that a job can
   * be deployed early.
   *
   * @param number the other major version
   * @param mapping returns a Java record, an Avro record, or a map for each row; called once for
   *     each, on the calling thread, without side effects
   */
  Publish<T> alsoTo(int number, Function<? super T, ?> mapping);

  /**
   * Maps the rows to another live major version, in which the filter of {@code replaceWhere(..)}
   * has other columns or values. Rejected in other modes, which have no filter.
   *
   * @param number the other major version
   * @param mapping see {@link #alsoTo(int, Function)}
   * @param filter selects the same rows as the filter of the publish
   */
  Publish<T> alsoTo(int number, Function<? super T, ?> mapping, String filter);

  /**
   * Publishes to one major version alone. The major versions then differ, which the rollout shows
   * as {@code mayDiffer()}.
   *
   * @param number the major version
   * @throws io.meshwork.error.InvalidRequestException at commit, without {@link #because}
   */
  Publish<T> onlyMajorVersion(int number);

  /**
   * Sets the reason, which the receipt and the log contain. Required by {@link #onlyMajorVersion}:
   * why the rows do not belong to the other major versions.
   *
   * @param text not blank
   */
  Publish<T> because(String text);

  /** Replaces all existing rows in one snapshot. Default: the rows are added. */
  Publish<T> replaceAll();

  /**
   * Replaces all rows in the partitions that contain a new row. Quarantined rows do not count.
   *
   * @throws io.meshwork.error.InvalidRequestException at commit, if the table is not partitioned
   */
  Publish<T> replacePartitions();

  /**
   * Replaces the rows for which the filter is true and retains all others. The filter must be true
   * for every new row.
   *
   * @param filter such as {@code "day = DATE '2026-11-20'"}; not null
   * @throws io.meshwork.error.InvalidRequestException at commit, if the filter is not valid
   */
  Publish<T> replaceWhere(String filter);

  /**
   * Allows an empty source to replace rows. Default: it is rejected, because it would empty the
   * product.
   */
  Publish<T> allowEmpty();

  /**
   * Records an input of these rows in the receipt, the log, and the snapshot. Call it once for each
   * input.
   *
   * @param input the snapshot that was read, such as {@code rows.snapshot()}; not null
   * @param columns pairs of the product's column and the input's column, such as {@code
   *     "total=amount"}, {@code "city=customer.address.city"}, or {@code "sum=lines[].price"}; can
   *     be left out
   * @throws io.meshwork.error.InvalidRequestException at commit, if the snapshot never existed or a
   *     column does not exist; an input that the caller cannot read is recorded without a check
   */
  Publish<T> derivedFrom(Snapshot input, String... columns);

  /**
   * States that with this publish, all rows with an earlier event time are published. Consumers
   * wait for it with {@code awaitComplete}. A publish without rows also states it and creates a
   * snapshot. A time before an earlier statement changes nothing; a rollback restores the statement
   * of its snapshot.
   *
   * @param eventTime exclusive; at most 24 hours after the mesh's time, else {@code commit()} fails
   *     with {@code INVALID_ARGUMENT}; not null
   */
  Publish<T> completeUpTo(Instant eventTime);

  /**
   * Sets the idempotency key, which is unique within the product, such as the ID of a scheduled
   * run. Default: a generated key, which is in the receipt.
   *
   * @param key 1 to 256 characters
   */
  Publish<T> idempotencyKey(String key);

  /**
   * Identifies the rows with the caller's own digest, such as the version of their source. It
   * distinguishes different requests under the same key. For files, it replaces their names and
   * checksums, so the files are not read for it; for records, it is the only possibility. It is
   * never compared with the rows.
   *
   * @param digest any text of 1 to 256 characters
   */
  Publish<T> contentDigest(String digest);

  /**
   * Stores a digest of the rows in the receipt. If the key was used before, reads the rows again
   * and compares their values, in any order, with the rows of the first publish. Call it on each
   * attempt. Default: a replay reads no records, and no digest is computed; a digest makes a
   * publish some percent slower.
   *
   * @throws io.meshwork.error.InvalidRequestException at commit, if the first publish under the key
   *     did not call it
   */
  Publish<T> verifyReplay();

  /**
   * Overrides the contract's policy with a stricter one.
   *
   * @param policy not null
   * @throws io.meshwork.error.InvalidRequestException at commit, if the contract's policy is
   *     stricter
   */
  Publish<T> onViolation(OnViolation policy);

  /**
   * Provides the code of a rule {@code custom(name, version)}; call it once for each rule. The
   * publishing thread calls the code for every row that the rule checks. Values are as in rows that
   * are read as Avro records. If the code throws, the rule is not evaluated; a publish that
   * quarantines rows then evaluates no rule across rows either. The contract can lack such a
   * version of the rule, but not the rule.
   *
   * @param name the rule's name; not null
   * @param version the rule's version; the contract contains it, but never the code
   * @param check returns true for a valid row; not null
   */
  Publish<T> customRule(String name, int version, Predicate<? super GenericRecord> check);

  /**
   * Ignores columns of files, batches, and result sets that the contract does not have. Default:
   * they are rejected.
   */
  Publish<T> ignoreUnknownColumns();

  /**
   * Sets a listener for the progress.
   *
   * @param listener called by the publishing thread; not null
   */
  Publish<T> onProgress(Progress listener);

  /**
   * Limits the time of {@link #commit()} or {@link #plan()}. Default: the mesh's deadline, 1 hour
   * unless configured.
   *
   * @param time positive
   */
  Publish<T> timeout(Duration time);

  /**
   * Shows what {@link #commit()} would do now. Reads and checks all rows, at about the cost of a
   * publish, and writes nothing: no file, no log entry, no receipt. It consumes an iterator, a
   * stream, batches, or a result set; a collection or files can then be committed with the same
   * object.
   *
   * @return whether the publish is accepted, the results of the rules, and how many rows would be
   *     removed
   * @throws io.meshwork.error.MeshException as {@code commit()} throws, except for errors in the
   *     rows
   */
  PublishPlan plan();

  /**
   * Stages the rows instead of publishing them: writes them separately from the product's rows,
   * where only the owner sees them, whether or not they meet the contract. {@link
   * StagedPublish#promote()} publishes them later. Mappings and the code of custom rules are passed
   * then.
   *
   * <p>Rows that were staged under the same idempotency key are not staged again. A publish under
   * the key of staged rows is another request.
   *
   * @return what is staged; under a key under which it was staged before, that
   * @throws io.meshwork.error.AlreadyExistsException if the key was used for another request, or
   *     the rows were published under it
   * @throws io.meshwork.error.OutcomeUnknownException if the response was lost; run it again with
   *     the same key
   * @throws io.meshwork.error.MeshException as {@link #commit()} throws, except for rows that
   *     violate the contract
   */
  StagedPublish stage();

  /**
   * Reads, checks, writes, and commits the rows.
   *
   * <p>A publish that changes no row still creates a snapshot, because a reader with permission for
   * some rows must not distinguish it from a publish that changes rows outside its permission.
   * Readers of all rows get no batch for it. It does not count as an update of the product, unless
   * it calls {@link #completeUpTo} or replaces rows.
   *
   * @return the receipt; under a key that was used before, the receipt of the first publish
   * @throws io.meshwork.error.ContractViolationException if rows violate the contract, with the
   *     rules and counts; nothing was published
   * @throws io.meshwork.error.AlreadyExistsException if the key was used for another request or,
   *     with {@link #verifyReplay()}, for other rows
   * @throws io.meshwork.error.OutcomeUnknownException if the response was lost; run it again with
   *     the same key
   * @throws io.meshwork.error.ConflictException if others committed again and again until the
   *     deadline, or added or removed rows that could be among the replaced ones
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.NotFoundException if the product or the major version does not exist,
   *     or the version was retired ({@code MAJOR_RETIRED})
   * @throws io.meshwork.error.InvalidRequestException if the request is incomplete or was committed
   *     before
   * @throws io.meshwork.error.BackendException if the source or the storage failed; nothing was
   *     published
   */
  @Override
  PublishReceipt commit();

  /**
   * A publish of files, whose columns can have other names and values. Not thread-safe.
   *
   * @param <T> the type of the rows
   */
  interface Files<T> extends Publish<T> {
    /**
     * Reads a column of the contract from a column of the files with another name, in place of the
     * name that the contract states.
     *
     * @param inFiles the name in each file; of JSON, at least one line of each file has it
     * @param column the column of the contract, once in all renamings and values
     * @throws io.meshwork.error.InvalidRequestException if the column or the name is given again;
     *     at commit, if the contract has no such column, another of its columns has the name, or a
     *     file has no column of the name
     */
    Files<T> renameColumn(String inFiles, String column);

    /**
     * Gives a column of the contract that the files lack the same value in each row. The value is
     * checked as in rows that are maps; a string is the value of a column of strings, and is not
     * parsed.
     *
     * @param column the column of the contract, once in all renamings and values; not of lists,
     *     maps, or records
     * @param value as in rows that are maps, such as a {@code String} or a {@code LocalDate}; not
     *     null, because a nullable column that the files lack is null
     * @throws io.meshwork.error.InvalidRequestException if the column is given again; at commit, if
     *     the contract has no such column, the value does not fit it, or a file has the column
     */
    Files<T> setColumn(String column, Object value);

    /**
     * Returns how the files of text were read, where that is not the plain form, such as {@code
     * ';', windows-1252, decimal comma}, by the name of the file. Empty before {@code plan()},
     * {@code stage()}, or {@code commit()}, and if nothing was read.
     */
    Map<String, String> readAs();
  }

  /**
   * Publishes rows that the mesh has: staged ones under their idempotency key, or quarantined ones
   * after a correction. Everything is checked now: rights, the contract, its rules, keys, and for
   * staged rows whether other publishes changed rows that they replace since. While a rollout runs,
   * the rows go to all live major versions. Can be committed once. Not thread-safe.
   *
   * @param <T> the type of the rows
   */
  interface StoredRows<T> extends Operation<PublishReceipt> {
    /** Maps the rows to another live major version, as {@link Publish#alsoTo(int, Function)}. */
    StoredRows<T> alsoTo(int number, Function<? super T, ?> mapping);

    /**
     * Maps the rows to another live major version, in which the filter of the replaced rows has
     * other columns or values, as {@link Publish#alsoTo(int, Function, String)}.
     */
    StoredRows<T> alsoTo(int number, Function<? super T, ?> mapping, String filter);

    /** Provides the code of a rule, as {@link Publish#customRule}. */
    StoredRows<T> customRule(String name, int version, Predicate<? super GenericRecord> check);

    /** Sets a listener for the progress. */
    StoredRows<T> onProgress(Progress listener);

    /** Limits the time, as {@link Publish#timeout}. */
    StoredRows<T> timeout(Duration time);

    /**
     * Shows what {@link #commit()} would do now: how many rows it would add, quarantine, and
     * remove, the result of each rule, and why it would be rejected. Reads all rows and changes
     * nothing.
     *
     * @throws io.meshwork.error.MeshException as {@code commit()} throws, except for errors in the
     *     rows and conflicts with other publishes
     */
    PublishPlan plan();

    /**
     * Publishes the rows, and ends their staged publish or removes them from the quarantine.
     *
     * @return the receipt; if they were published before under the key, the earlier receipt
     * @throws io.meshwork.error.ContractViolationException if rows violate the current contract;
     *     nothing was published, and the rows stay where they are
     * @throws io.meshwork.error.ConflictException if others added or removed rows that could be
     *     among the rows that staged rows replace: discard them then; or as {@link #republish}
     * @throws io.meshwork.error.NotFoundException if they were discarded or erased, or if their
     *     major version was retired ({@code MAJOR_RETIRED})
     * @throws io.meshwork.error.InvalidRequestException if the filter of quarantined rows is not
     *     valid, or selects too many
     * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
     * @throws io.meshwork.error.OutcomeUnknownException if the response was lost; run it again
     */
    @Override
    PublishReceipt commit();
  }

  /**
   * The format of files. Parquet and Avro have no options. Immutable and thread-safe; equal if the
   * options are.
   */
  sealed class FileFormat {
    private static final FileFormat PARQUET = new FileFormat("Parquet");
    private static final FileFormat AVRO = new FileFormat("Avro");

    private final String name;

    private FileFormat(String name) {
      this.name = name;
    }

    /** Parquet. */
    public static FileFormat parquet() {
      return PARQUET;
    }

    /** Avro's object container files. Records and fields are matched by name. */
    public static FileFormat avro() {
      return AVRO;
    }

    /** One JSON object in each line, or one array of objects, in UTF-8. Empty lines are skipped. */
    public static Text<?> jsonLines() {
      return new JsonLines(false, Map.of());
    }

    /** CSV, with the names of the columns in the first line. */
    public static Csv csv() {
      return new Csv(false, Map.of());
    }

    /**
     * Returns the format of the extension of a file, also before {@code .gz}; empty if it is not
     * known.
     */
    public static Optional<FileFormat> ofExtension(String fileName) {
      String lower = fileName.toLowerCase(Locale.ROOT);
      String plain = lower.endsWith(".gz") ? lower.substring(0, lower.length() - 3) : lower;
      return switch (plain.substring(plain.lastIndexOf('.') + 1)) {
        case "parquet", "parq", "pq" -> Optional.of(PARQUET);
        case "csv", "tsv", "tab", "psv", "txt" -> Optional.of(csv());
        case "json", "jsonl", "ndjson" -> Optional.of(jsonLines());
        case "avro" -> Optional.of(AVRO);
        default -> Optional.empty();
      };
    }

    List<Object> options() {
      return List.of(name);
    }

    @Override
    public final boolean equals(Object other) {
      return other instanceof FileFormat format && options().equals(format.options());
    }

    @Override
    public final int hashCode() {
      return options().hashCode();
    }

    /** Returns the name of the format. */
    @Override
    public final String toString() {
      return name;
    }

    /**
     * The format of files of text: CSV or JSON lines. What is not stated here is as the contract
     * says, otherwise as the file shows without doubt.
     *
     * @param <F> the format itself
     */
    public abstract static sealed class Text<F extends Text<F>> extends FileFormat {
      private static final String COLUMN = "column ";

      private final boolean trimmed;

      /** The forms of values, by column, and by the option for all columns of a type. */
      private final Map<String, String> forms;

      private Text(String name, boolean trimmed, Map<String, String> forms) {
        super(name);
        this.trimmed = trimmed;
        this.forms = forms;
      }

      /** Returns a copy with other options of values. */
      abstract F with(boolean trimming, Map<String, String> formsOfValues);

      /** Returns true if spaces around values are ignored in all columns. */
      public boolean isTrimmed() {
        return trimmed;
      }

      /** Ignores spaces around values, also in strings. */
      public F trim() {
        return with(true, forms);
      }

      /**
       * States how dates are written, as a pattern of {@link java.time.format.DateTimeFormatter}.
       *
       * @param pattern such as {@code dd.MM.yyyy}; months have English names
       */
      public F dates(String pattern) {
        return withForm("dates", pattern);
      }

      /**
       * States how times are written, as a pattern of {@link java.time.format.DateTimeFormatter}.
       *
       * @param pattern such as {@code h:mm a}
       */
      public F times(String pattern) {
        return withForm("times", pattern);
      }

      /**
       * States how timestamps are written, as a pattern of {@link
       * java.time.format.DateTimeFormatter}.
       *
       * @param pattern such as {@code MM/dd/yyyy HH:mm}; for columns with a zone with an offset
       *     such as {@code XXX}, or {@code epoch-seconds} or {@code epoch-milliseconds}
       */
      public F timestamps(String pattern) {
        return withForm("timestamps", pattern);
      }

      /**
       * States how numbers are written, by an example.
       *
       * @param example the number 1234.56, such as {@code 1.234,56}, {@code 1,234.56}, or {@code
       *     1234,56}; with a unit that each number has, as in {@code 1.234,56 EUR}; with a leading
       *     zero, as in {@code 01234.56}, if numbers may have some
       */
      public F numbers(String example) {
        return withForm("numbers", example);
      }

      /** States that numbers have a decimal comma, with or without points between thousands. */
      public F useDecimalComma() {
        return numbers("1.234,56");
      }

      /**
       * States how booleans are written, in any case.
       *
       * @param whenTrue such as {@code Yes}
       * @param whenFalse such as {@code No}
       */
      public F booleans(String whenTrue, String whenFalse) {
        return withForm(
            "booleans",
            ArgumentChecks.required("whenTrue", whenTrue)
                + "/"
                + ArgumentChecks.required("whenFalse", whenFalse));
      }

      /**
       * States how the values of one column are written, which counts more than what is stated for
       * its type.
       *
       * @param column the column's name in the contract
       * @param form as in {@link #dates}, {@link #times}, {@link #timestamps}, or {@link #numbers};
       *     for booleans both strings, such as {@code Yes/No}
       */
      public F form(String column, String form) {
        return withForm(COLUMN + ArgumentChecks.required("column", column), form);
      }

      private F withForm(String key, String form) {
        Map<String, String> all = new TreeMap<>(forms);
        all.put(key, ArgumentChecks.required("form", form));
        return with(trimmed, Collections.unmodifiableMap(all));
      }

      /**
       * Returns how the values of a column are written; empty if nothing is stated about it.
       *
       * @param column its name
       * @param type its type, without null
       */
      public Optional<String> form(String column, Schema type) {
        String own = forms.get(COLUMN + column);
        return Optional.ofNullable(own != null ? own : forms.get(option(type)));
      }

      /** Returns the columns of {@link #form(String, String)}. */
      public Set<String> formedColumns() {
        return forms.keySet().stream()
            .filter(key -> key.startsWith(COLUMN))
            .map(key -> key.substring(COLUMN.length()))
            .collect(Collectors.toUnmodifiableSet());
      }

      /** Returns the option for all columns of a type. */
      private static String option(Schema type) {
        String logical = type.getLogicalType() == null ? "" : type.getLogicalType().getName();
        if (logical.startsWith("timestamp") || logical.startsWith("local-timestamp")) {
          return "timestamps";
        }
        return switch (logical) {
          case "date" -> "dates";
          case "time-millis", "time-micros" -> "times";
          case "decimal" -> "numbers";
          default ->
              switch (type.getType()) {
                case INT, LONG, FLOAT, DOUBLE -> "numbers";
                case BOOLEAN -> "booleans";
                default -> "";
              };
        };
      }

      @Override
      List<Object> options() {
        return List.of(super.options(), trimmed, forms);
      }
    }

    private static final class JsonLines extends Text<JsonLines> {
      private JsonLines(boolean trimmed, Map<String, String> forms) {
        super("JSON lines", trimmed, forms);
      }

      @Override
      JsonLines with(boolean trimming, Map<String, String> formsOfValues) {
        return new JsonLines(trimming, formsOfValues);
      }
    }

    /**
     * CSV as in RFC 4180: cells in double quotes where needed, and quotes in a quoted cell doubled.
     * An empty cell is null; a cell of two quotes is an empty text. CSV needs the library {@code
     * de.siegmar:fastcsv} on the class path.
     */
    public static final class Csv extends Text<Csv> {
      private @Nullable Character separator;
      private @Nullable Charset charset;
      private @Nullable Character quote;
      private boolean header = true;
      private Set<String> nullTexts = Set.of("");
      private List<String> columns = List.of();

      private Csv(boolean trimmed, Map<String, String> forms) {
        super("CSV", trimmed, forms);
      }

      @Override
      Csv with(boolean trimming, Map<String, String> formsOfValues) {
        Csv copy = new Csv(trimming, formsOfValues);
        copy.separator = separator;
        copy.charset = charset;
        copy.quote = quote;
        copy.header = header;
        copy.nullTexts = nullTexts;
        copy.columns = columns;
        return copy;
      }

      /** Returns a copy, which is changed once before it is returned. */
      private Csv copy() {
        return with(isTrimmed(), super.forms);
      }

      /** Returns the separator of cells: a comma unless {@link #separator(char)} named another. */
      public char separator() {
        return separator == null ? ',' : separator;
      }

      /** Returns true if the separator was named; otherwise contract or file show it. */
      public boolean hasSeparator() {
        return separator != null;
      }

      /**
       * Sets the separator of cells, such as a semicolon or a tab. Default: the contract's,
       * otherwise whichever of comma, semicolon, tab, and vertical bar separates the names in the
       * first line.
       *
       * @param other neither a quote, a letter, a digit, nor a line's end
       */
      public Csv separator(char other) {
        if (other == '"' || other == '\n' || other == '\r' || Character.isLetterOrDigit(other)) {
          throw ArgumentChecks.refused(
              "separator",
              "is a quote, a letter, a digit, or a line's end",
              "Use a comma, a semicolon, a tab, or a vertical bar.");
        }
        Csv copy = copy();
        copy.separator = other;
        return copy;
      }

      /** Returns the charset of the text: UTF-8 unless {@link #charset(Charset)} named another. */
      public Charset charset() {
        return charset == null ? StandardCharsets.UTF_8 : charset;
      }

      /** Returns true if the charset was named; otherwise contract or file show it. */
      public boolean hasCharset() {
        return charset != null;
      }

      /**
       * Sets the charset of the text; a byte order mark is skipped. Default: the byte order mark's,
       * otherwise the contract's, otherwise UTF-8, or Windows-1252 if the first MiB is not.
       */
      public Csv charset(Charset other) {
        Csv copy = copy();
        copy.charset = ArgumentChecks.required("charset", other);
        return copy;
      }

      /** Returns the character that encloses cells: a double quote unless another was named. */
      public char quote() {
        return quote == null ? '"' : quote;
      }

      /** Returns true if the quote was named; otherwise the contract states it. */
      public boolean hasQuote() {
        return quote != null;
      }

      /**
       * Sets the character that encloses cells with separators or line ends, such as an apostrophe.
       * Default: the contract's, otherwise a double quote.
       *
       * @param other neither a letter, a digit, nor a line's end
       */
      public Csv quote(char other) {
        if (other == '\n' || other == '\r' || Character.isLetterOrDigit(other)) {
          throw ArgumentChecks.refused(
              "quote", "is a letter, a digit, or a line's end", "Use a quote or an apostrophe.");
        }
        Csv copy = copy();
        copy.quote = other;
        return copy;
      }

      /** Returns the strings that mean null. */
      public Set<String> nullTexts() {
        return nullTexts;
      }

      /** Adds strings that mean null, such as {@code NA}, unless they are quoted. */
      public Csv nullTexts(String... texts) {
        Set<String> all = new TreeSet<>(nullTexts);
        all.addAll(ArgumentChecks.all("nullTexts", texts));
        Csv copy = copy();
        copy.nullTexts = Collections.unmodifiableSet(all);
        return copy;
      }

      /** Returns the columns of files without a header; empty if none are named. */
      public List<String> columns() {
        return columns;
      }

      /**
       * Names the columns of files whose first line is a row.
       *
       * @param names in the order of the files
       */
      public Csv columns(String... names) {
        List<String> all = ArgumentChecks.all("columns", names);
        if (all.isEmpty()) {
          throw ArgumentChecks.refused("columns", "is empty", "Name each column of the files.");
        }
        Csv copy = copy();
        copy.columns = all;
        return copy;
      }

      /** Returns false if the first line is a row, and its cells are the contract's columns. */
      public boolean hasHeader() {
        return header && columns.isEmpty();
      }

      /** States that the first line is a row, whose cells are the contract's columns in order. */
      public Csv withoutHeader() {
        Csv copy = copy();
        copy.header = false;
        return copy;
      }

      @Override
      List<Object> options() {
        return List.of(
            super.options(),
            Optional.ofNullable(separator),
            Optional.ofNullable(charset),
            Optional.ofNullable(quote),
            header,
            nullTexts,
            columns);
      }
    }
  }

  /**
   * What a publish or an erase would do, provided that the product does not change and the source
   * returns the same rows again. Unlike a {@link io.meshwork.operation.Plan}, it cannot be
   * committed, because it does not contain the rows. Immutable and thread-safe.
   */
  interface PublishPlan {
    /** Returns the product. */
    ProductName product();

    /** Returns the version of the contract that the rows were checked against. */
    ContractVersion contract();

    /** Returns what would happen to the existing rows. */
    PublishMode mode();

    /**
     * Returns the exception that {@code commit()} would throw, so that the caller knows what to do
     * next; empty if the publish would be accepted.
     */
    Optional<MeshException> failure();

    /**
     * Returns why the publish would be rejected, in the words of {@code commit()}; empty if it
     * would be accepted.
     */
    default Optional<String> rejection() {
      return failure().map(failure -> String.valueOf(failure.getMessage()));
    }

    /**
     * Returns the quality report: the rows offered, accepted, quarantined, and rejected, and the
     * result of each rule. If the key was used before, this is the report of the first publish.
     */
    QualityReport quality();

    /** Returns the violations of the contract, with samples. */
    List<Finding> findings();

    /** Returns the number of rows that would be removed; 0 if the publish would be rejected. */
    long rowsRemoved();

    /**
     * Returns the number of rows that would leave the quarantine with an erase of the product's
     * rows, or because they are published again; otherwise 0. An erase of the quarantine counts its
     * rows in {@link #rowsRemoved()}.
     */
    long quarantineRowsRemoved();

    /**
     * Returns the receipt of the first publish if the key was used before; then nothing would be
     * published.
     */
    Optional<PublishReceipt> earlierReceipt();

    /**
     * Returns true if {@code commit()} would publish the rows or return the receipt of an earlier
     * publish.
     */
    default boolean isAccepted() {
      return failure().isEmpty();
    }

    /** Returns the outcome, the counts, and each rule that failed, without samples, for people. */
    @Override
    String toString();
  }
}
