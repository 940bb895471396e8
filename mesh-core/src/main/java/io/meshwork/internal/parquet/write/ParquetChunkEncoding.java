package io.meshwork.internal.parquet.write;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.util.UUIDUtil;
import org.apache.parquet.format.BoundaryOrder;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/** An encoded column chunk that is not written yet. */
final class ParquetChunkEncoding {
  private final ParquetLeaf leaf;
  private final CompressedPages.SealedPages sealed;
  private final Statistics statistics;
  private final long valueCount;
  private final @Nullable ColumnIndex columnIndex;
  private final byte @Nullable [] filter;

  /**
   * Creates a chunk.
   *
   * @param filter its bloom filter with header; null for none
   */
  ParquetChunkEncoding(
      ParquetLeaf leaf,
      CompressedPages.SealedPages sealed,
      ColumnStatistics statistics,
      byte @Nullable [] filter) {
    this.filter = filter;
    this.leaf = leaf;
    this.sealed = sealed;
    this.valueCount = statistics.valueCount();
    this.statistics = footerStatistics(leaf, statistics);
    this.columnIndex = columnIndex(sealed.pages(), statistics);
  }

  /**
   * A chunk in the file.
   *
   * @param chunk its footer entry
   * @param end offset of its end
   * @param columnIndex bounds of its pages; null if a page with values has no bounds
   * @param offsetIndex positions of its pages; null if a page may start within a row
   * @param filter its bloom filter with header, which is not written yet; null for none
   */
  record Written(
      ColumnChunk chunk,
      long end,
      @Nullable ColumnIndex columnIndex,
      @Nullable OffsetIndex offsetIndex,
      byte @Nullable [] filter) {}

  /** Writes the pages at an offset of the file. */
  Written writeTo(OutputStream out, long start) throws IOException {
    long position = start;
    long uncompressed = 0;
    ColumnMetaData meta = new ColumnMetaData();
    if (sealed.dictionary() != null) {
      CompressedPage dictionary = sealed.dictionary();
      int header = writePage(dictionary, dictionaryHeader(dictionary), out);
      meta.setDictionary_page_offset(start);
      position += header + dictionary.body().length;
      uncompressed += header + dictionary.length();
    }
    meta.setData_page_offset(position);
    List<PageLocation> locations = new ArrayList<>(sealed.pages().size());
    for (CompressedPage page : sealed.pages()) {
      int header = writePage(page, dataHeader(page), out);
      int size = header + page.body().length;
      locations.add(new PageLocation(position, size, page.firstRow()));
      position += size;
      uncompressed += header + page.length();
    }
    List<PageEncodingStats> counts = encodingCounts();
    meta.setType(leaf.physical())
        .setPath_in_schema(leaf.column().path())
        .setCodec(sealed.codec())
        .setNum_values(valueCount)
        .setTotal_uncompressed_size(uncompressed)
        .setTotal_compressed_size(position - start)
        .setStatistics(statistics)
        .setEncoding_stats(counts)
        .setEncodings(encodings(counts));
    return new Written(
        new ColumnChunk(0).setMeta_data(meta),
        position,
        columnIndex,
        new OffsetIndex(locations),
        filter);
  }

  private static int writePage(CompressedPage page, PageHeader header, OutputStream out)
      throws IOException {
    CRC32 crc = new CRC32();
    crc.update(page.body());
    header
        .setUncompressed_page_size(page.length())
        .setCompressed_page_size(page.body().length)
        .setCrc((int) crc.getValue());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
    Util.writePageHeader(header, bytes);
    bytes.writeTo(out);
    out.write(page.body());
    return bytes.size();
  }

  private static PageHeader dataHeader(CompressedPage page) {
    return new PageHeader()
        .setType(PageType.DATA_PAGE)
        .setData_page_header(
            new DataPageHeader(page.valueCount(), page.encoding(), Encoding.RLE, Encoding.RLE));
  }

  private static PageHeader dictionaryHeader(CompressedPage page) {
    return new PageHeader()
        .setType(PageType.DICTIONARY_PAGE)
        .setDictionary_page_header(new DictionaryPageHeader(page.valueCount(), page.encoding()));
  }

  private List<PageEncodingStats> encodingCounts() {
    Map<Encoding, Integer> counts = new EnumMap<>(Encoding.class);
    for (CompressedPage page : sealed.pages()) {
      counts.merge(page.encoding(), 1, Integer::sum);
    }
    List<PageEncodingStats> stats = new ArrayList<>();
    if (sealed.dictionary() != null) {
      stats.add(new PageEncodingStats(PageType.DICTIONARY_PAGE, Encoding.PLAIN, 1));
    }
    counts.forEach(
        (encoding, count) -> stats.add(new PageEncodingStats(PageType.DATA_PAGE, encoding, count)));
    return stats;
  }

  static List<Encoding> encodings(List<PageEncodingStats> counts) {
    List<Encoding> encodings = new ArrayList<>();
    // The encoding of levels.
    encodings.add(Encoding.RLE);
    for (PageEncodingStats count : counts) {
      if (!encodings.contains(count.getEncoding())) {
        encodings.add(count.getEncoding());
      }
    }
    return encodings;
  }

  static Statistics footerStatistics(ParquetLeaf leaf, ColumnStatistics seen) {
    Statistics statistics = new Statistics().setNull_count(seen.nulls());
    Type type = leaf.field().type();
    boolean isUuid = type.typeId() == Type.TypeID.UUID;
    ColumnStatistics.Bound lower = isUuid ? uuid(seen.icebergLower(type)) : seen.lower();
    if (lower != null) {
      statistics.setMin_value(lower.bytes()).setIs_min_value_exact(lower.exact());
    }
    ColumnStatistics.Bound upper = isUuid ? uuid(seen.icebergUpper(type)) : seen.upper();
    if (upper != null) {
      statistics.setMax_value(upper.bytes()).setIs_max_value_exact(upper.exact());
    }
    return switch (leaf.physical()) {
      case FLOAT, DOUBLE -> statistics.setNan_count(seen.nans());
      default -> statistics;
    };
  }

  /**
   * Returns a bound of Iceberg's metrics: its Java library also skips row groups by the signed
   * order. It does not read the bounds of pages.
   */
  private static ColumnStatistics.@Nullable Bound uuid(@Nullable Object bound) {
    return bound == null ? null : new ColumnStatistics.Bound(UUIDUtil.convert((UUID) bound), true);
  }

  static @Nullable ColumnIndex columnIndex(List<CompressedPage> pages, ColumnStatistics order) {
    List<Boolean> empty = new ArrayList<>(pages.size());
    List<ByteBuffer> lower = new ArrayList<>(pages.size());
    List<ByteBuffer> upper = new ArrayList<>(pages.size());
    List<Long> nulls = new ArrayList<>(pages.size());
    boolean ascending = true;
    boolean descending = true;
    CompressedPage last = null;
    for (CompressedPage page : pages) {
      boolean nothing = page.nulls() == page.valueCount();
      byte[] low = nothing ? new byte[0] : page.lower();
      byte[] high = nothing ? new byte[0] : page.upper();
      if (low == null || high == null) {
        return null;
      }
      empty.add(nothing);
      lower.add(ByteBuffer.wrap(low));
      upper.add(ByteBuffer.wrap(high));
      nulls.add((long) page.nulls());
      if (!nothing) {
        int lows = last == null ? 0 : compare(order, last.lower(), low);
        int highs = last == null ? 0 : compare(order, last.upper(), high);
        ascending &= lows <= 0 && highs <= 0;
        descending &= lows >= 0 && highs >= 0;
        last = page;
      }
    }
    BoundaryOrder boundary =
        ascending
            ? BoundaryOrder.ASCENDING
            : descending ? BoundaryOrder.DESCENDING : BoundaryOrder.UNORDERED;
    return new ColumnIndex(empty, lower, upper, boundary).setNull_counts(nulls);
  }

  private static int compare(ColumnStatistics order, byte @Nullable [] left, byte[] right) {
    return left == null ? 0 : order.compare(left, right);
  }
}
