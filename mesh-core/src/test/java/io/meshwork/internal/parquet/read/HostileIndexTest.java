package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.parquet.schema.UnreadableFileException.Reason;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.SmallGroups;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.format.BoundaryOrder;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Page indexes that lie: what can be noticed is ignored, or is an error with its place. */
class HostileIndexTest {
  private static final int ROWS = 400;
  private static final int GROUP = 150;
  private static final int MUTANTS = Integer.getInteger("mesh.parquet.mutants", 3_000);
  private static final Schema SCHEMA =
      new Schema(
          NestedField.required(1, "key", Types.LongType.get()),
          NestedField.optional(2, "note", Types.StringType.get()),
          NestedField.optional(3, "list", Types.ListType.ofRequired(4, Types.LongType.get())));

  @TempDir Path folder;
  private Path file;
  private byte[] good;

  /** Keys in order, each with a text and a list that are derived from it. */
  @BeforeEach
  void writePagesOfSevenRows() throws IOException {
    VectorBatch batch = VectorBatch.empty(SCHEMA);
    for (int row = 0; row < ROWS; row++) {
      ((LongVector) batch.vector(0)).append(row);
      if (row % 9 == 0) {
        batch.vector(1).appendNull();
      } else {
        ((BytesVector) batch.vector(1)).append(("n" + row).getBytes(StandardCharsets.UTF_8));
      }
      ListVector lists = (ListVector) batch.vector(2);
      for (int i = 0; i < row % 4; i++) {
        ((LongVector) lists.elements()).append(row);
      }
      lists.append();
    }
    file = folder.resolve("rows.parquet");
    SmallGroups.write(file, SCHEMA, EncodingProfile.COMPATIBLE, GROUP, List.of(batch));
    good = Files.readAllBytes(file);
  }

  private static List<Object> row(int row) {
    return Arrays.asList(
        (long) row, row % 9 == 0 ? null : "n" + row, Collections.nCopies(row % 4, (long) row));
  }

  private List<List<Object>> read(BitSet chosen, int[] parts) {
    List<List<Object>> rows = new ArrayList<>();
    try (ParquetReader reader = ReadRows.open(file);
        BatchReader batches =
            reader.read(
                SCHEMA,
                ColumnMatch.BY_FIELD_ID,
                new SelectedRowsPropertyTest.ChosenKeys(1, chosen, parts))) {
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        for (int row = 0; row < batch.rows(); row++) {
          List<Object> values = new ArrayList<>();
          for (String column : batch.columns()) {
            values.add(batch.valueAt(column, row));
          }
          rows.add(values);
        }
      }
    }
    return rows;
  }

  /** Rewrites the indexes of a column, which the change gets with its chunk. */
  private void change(int column, BiConsumer<ColumnIndex, OffsetIndex> change) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN);
    int footer = good.length - 8 - buffer.getInt(good.length - 8);
    FileMetaData meta =
        Util.readFileMetaData(new ByteArrayInputStream(good, footer, good.length - 8 - footer));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(good, 0, footer);
    for (RowGroup group : meta.getRow_groups()) {
      ColumnChunk chunk = group.getColumns().get(column);
      ColumnIndex bounds = Util.readColumnIndex(at(chunk.getColumn_index_offset()));
      OffsetIndex pages = Util.readOffsetIndex(at(chunk.getOffset_index_offset()));
      change.accept(bounds, pages);
      chunk.setColumn_index_offset(out.size());
      Util.writeColumnIndex(bounds, out);
      chunk.setColumn_index_length((int) (out.size() - chunk.getColumn_index_offset()));
      chunk.setOffset_index_offset(out.size());
      Util.writeOffsetIndex(pages, out);
      chunk.setOffset_index_length((int) (out.size() - chunk.getOffset_index_offset()));
    }
    int start = out.size();
    Util.writeFileMetaData(meta, out);
    out.write(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(out.size() - start).array());
    out.write(good, good.length - 4, 4);
    Files.write(file, out.toByteArray());
  }

  private ByteArrayInputStream at(long offset) {
    return new ByteArrayInputStream(good, (int) offset, good.length - (int) offset);
  }

  /** Asserts that one row is found, and how many parts of pages the filter is asked about. */
  private void assertFound(int leastParts, int mostParts) {
    int[] parts = new int[2];
    BitSet chosen = new BitSet();
    chosen.set(77);
    chosen.set(301);
    assertThat(read(chosen, parts)).containsExactly(row(77), row(301));
    assertThat(parts[0]).isBetween(leastParts, mostParts);
  }

  private void assertIgnored(BiConsumer<ColumnIndex, OffsetIndex> change) throws IOException {
    change(0, change);
    assertFound(0, 0);
  }

  @Test
  void indexesThatContradictTheChunkAreIgnored() throws IOException {
    change(0, (bounds, pages) -> {});
    assertFound(3 * 8, 60);
    assertIgnored((bounds, pages) -> location(pages, 3).setOffset(2));
    assertIgnored((bounds, pages) -> location(pages, 3).setOffset(-5));
    assertIgnored((bounds, pages) -> location(pages, 3).setOffset(Long.MAX_VALUE - 3));
    assertIgnored((bounds, pages) -> location(pages, 3).setOffset(location(pages, 2).getOffset()));
    assertIgnored((bounds, pages) -> location(pages, 3).setCompressed_page_size(1 << 30));
    assertIgnored((bounds, pages) -> location(pages, 3).setCompressed_page_size(-1));
    assertIgnored((bounds, pages) -> location(pages, 0).setFirst_row_index(1));
    assertIgnored((bounds, pages) -> location(pages, 3).setFirst_row_index(2));
    assertIgnored((bounds, pages) -> location(pages, 3).setFirst_row_index(Long.MAX_VALUE));
    assertIgnored((bounds, pages) -> pages.getPage_locations().clear());
    assertIgnored((bounds, pages) -> pages.getPage_locations().remove(2));
  }

  private static PageLocation location(OffsetIndex pages, int page) {
    return pages.getPage_locations().get(page);
  }

  @Test
  void boundsThatContradictEachOtherAreIgnored() throws IOException {
    assertIgnored((bounds, pages) -> bounds.getMin_values().remove(0));
    assertIgnored((bounds, pages) -> bounds.getMax_values().remove(0));
    assertIgnored((bounds, pages) -> bounds.getNull_pages().add(true));
    assertIgnored((bounds, pages) -> bounds.getNull_counts().add(0L));
    assertIgnored((bounds, pages) -> bounds.getNull_counts().set(2, -1L));
    assertIgnored((bounds, pages) -> bounds.getNull_counts().set(2, 8L));
    assertIgnored((bounds, pages) -> bounds.getNull_counts().set(2, 1L));
    assertIgnored((bounds, pages) -> bounds.getNull_pages().set(2, true));
    assertIgnored((bounds, pages) -> bounds.setBoundary_order(BoundaryOrder.DESCENDING));
    assertIgnored((bounds, pages) -> swap(bounds.getMin_values(), bounds.getMax_values(), 2));
    assertIgnored((bounds, pages) -> swap(bounds.getMin_values(), 1, 2));
    // A bound of another length is unknown; the other bounds count.
    change(0, (bounds, pages) -> bounds.getMin_values().set(2, ByteBuffer.allocate(3)));
    assertFound(3 * 8, 60);
  }

  private static void swap(List<ByteBuffer> left, List<ByteBuffer> right, int page) {
    ByteBuffer value = left.get(page);
    left.set(page, right.get(page));
    right.set(page, value);
  }

  private static void swap(List<ByteBuffer> values, int page, int other) {
    Collections.swap(values, page, other);
  }

  @Test
  void anIndexThatLeadsToAnotherPlaceIsAnErrorOfItsColumn() throws IOException {
    for (int column = 0; column < 3; column++) {
      change(
          column,
          (bounds, pages) -> {
            for (PageLocation page : pages.getPage_locations()) {
              if (page.getFirst_row_index() > 40) {
                page.setOffset(page.getOffset() + 1);
                page.setCompressed_page_size(page.getCompressed_page_size() - 1);
              }
            }
          });
      assertRefused(column);
    }
    for (int column = 0; column < 2; column++) {
      change(
          column,
          (bounds, pages) -> {
            pages.getPage_locations().remove(5);
            bounds.getMin_values().remove(5);
            bounds.getMax_values().remove(5);
            bounds.getNull_pages().remove(5);
            bounds.unsetNull_counts();
          });
      BitSet chosen = new BitSet();
      chosen.set(30);
      assertThatThrownBy(() -> read(chosen, new int[2]))
          .isInstanceOf(UnreadableFileException.class)
          .hasMessageContaining("the offset index declares a page of 14 rows");
    }
  }

  private void assertRefused(int column) {
    BitSet chosen = new BitSet();
    chosen.set(80);
    assertThatThrownBy(() -> read(chosen, new int[2]))
        .isInstanceOfSatisfying(
            UnreadableFileException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.CORRUPT);
              assertThat(e.column()).startsWith(SCHEMA.columns().get(column).name());
              assertThat(e.page()).isGreaterThan(5);
            });
  }

  /**
   * A changed bound may exclude rows that it should not, as changed statistics in a footer may. But
   * cells of different rows are never mixed.
   */
  @Test
  void changedIndexesGiveRowsOfTheFileOrATypedError() throws IOException {
    long seed = Long.getLong("mesh.parquet.seed", new Random().nextLong());
    Random random = new Random(seed);
    ByteBuffer buffer = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN);
    int footer = good.length - 8 - buffer.getInt(good.length - 8);
    FileMetaData meta =
        Util.readFileMetaData(new ByteArrayInputStream(good, footer, good.length - 8 - footer));
    int indexes = (int) meta.getRow_groups().get(0).getColumns().get(0).getColumn_index_offset();
    int exact = 0;
    int refused = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = good.clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = indexes + random.nextInt(footer - indexes);
        mutant[at] =
            random.nextBoolean()
                ? (byte) (mutant[at] ^ 1 << random.nextInt(8))
                : (byte) random.nextInt();
      }
      Files.write(file, mutant);
      BitSet chosen = new BitSet();
      for (int row = random.nextInt(5); row >= 0; row--) {
        int from = random.nextInt(ROWS);
        chosen.set(from, Math.min(ROWS, from + 1 + random.nextInt(20)));
      }
      List<List<Object>> right = chosen.stream().mapToObj(HostileIndexTest::row).toList();
      try {
        List<List<Object>> rows = read(chosen, new int[2]);
        assertThat(right).as("mutant %d of -Dmesh.parquet.seed=%d", i, seed).containsAll(rows);
        exact += rows.equals(right) ? 1 : 0;
      } catch (UnreadableFileException e) {
        assertThat(e.reason()).isNotEqualTo(Reason.UNSUPPORTED);
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("mutant %d of -Dmesh.parquet.seed=%d".formatted(i, seed), e);
      }
    }
    assertThat(exact).as("of them, %d were refused", refused).isGreaterThan(MUTANTS / 2);
  }
}
