package io.meshwork.internal.parquet.read;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Util;

/** Inserts empty row groups into files, as various writers leave them. */
public final class EmptyGroups {
  /** How a footer describes the columns of an empty row group. */
  public enum Style {
    /** A dictionary page and no data page, at offset 0: pyarrow, and so pandas. */
    DICTIONARY_ALONE,
    /** No pages, at offset 0. */
    NOWHERE,
    /** No pages, at the start of the next row group or at the end of the data. */
    BEHIND_ALL,
    /** No metadata. */
    UNDESCRIBED,
    /** No columns. */
    NO_COLUMNS
  }

  private EmptyGroups() {}

  /** Inserts at least one at random positions. */
  public static void scatter(Path file, Random random) {
    Style[] styles = Style.values();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      add(file, styles[random.nextInt(styles.length)], random.nextInt(1 << 20));
    }
  }

  /** Inserts one; the position is taken modulo the number of positions. */
  public static void add(Path file, Style style, int place) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      int start = footerStart(bytes);
      FileMetaData meta =
          Util.readFileMetaData(new ByteArrayInputStream(bytes, start, bytes.length - 8 - start));
      List<RowGroup> groups = new ArrayList<>(meta.getRow_groups());
      groups.add(place % (groups.size() + 1), empty(meta, style, start));
      meta.setRow_groups(groups);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(bytes, 0, start);
      Util.writeFileMetaData(meta, out);
      int length = out.size() - start;
      out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
      out.write(bytes, bytes.length - 4, 4);
      Files.write(file, out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int footerStart(byte[] file) {
    return file.length
        - 8
        - ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 8);
  }

  private static RowGroup empty(FileMetaData meta, Style style, int end) {
    List<ColumnChunk> chunks = new ArrayList<>();
    List<String> path = new ArrayList<>();
    List<Integer> left = new ArrayList<>();
    for (SchemaElement element : meta.getSchema().subList(1, meta.getSchema().size())) {
      path.add(element.getName());
      if (element.isSetNum_children() && element.getNum_children() > 0) {
        left.add(element.getNum_children());
        continue;
      }
      if (style != Style.NO_COLUMNS) {
        chunks.add(chunk(element, List.copyOf(path), style, end));
      }
      path.remove(path.size() - 1);
      while (!left.isEmpty()) {
        int more = left.remove(left.size() - 1) - 1;
        if (more > 0) {
          left.add(more);
          break;
        }
        path.remove(path.size() - 1);
      }
    }
    return new RowGroup(chunks, style == Style.DICTIONARY_ALONE ? 15L * chunks.size() : 0, 0);
  }

  private static ColumnChunk chunk(SchemaElement leaf, List<String> path, Style style, int end) {
    ColumnChunk chunk = new ColumnChunk(style == Style.DICTIONARY_ALONE ? 4 : 0);
    if (style == Style.UNDESCRIBED) {
      return chunk;
    }
    long bytes = style == Style.DICTIONARY_ALONE ? 15 : 0;
    ColumnMetaData meta =
        new ColumnMetaData(
            leaf.getType(),
            List.of(Encoding.PLAIN, Encoding.RLE),
            path,
            CompressionCodec.SNAPPY,
            0,
            bytes,
            bytes,
            style == Style.BEHIND_ALL ? end : 0);
    if (style == Style.DICTIONARY_ALONE) {
      meta.setDictionary_page_offset(4);
      meta.setStatistics(new Statistics().setNull_count(0));
    }
    return chunk.setMeta_data(meta);
  }
}
