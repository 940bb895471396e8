package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a column chunk of another file, which was decoded completely.
 *
 * @param codec their compression
 * @param values the number of their values in the footer, nulls included
 * @param headers their headers in order, each with a checksum and without statistics
 * @param bodies returns the bytes of a page by its number, followed by any others
 */
public record CopiedChunk(
    CompressionCodec codec, long values, List<PageHeader> headers, IntFunction<byte[]> bodies) {

  /** Returns true for a page with values of the column. */
  static boolean isData(PageHeader header) {
    return header.getType() == PageType.DATA_PAGE || header.getType() == PageType.DATA_PAGE_V2;
  }

  /** Returns the number of values of a page with values, nulls included. */
  static int valueCount(PageHeader header) {
    return header.getType() == PageType.DATA_PAGE
        ? header.getData_page_header().getNum_values()
        : header.getData_page_header_v2().getNum_values();
  }

  private static Encoding encoding(PageHeader header) {
    return switch (header.getType()) {
      case DATA_PAGE -> header.getData_page_header().getEncoding();
      case DATA_PAGE_V2 -> header.getData_page_header_v2().getEncoding();
      default -> header.getDictionary_page_header().getEncoding();
    };
  }

  private long valueCount() {
    return headers.stream().filter(CopiedChunk::isData).mapToLong(CopiedChunk::valueCount).sum();
  }

  /**
   * Returns why the readers of a profile need the column to be encoded again; null if they read the
   * pages unchanged.
   */
  @Nullable String refusal(ParquetLeaf leaf, EncodingProfile profile) {
    String declared = refusal(Set.of(codec), Set.of(), profile);
    if (declared != null) {
      return declared;
    }
    if (valueCount() != values) {
      return "its pages have " + valueCount() + " values, and its footer declares " + values;
    }
    for (int i = 0; i < headers.size(); i++) {
      PageHeader header = headers.get(i);
      String refusal =
          isData(header)
              ? refusal(leaf, profile, header)
              : i > 0 ? "its dictionary is not its first page" : null;
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  /**
   * Returns why the readers of a profile need a column to be encoded again, by what its footer
   * declares; null if they may read its pages unchanged.
   *
   * @param codecs its compressions
   * @param encodings the encodings of its values and levels
   */
  public static @Nullable String refusal(
      Set<CompressionCodec> codecs, Set<Encoding> encodings, EncodingProfile profile) {
    for (CompressionCodec codec : codecs) {
      switch (codec) {
        case UNCOMPRESSED, SNAPPY, GZIP, ZSTD -> {
          // Every reader has these.
        }
        default -> {
          return "it is compressed with " + codec;
        }
      }
    }
    for (Encoding encoding : encodings) {
      boolean readable =
          switch (encoding) {
            case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY -> profile == EncodingProfile.FAST;
            case DELTA_BYTE_ARRAY, BYTE_STREAM_SPLIT -> false;
            default -> true;
          };
      if (!readable) {
        return "its encoding is " + encoding;
      }
    }
    return null;
  }

  /** Returns false for encodings of levels only. */
  private static boolean isOfValues(Encoding encoding) {
    return encoding != Encoding.RLE && encoding != Encoding.BIT_PACKED;
  }

  private static @Nullable String refusal(
      ParquetLeaf leaf, EncodingProfile profile, PageHeader header) {
    if (valueCount(header) == 0) {
      return "it has a page without values";
    }
    Encoding encoding = encoding(header);
    boolean isOther =
        !isOfValues(encoding) || (encoding != Encoding.PLAIN && leaf.physical() == Type.BOOLEAN);
    if (isOther || refusal(Set.of(), Set.of(encoding), profile) != null) {
      return "its encoding is " + encoding;
    }
    int repetition = leaf.column().maxRepetitionLevel();
    if (header.getType() == PageType.DATA_PAGE) {
      DataPageHeader page = header.getData_page_header();
      boolean levels =
          (repetition == 0 || page.getRepetition_level_encoding() == Encoding.RLE)
              && (leaf.column().maxDefinitionLevel() == 0
                  || page.getDefinition_level_encoding() == Encoding.RLE);
      return levels ? null : "its levels have an encoding of old writers";
    }
    DataPageHeaderV2 page = header.getData_page_header_v2();
    boolean levels =
        page.getRepetition_levels_byte_length() == 0
            && (leaf.column().maxDefinitionLevel() > 0
                || page.getDefinition_levels_byte_length() == 0);
    return repetition == 0 && levels && profile == EncodingProfile.FAST
        ? null
        : "it has pages of the second version";
  }

  /**
   * Writes the pages at an offset of a file.
   *
   * @param measure what was measured of all values
   */
  ParquetChunkEncoding.Written writeTo(OutputStream out, long start, ColumnMeasure measure)
      throws IOException {
    ParquetLeaf leaf = measure.leaf();
    long valueCount = valueCount();
    ColumnStatistics statistics = measure.finish(valueCount);
    List<CompressedPage> indexed = measure.indexed();
    ColumnMetaData meta = new ColumnMetaData();
    List<PageLocation> locations = new ArrayList<>();
    long position = start;
    long uncompressed = 0;
    long firstRow = 0;
    for (int i = 0; i < headers.size(); i++) {
      PageHeader header = own(headers.get(i), indexed, locations.size());
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
      Util.writePageHeader(header, bytes);
      bytes.writeTo(out);
      int length = header.getCompressed_page_size();
      out.write(bodies.apply(i), 0, length);
      if (isData(header)) {
        locations.add(new PageLocation(position, bytes.size() + length, firstRow));
        firstRow += valueCount(header);
      } else {
        meta.setDictionary_page_offset(start);
      }
      if (locations.size() == 1 && isData(header)) {
        meta.setData_page_offset(position);
      }
      position += bytes.size() + length;
      uncompressed += bytes.size() + header.getUncompressed_page_size();
    }
    List<PageEncodingStats> counts = encodingCounts();
    meta.setType(leaf.physical())
        .setPath_in_schema(leaf.column().path())
        .setCodec(codec)
        .setNum_values(valueCount)
        .setTotal_uncompressed_size(uncompressed)
        .setTotal_compressed_size(position - start)
        .setStatistics(ParquetChunkEncoding.footerStatistics(leaf, statistics))
        .setEncoding_stats(counts)
        .setEncodings(ParquetChunkEncoding.encodings(counts));
    return new ParquetChunkEncoding.Written(
        new ColumnChunk(0).setMeta_data(meta),
        position,
        indexed == null ? null : ParquetChunkEncoding.columnIndex(indexed, statistics),
        indexed == null ? null : new OffsetIndex(locations),
        measure.filter());
  }

  /** Returns a header with nothing but what was read and measured. */
  private static PageHeader own(PageHeader read, @Nullable List<CompressedPage> pages, int number) {
    PageHeader own =
        new PageHeader(
            read.getType(), read.getUncompressed_page_size(), read.getCompressed_page_size());
    own.setCrc(read.getCrc());
    switch (read.getType()) {
      case DATA_PAGE -> {
        DataPageHeader page = read.getData_page_header();
        own.setData_page_header(
            new DataPageHeader(
                page.getNum_values(), page.getEncoding(), Encoding.RLE, Encoding.RLE));
      }
      case DATA_PAGE_V2 -> {
        DataPageHeaderV2 page = new DataPageHeaderV2(read.getData_page_header_v2());
        page.unsetStatistics();
        page.setNum_rows(page.getNum_values());
        // Only columns without lists have such pages.
        page.setNum_nulls(Objects.requireNonNull(pages).get(number).nulls());
        own.setData_page_header_v2(page);
      }
      default -> {
        DictionaryPageHeader page = read.getDictionary_page_header();
        own.setDictionary_page_header(
            new DictionaryPageHeader(page.getNum_values(), page.getEncoding()));
      }
    }
    return own;
  }

  private List<PageEncodingStats> encodingCounts() {
    Map<PageType, Map<Encoding, Integer>> counts = new LinkedHashMap<>();
    for (PageHeader header : headers) {
      counts
          .computeIfAbsent(header.getType(), type -> new TreeMap<>())
          .merge(encoding(header), 1, Integer::sum);
    }
    List<PageEncodingStats> stats = new ArrayList<>();
    counts.forEach(
        (type, encodings) ->
            encodings.forEach(
                (encoding, count) -> stats.add(new PageEncodingStats(type, encoding, count))));
    return stats;
  }
}
