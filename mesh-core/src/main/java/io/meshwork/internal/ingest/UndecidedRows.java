package io.meshwork.internal.ingest;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.write.DataFileWriter;
import io.meshwork.internal.ingest.write.RowNumbers;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.uniqueness.KeyIntervals;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.Types;

/**
 * Writes the rows that a part published and that rows of other parts may quarantine: their numbers,
 * the rules that they break and that tolerate some rows, and the columns of cross-row rules. In the
 * order of their numbers, in files that no table references. Not thread-safe.
 */
final class UndecidedRows {
  /** The column with the rules; names of other columns have no colon. */
  private static final String RULES = "row:rules";

  private static final String SEPARATOR = "\n";

  private final CrossRowRules rules;
  private final Schema columns;
  private final Schema numbered;
  private final DataFileWriter files;
  private final TreeMap<String, KeyIntervals> keys = new TreeMap<>();
  private long count;
  private boolean anyTolerated;

  UndecidedRows(CrossRowRules rules, Table table, FileIO io, String fileNames, MeshAction action) {
    this.rules = rules;
    this.columns = columns(table.schema(), rules);
    rules.comparing().forEach(rule -> keys.put(rule.id(), new KeyIntervals(rule, columns)));
    this.numbered = RowNumbers.numbered(columns);
    this.files =
        DataFileWriter.unreferenced(table, numbered, io, fileNames + "-undecided", action)
            .sharedInParts(8);
  }

  /** Returns the columns of the rows, without their numbers. */
  static Schema columns(Schema table, CrossRowRules rules) {
    List<Types.NestedField> columns = new ArrayList<>();
    rules.columns().forEach(column -> columns.add(table.columns().get(column)));
    columns.add(
        Types.NestedField.optional(table.highestFieldId() + 1, RULES, Types.StringType.get()));
    return new Schema(columns);
  }

  /**
   * Adds rows of a batch, which is not retained.
   *
   * @param numbers returns the number of a row in the input
   * @param tolerated the rows that break rules which tolerate some
   * @param broken returns the IDs of these rules
   */
  void add(
      VectorBatch batch,
      RowMask published,
      IntToLongFunction numbers,
      RowMask tolerated,
      IntFunction<List<String>> broken) {
    int[] rows = (rules.ofAllRows() ? published : tolerated).numbers();
    if (rows.length == 0) {
      return;
    }
    List<Vector> vectors = new ArrayList<>();
    rules.columns().forEach(column -> vectors.add(batch.vector(column).gather(rows)));
    BytesVector texts = new BytesVector();
    long[] rowNumbers = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      rowNumbers[i] = numbers.applyAsLong(rows[i]);
      if (tolerated.get(rows[i])) {
        texts.append(
            String.join(SEPARATOR, broken.apply(rows[i])).getBytes(StandardCharsets.UTF_8));
      } else {
        texts.appendNull();
      }
    }
    vectors.add(texts);
    VectorBatch added = new VectorBatch(columns, vectors, rows.length);
    keys.values().forEach(each -> each.add(added));
    count += rows.length;
    anyTolerated |= texts.nullCount() < rows.length;
    files.write(RowNumbers.numbered(added, rowNumbers, numbered));
  }

  /** Returns the rules of a row of a batch with these columns. */
  static List<String> rulesOf(VectorBatch batch, int row) {
    Vector texts = batch.vector(batch.vectors().size() - 1);
    Object text = VectorBatch.value(Types.StringType.get(), texts, row);
    return text == null ? List.of() : List.of(text.toString().split(SEPARATOR, -1));
  }

  OfPart finish() {
    return new OfPart(
        files.finish().stream().map(DataFileEntry::location).toList(), count, anyTolerated, keys);
  }

  /**
   * The rows of a part.
   *
   * @param files locations
   * @param rows number of rows
   * @param anyTolerated whether a row breaks a rule that tolerates some
   * @param keys the keys in each rule by its ID, if only uniqueness rules need the rows
   */
  record OfPart(
      List<String> files, long rows, boolean anyTolerated, TreeMap<String, KeyIntervals> keys)
      implements Serializable {
    static final OfPart NONE = new OfPart(List.of(), 0, false, new TreeMap<>());
  }

  void abandon() {
    files.abandon();
  }
}
